import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation.signs import conflicts, sign_concordance

SIGN = st.sampled_from([-1, 0, 1])


def concordance(predicted, told, regulators=None):
    groups = np.zeros(len(predicted), int) if regulators is None else np.array(regulators)
    return sign_concordance(np.array(predicted, np.int8), np.array(told, np.int8), groups, seed=1)


def test_only_pairs_with_both_signs_are_compared():
    found = concordance([1, 1, -1, 0, 1], [1, -1, -1, 1, 0])
    assert (found.num_compared, found.num_agreeing) == (3, 2)
    assert found.rate == pytest.approx(2 / 3)


def test_a_network_that_only_activates_agrees_by_chance_alone():
    found = concordance([1] * 10, [1] * 8 + [-1] * 2)
    assert found.rate == pytest.approx(0.8)
    assert found.expected == pytest.approx(0.8)
    assert found.kappa == pytest.approx(0)


@given(st.lists(st.tuples(SIGN, SIGN), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_agreement_is_counted_pair_by_pair_and_turns_round_with_the_signs(pairs):
    ours, theirs = (list(side) for side in zip(*pairs, strict=True))
    both = [(a, b) for a, b in pairs if a and b]
    found, turned = concordance(ours, theirs), concordance([-a for a in ours], theirs)
    assert found.num_compared == turned.num_compared == len(both)
    if both:
        assert found.rate == pytest.approx(sum(a == b for a, b in both) / len(both))
        assert found.rate + turned.rate == pytest.approx(1)
    else:
        assert np.isnan([found.rate, *found.interval]).all()


def test_the_interval_is_one_over_regulators():
    apart = concordance([1] * 40, [1] * 20 + [-1] * 20, np.repeat([0, 1], 20))
    mixed = concordance([1] * 40, [1] * 20 + [-1] * 20, np.tile(np.arange(20), 2))
    assert apart.interval.high - apart.interval.low > mixed.interval.high - mixed.interval.low


def test_signs_that_are_none_are_refused():
    with pytest.raises(InputError, match="signs -1, 0 or 1"):
        concordance([2], [1])
    with pytest.raises(InputError, match="one sign a pair"):
        concordance([1, 1], [1])


def claims(*rows):
    return pd.DataFrame(rows, columns=["code", "sign", "pmids"])


def test_conflicts_name_who_says_what_and_put_the_best_documented_first():
    found = conflicts(
        {
            "a": claims((1, 1, ["p1"]), (2, 1, ["p1", "p2"]), (2, -1, ["p3"]), (3, 1, [])),
            "b": claims((1, -1, []), (2, -1, ["p3", "p4"]), (3, 0, ["p9"])),
        }
    )
    assert found["code"].tolist() == [2, 1]
    assert found["activating"].tolist() == [["a"], ["a"]]
    assert found["repressing"].tolist() == [["a", "b"], ["b"]]
    assert found[["num_pmids_up", "num_pmids_down"]].to_numpy().tolist() == [[2, 2], [1, 0]]


def test_without_signs_there_is_no_conflict():
    assert conflicts({"a": claims((1, 0, []))}).empty
    assert conflicts({}).columns.tolist() == conflicts({"a": claims((1, 1, []))}).columns.tolist()
