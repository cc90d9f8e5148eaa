import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation.splits import (
    Split,
    database_split,
    edge_split,
    novel_pairs,
    regulator_split,
    target_split,
)
from graph.validation.universe import Universe

UNIVERSE = Universe.of([f"t{i}" for i in range(20)], [f"g{i}" for i in range(30)])


def some_codes(seed, size=200):
    return np.random.default_rng(seed).choice(UNIVERSE.num_codes, size=size, replace=False)


@given(st.integers(0, 100), st.sampled_from(["edge", "regulator", "target"]))
def test_every_edge_is_in_exactly_one_part(seed, kind):
    codes = some_codes(seed)
    split = {
        "edge": lambda: edge_split(codes, seed=seed),
        "regulator": lambda: regulator_split(codes, UNIVERSE, seed=seed),
        "target": lambda: target_split(codes, UNIVERSE, seed=seed),
    }[kind]()
    assert sorted([*split.train, *split.test]) == list(range(len(codes)))
    assert split.left_out.size == 0


def test_an_edge_split_holds_out_its_share_and_is_the_same_for_a_seed():
    codes = some_codes(0)
    split, again, other = (edge_split(codes, test_rate=0.2, seed=seed) for seed in (42, 42, 43))
    assert len(split.test) == 40
    assert np.array_equal(split.test, again.test)
    assert not np.array_equal(split.test, other.test)


def test_no_judged_regulator_was_seen():
    codes = some_codes(1)
    split = regulator_split(codes, UNIVERSE, seed=42)
    train, test = codes[split.train] // 30, codes[split.test] // 30
    assert not set(train) & set(test)
    assert len(set(test)) == 4


def test_no_judged_target_was_seen():
    codes = some_codes(2)
    split = target_split(codes, UNIVERSE, seed=42)
    assert not set(codes[split.train] % 30) & set(codes[split.test] % 30)
    assert len(set(codes[split.test] % 30)) == 6


def test_a_database_split_judges_only_what_the_first_database_lacks():
    codes = np.array([1, 2, 3, 2, 3, 4, 5])
    sources = np.array(["a", "a", "a", "b", "b", "b", "c"])
    split = database_split(codes, sources, train_source="a", test_source="b")
    assert split.train.tolist() == [0, 1, 2]
    assert split.test.tolist() == [5]
    assert split.left_out.tolist() == [3, 4, 6]


def test_novel_pairs_are_those_that_are_not_known():
    assert novel_pairs(np.array([4, 2, 9, 2]), np.array([2, 3])).tolist() == [4, 9]


def test_repeated_pairs_are_refused_since_they_could_be_on_both_sides():
    with pytest.raises(InputError, match="found 1 repeats"):
        edge_split(np.array([1, 2, 2]), seed=1)


@pytest.mark.parametrize("test_rate", [0, 1, 1.5, float("nan")])
def test_a_rate_outside_0_and_1_is_refused(test_rate):
    with pytest.raises(InputError, match="test_rate"):
        edge_split(some_codes(0), test_rate=test_rate, seed=1)


def test_parts_that_overlap_miss_rows_or_are_empty_are_refused():
    none = np.empty(0, dtype=np.int64)
    with pytest.raises(InputError, match="exactly once"):
        Split(3, np.array([0, 1]), np.array([1, 2]), none)
    with pytest.raises(InputError, match="exactly once"):
        Split(3, np.array([0]), np.array([2]), none)
    with pytest.raises(InputError, match="test is empty"):
        edge_split(np.array([1, 2]), test_rate=0.1, seed=1)


def test_a_database_without_novel_pairs_is_refused():
    with pytest.raises(InputError, match="test is empty"):
        database_split(np.array([1, 1]), np.array(["a", "b"]), train_source="a", test_source="b")
    with pytest.raises(InputError, match="one source id a code"):
        database_split(np.array([1, 1]), np.array(["a"]), train_source="a", test_source="b")
