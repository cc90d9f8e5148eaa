import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation.universe import Universe

UNIVERSE = Universe(("A", "B"), ("x", "A", "y"))


def table(*pairs):
    return pd.DataFrame(pairs, columns=["source", "target"])


def test_a_pair_has_the_code_t_times_g_plus_g():
    assert UNIVERSE.encode(table(("B", "A"))).codes.tolist() == [1 * 3 + 1]


def test_encoding_drops_and_counts_pairs_outside_self_pairs_and_repeats():
    pairs = UNIVERSE.encode(
        table(("B", "y"), ("A", "x"), ("A", "x"), ("A", "A"), ("x", "A"), ("A", "z"), (None, "x"))
    )
    assert pairs.codes.tolist() == [0, 5]
    assert (pairs.num_rows, pairs.num_outside, pairs.num_self, pairs.num_repeated) == (7, 3, 1, 1)


def test_an_empty_table_has_no_codes():
    pairs = UNIVERSE.encode(table())
    assert (len(pairs.codes), pairs.num_rows, pairs.num_outside) == (0, 0, 0)


@given(st.sets(st.integers(0, 5)))
def test_decoding_undoes_encoding_of_all_but_self_pairs(chosen):
    codes = np.array(sorted(chosen - {1}), dtype=np.int64)
    assert UNIVERSE.encode(UNIVERSE.decode(codes)).codes.tolist() == codes.tolist()


def test_self_pairs_and_training_edges_are_no_candidates():
    candidates = UNIVERSE.candidates(np.array([0, 5]))
    assert candidates.tolist() == [[False, False, True], [True, True, False]]


def test_prevalence_counts_candidates_only():
    assert UNIVERSE.prevalence(np.array([2]), np.array([0, 5])) == pytest.approx(1 / 3)
    assert UNIVERSE.prevalence(np.array([0, 1, 2]), np.array([0, 5])) == pytest.approx(1 / 3)
    assert np.isnan(UNIVERSE.prevalence(np.array([2]), np.arange(6)))


def test_rows_and_columns_of_codes_cover_the_mask():
    assert UNIVERSE.mask(UNIVERSE.regulator_codes(np.array([1]))).tolist() == [[False] * 3, [True] * 3]
    assert UNIVERSE.mask(UNIVERSE.target_codes(np.array([0, 2]))).tolist() == [[True, False, True]] * 2


def test_codes_of_another_universe_are_refused():
    with pytest.raises(InputError, match=r"excluded: expected codes in \[0, 6\)"):
        UNIVERSE.candidates(np.array([6]))
    with pytest.raises(InputError, match="expected integer pair codes"):
        UNIVERSE.mask(np.array([0.5]))


def test_all_faults_of_the_ids_are_listed_at_once():
    with pytest.raises(InputError) as caught:
        Universe(("A", "A", ""), ())
    assert len(caught.value.faults) == 3


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="missing: target"):
        UNIVERSE.encode(pd.DataFrame({"source": ["A"]}))
