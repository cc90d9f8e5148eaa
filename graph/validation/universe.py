"""The pairs that a network is judged on: regulators x targets, self pairs never."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graph.errors import InputError

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Matrix = NDArray[np.floating]


@dataclass(frozen=True)
class EncodedPairs:
    """Pairs of a table that lie in a universe, and the count of those that do not.

    Attributes
    ----------
    codes
        Unique flat codes, sorted, ``(num_pairs,)``.
    num_rows
        Rows of the table; ``num_outside + num_self + num_repeated + len(codes)``.
    num_outside
        Rows whose source is no regulator or whose target is no target of the universe.
    num_self
        Rows inside the universe whose source is their target.
    num_repeated
        Rows that name a pair again.
    """

    codes: Codes
    num_rows: int
    num_outside: int
    num_self: int
    num_repeated: int


@dataclass(frozen=True)
class Universe:
    """All pairs of T regulators and G targets; pair (t, g) has the flat code ``t * G + g``.

    Parameters
    ----------
    regulators
        Gene ids of the regulators, unique, length T.
    targets
        Gene ids of the targets, unique, length G; expressed and annotated genes.

    Raises
    ------
    InputError
        An id is empty or occurs twice, or there is none.
    """

    regulators: tuple[str, ...]
    targets: tuple[str, ...]

    def __post_init__(self) -> None:
        faults = [
            *_id_faults("regulators", self.regulators),
            *_id_faults("targets", self.targets),
        ]
        if faults:
            raise InputError("a universe needs unique, non-empty ids", faults=faults)

    @classmethod
    def of(cls, regulators: Iterable[str], targets: Iterable[str]) -> "Universe":
        """Return the universe of any two collections of ids, such as arrays, columns and indices."""
        return cls(tuple(map(str, regulators)), tuple(map(str, targets)))

    @property
    def num_regulators(self) -> int:
        """Number of regulators, T."""
        return len(self.regulators)

    @property
    def num_targets(self) -> int:
        """Number of targets, G."""
        return len(self.targets)

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of a score matrix, ``(T, G)``."""
        return self.num_regulators, self.num_targets

    @property
    def num_codes(self) -> int:
        """Number of flat codes, self pairs included."""
        return self.num_regulators * self.num_targets

    def encode(self, frame: pd.DataFrame) -> EncodedPairs:
        """Return the codes of a table's ``source`` and ``target`` columns.

        Raises
        ------
        InputError
            A column is missing.
        """
        rows = self.row_codes(frame)
        inside = rows[rows >= 0]
        proper = inside[~np.isin(inside, self.self_codes())]
        codes = np.unique(proper)
        return EncodedPairs(
            codes=codes,
            num_rows=len(frame),
            num_outside=len(rows) - len(inside),
            num_self=len(inside) - len(proper),
            num_repeated=len(proper) - len(codes),
        )

    def row_codes(self, frame: pd.DataFrame) -> Codes:
        """Return one code a row of a ``source, target`` table, -1 for rows outside, ``(num_rows,)``."""
        missing = sorted({"source", "target"} - set(frame.columns))
        if missing:
            raise InputError(f"expected columns source, target; missing: {', '.join(missing)}")
        t = pd.Index(self.regulators).get_indexer(pd.Index(frame["source"]))
        g = pd.Index(self.targets).get_indexer(pd.Index(frame["target"]))
        codes = t.astype(np.int64) * self.num_targets + g
        return np.where((t >= 0) & (g >= 0), codes, -1)

    def decode(self, codes: Codes) -> pd.DataFrame:
        """Return the ``source, target`` table of flat codes, one row a code."""
        t, g = np.divmod(self.checked(codes, "codes"), self.num_targets)
        return pd.DataFrame(
            {"source": np.asarray(self.regulators)[t], "target": np.asarray(self.targets)[g]}, dtype=object
        )

    def self_codes(self) -> Codes:
        """Return the codes of the pairs whose regulator is their target, ``(num_self,)``."""
        g = pd.Index(self.targets).get_indexer(pd.Index(self.regulators))
        t = np.flatnonzero(g >= 0)
        return (t * self.num_targets + g[t]).astype(np.int64)

    def regulator_codes(self, regulators: NDArray[np.integer]) -> Codes:
        """Return all codes of some regulators, given by index; to exclude them from an exam."""
        rows = np.asarray(regulators, dtype=np.int64)
        return (rows[:, None] * self.num_targets + np.arange(self.num_targets)).ravel()

    def target_codes(self, targets: NDArray[np.integer]) -> Codes:
        """Return all codes of some targets, given by index; to exclude them from an exam."""
        columns = np.asarray(targets, dtype=np.int64)
        return (np.arange(self.num_regulators)[:, None] * self.num_targets + columns).ravel()

    def checked(self, codes: Codes, name: str) -> Codes:
        """Return the codes as int64.

        Raises
        ------
        InputError
            A code is not an integer in [0, T * G).
        """
        array = np.asarray(codes)
        if array.size == 0:
            return array.astype(np.int64)
        if not np.issubdtype(array.dtype, np.integer):
            raise InputError(f"{name}: expected integer pair codes, found {array.dtype}")
        if array.min() < 0 or array.max() >= self.num_codes:
            raise InputError(
                f"{name}: expected codes in [0, {self.num_codes:,}), found {array.min()} to {array.max()}",
                hint="encode the pairs with this universe",
            )
        return array.astype(np.int64)

    def mask(self, codes: Codes, name: str = "codes") -> Mask:
        """Return a matrix that is True at the codes, ``(T, G)``."""
        flat = np.zeros(self.num_codes, dtype=np.bool_)
        flat[self.checked(codes, name)] = True
        return flat.reshape(self.shape)

    def candidates(self, excluded: Codes) -> Mask:
        """Return the pairs to be judged, ``(T, G)``: neither self pairs nor excluded ones.

        Training edges are excluded: they are no candidates, and never negatives.
        """
        return ~self.mask(np.concatenate([self.self_codes(), self.checked(excluded, "excluded")]))

    def prevalence(self, positives: Codes, excluded: Codes) -> float:
        """Return the share of candidates that are positives, in [0, 1]; NaN without candidates."""
        candidates = self.candidates(excluded)
        num_candidates = int(candidates.sum())
        num_positives = int((self.mask(positives, "positives") & candidates).sum())
        return num_positives / num_candidates if num_candidates else float("nan")


def _id_faults(name: str, ids: tuple[str, ...]) -> list[str]:
    if not ids:
        return [f"{name}: none given"]
    index = pd.Index(ids)
    repeated = index[index.duplicated()].unique()
    faults = [f"{name}: {gene} occurs more than once" for gene in repeated]
    return faults + ([f"{name}: an id is empty"] if "" in index else [])
