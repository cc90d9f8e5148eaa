"""Which edges are learnt from and which are judged: edge, regulator, target and database splits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError
from graph.validation.universe import Codes, Universe

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Row numbers of a list of edges: each row is in exactly one part.

    Attributes
    ----------
    num_edges
        Length of the list that was split.
    train, test
        Sorted row numbers.
    left_out
        Rows that belong to neither part; empty but for the ``database`` split.

    Raises
    ------
    InputError
        The parts overlap, miss a row, or train or test is empty.
    """

    num_edges: int
    train: Indices
    test: Indices
    left_out: Indices

    def __post_init__(self) -> None:
        parts = np.sort(np.concatenate([self.train, self.test, self.left_out]))
        faults = [f"{name} is empty" for name in ("train", "test") if len(getattr(self, name)) == 0]
        if not np.array_equal(parts, np.arange(self.num_edges)):
            faults.append(f"the parts are not each of the {self.num_edges:,} rows exactly once")
        if faults:
            raise InputError("not a split", faults=faults, hint="give more edges or another test_rate")


def edge_split(codes: Codes, *, test_rate: float = 0.2, seed: int) -> Split:
    """Return a random split of the edges, for comparison with published figures.

    Parameters
    ----------
    codes
        Flat pair codes, unique: a pair that occurred twice could be in both parts.
    test_rate
        Share of the edges that is judged, in (0, 1).

    Raises
    ------
    InputError
        A pair occurs twice, the rate is out of range, or a part is empty.
    """
    _refuse_repeats(codes)
    chosen = _choose(len(codes), test_rate=test_rate, seed=seed)
    return _split_by(np.isin(np.arange(len(codes)), chosen))


def regulator_split(codes: Codes, universe: Universe, *, test_rate: float = 0.2, seed: int) -> Split:
    """Return a split in which no judged regulator has a training edge; the rate is one of regulators."""
    _refuse_repeats(codes)
    return _group_split(universe.checked(codes, "codes") // universe.num_targets, test_rate, seed)


def target_split(codes: Codes, universe: Universe, *, test_rate: float = 0.2, seed: int) -> Split:
    """Return a split in which no judged target has a training edge; the rate is one of targets."""
    _refuse_repeats(codes)
    return _group_split(universe.checked(codes, "codes") % universe.num_targets, test_rate, seed)


def database_split(
    codes: Codes, source_ids: NDArray[np.str_], *, train_source: str, test_source: str
) -> Split:
    """Return a split that trains on one database and judges the pairs of another that the first lacks.

    Parameters
    ----------
    codes, source_ids
        One row a pair and database, ``(num_edges,)`` each; unique within a database.

    Raises
    ------
    InputError
        A database has no row or no novel pair, or names a pair twice.
    """
    sources = np.asarray(source_ids, dtype=object)
    if len(sources) != len(codes):
        raise InputError(f"expected one source id a code: {len(codes):,} codes, {len(sources):,} ids")
    in_train, in_test = sources == train_source, sources == test_source
    for part in (in_train, in_test):
        _refuse_repeats(codes[part])
    novel = in_test & ~in_train & ~np.isin(codes, codes[in_train])
    rows = np.arange(len(codes))
    return Split(len(codes), rows[in_train], rows[novel], rows[~in_train & ~novel])


def novel_pairs(codes: Codes, known: Codes) -> Codes:
    """Return the codes that are not known, sorted and unique: what a second database adds."""
    return np.setdiff1d(codes, known)


def _group_split(groups: Indices, test_rate: float, seed: int) -> Split:
    names = np.unique(groups)
    chosen = names[_choose(len(names), test_rate=test_rate, seed=seed)]
    return _split_by(np.isin(groups, chosen))


def _choose(num_items: int, *, test_rate: float, seed: int) -> Indices:
    if not 0 < test_rate < 1:
        raise InputError(f"expected a test_rate between 0 and 1, found {test_rate}")
    order = np.random.default_rng(seed).permutation(num_items)
    return order[: round(num_items * test_rate)]


def _split_by(is_test: NDArray[np.bool_]) -> Split:
    none = np.empty(0, dtype=np.int64)
    return Split(len(is_test), np.flatnonzero(~is_test), np.flatnonzero(is_test), none)


def _refuse_repeats(codes: Codes) -> None:
    num_repeated = len(codes) - len(np.unique(codes))
    if num_repeated:
        raise InputError(
            f"expected every pair once, found {num_repeated:,} repeats among {len(codes):,}",
            hint="Universe.encode returns unique codes",
        )
