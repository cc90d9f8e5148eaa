import numpy as np
import pandas as pd
import pytest

from graph.errors import InputError
from graph.validation.network import network_scores
from graph.validation.universe import Universe

UNIVERSE = Universe(("A", "B"), ("x", "A", "y"))


def table(*rows, columns=("source", "target", "weight")):
    return pd.DataFrame(rows, columns=list(columns))


def test_unreturned_pairs_tie_at_the_lowest_score():
    network = network_scores(table(("A", "x", 0.5), ("B", "y", 0.0), ("B", "A", 7.0)), UNIVERSE)
    assert network.scores.tolist() == [[2, 0, 0], [0, 3, 1]]
    assert network.scores.dtype == np.float32
    assert network.num_returned == 3


def test_weights_that_differ_only_in_float64_keep_their_order():
    network = network_scores(table(("A", "x", 1.0), ("A", "y", 1.0 + 1e-12)), UNIVERSE)
    assert network.scores[0, 2] > network.scores[0, 0] > network.scores[1, 0]


def test_equal_weights_tie():
    network = network_scores(table(("A", "x", 3), ("B", "x", 3)), UNIVERSE)
    assert network.scores[0, 0] == network.scores[1, 0] == 1


def test_a_pair_that_is_named_twice_keeps_its_highest_weight_and_the_sign_of_that_row():
    columns = ("source", "target", "weight", "sign")
    rows = [("A", "x", 2.0, -1), ("A", "x", 1.0, 1), ("A", "y", 1.5, 1)]
    network = network_scores(table(*rows, columns=columns), UNIVERSE)
    assert network.scores[0].tolist() == [3, 0, 2]
    assert network.signs[0].tolist() == [-1, 0, 1]
    assert network.num_repeated == 1


def test_rows_outside_and_self_pairs_are_dropped_and_counted():
    network = network_scores(table(("A", "x", 1), ("A", "A", 9), ("Z", "x", 9)), UNIVERSE)
    assert (network.num_rows, network.num_outside, network.num_self) == (3, 1, 1)
    assert network.scores.sum() == 1


def test_a_negative_weight_needs_a_meaning():
    frame = table(("A", "x", -2), ("A", "y", 1))
    with pytest.raises(InputError, match=r"row 0: weight -2 is negative"):
        network_scores(frame, UNIVERSE)
    by_size = network_scores(frame, UNIVERSE, negative_weights="magnitude")
    assert by_size.scores[0].tolist() == [2, 0, 1]
    assert by_size.signs[0].tolist() == [-1, 0, 1]
    assert network_scores(frame, UNIVERSE, negative_weights="value").scores[0].tolist() == [1, 0, 2]


def test_the_column_score_of_other_suites_is_read():
    frame = table(("A", "x", 1), columns=("source", "target", "score"))
    assert network_scores(frame, UNIVERSE).scores[0, 0] == 1


def test_all_faults_are_listed_at_once():
    columns = ("source", "target", "weight", "sign")
    frame = table(
        ("A", "x", "high", 1), ("A", "y", np.inf, 2), ("B", "x", -1, None), ("B", "y", 1, 0), columns=columns
    )
    with pytest.raises(InputError) as caught:
        network_scores(frame, UNIVERSE)
    assert caught.value.faults == (
        "row 0: weight high is no finite number",
        "row 1: weight inf is no finite number",
        "row 1: sign 2.0 is not -1, 0 or 1",
        "row 2: sign nan is not -1, 0 or 1",
        "row 2: weight -1 is negative",
    )


def test_missing_columns_are_named():
    with pytest.raises(InputError) as caught:
        network_scores(pd.DataFrame({"source": ["A"]}), UNIVERSE)
    assert caught.value.faults == ("target is missing", "weight is missing")


def test_a_network_with_other_identifiers_is_refused():
    with pytest.raises(InputError, match="use gene ids like A -> x"):
        network_scores(table(("a", "X", 1)), UNIVERSE)


def test_the_table_is_left_as_it_was():
    frame = table(("A", "x", 1), ("A", "y", 2))
    before = frame.copy()
    network_scores(frame, UNIVERSE)
    pd.testing.assert_frame_equal(frame, before)
