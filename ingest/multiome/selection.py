"""Cells and features of a matrix, in an order of their own, read in blocks of whole cells."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from graph.errors import InputError
from ingest.multiome.matrix import Entries, Integers, Matrix

SHOWN = 20
BYTES_PER_ENTRY = 100
"""What an entry of a block takes at most while it is read, moved, summed and written."""


@dataclass(frozen=True)
class Selection:
    """Some cells and features of a matrix.

    Parameters
    ----------
    cells
        Shape (rows of the matrix,): the row of the selection, or -1.
    features
        Shape (columns of the matrix,): the column of the selection, or -1; columns that share one are summed.
    shape
        Number of cells, number of features.
    """

    matrix: Matrix
    cells: Integers
    features: Integers
    shape: tuple[int, int]

    @property
    def is_in_order(self) -> bool:
        """Whether its cells come in the order of the file, each in one part."""
        kept = self.cells[self.cells >= 0]
        return self.matrix.by_cell and bool(np.all(np.diff(kept) > 0))

    def entries(self, limit: int) -> Iterator[tuple[Entries, int]]:
        """Yield entries in the selection's rows and columns, and the last row of the file that they are from.

        Raises
        ------
        InputError
            At the end, if a value of the file is no count; with the first twenty.
        """
        check = _CountCheck(self.matrix)
        for part in self.matrix.stream(limit):
            check.look_at(part)
            rows, columns = self.cells[part.rows], self.features[part.columns]
            kept = (rows >= 0) & (columns >= 0) & (part.values != 0)
            last = int(part.rows[-1]) if len(part.rows) else -1
            values = part.values[kept].astype(np.float32)
            yield Entries(rows[kept].astype(np.int32), columns[kept].astype(np.int32), values), last
        check.require_none()

    def blocks(self, limit: int) -> Iterator[sparse.csr_matrix]:
        """Yield the counts in blocks of cells, CSR float32, which together are the selection.

        Only for a selection that is in order.
        """
        done = 0
        ends = np.maximum.accumulate(self.cells) + 1
        for part, last in self.entries(limit):
            end = int(ends[last]) if last >= 0 else done
            if end > done:
                yield block(part, first=done, num_rows=end - done, num_columns=self.shape[1])
                done = end
        if done < self.shape[0]:
            nothing = Entries(*(np.zeros(0, dtype=np.int32),) * 3)
            yield block(nothing, first=done, num_rows=self.shape[0] - done, num_columns=self.shape[1])

    def with_cells(self, kept: npt.NDArray[np.bool_]) -> "Selection":
        """Return those of its cells that are kept."""
        return replace(self, cells=_narrowed(self.cells, kept), shape=(int(kept.sum()), self.shape[1]))

    def with_features(self, kept: npt.NDArray[np.bool_]) -> "Selection":
        """Return those of its features that are kept."""
        return replace(self, features=_narrowed(self.features, kept), shape=(self.shape[0], int(kept.sum())))


def block(entries: Entries, *, first: int, num_rows: int, num_columns: int) -> sparse.csr_matrix:
    """Return entries as CSR; those of one place are summed, columns are in order."""
    places = (entries.values, (entries.rows - first, entries.columns))
    counts = sparse.coo_matrix(places, shape=(num_rows, num_columns), dtype=np.float32).tocsr()
    counts.sum_duplicates()
    return counts


def places_of(rows: Integers, total: int) -> Integers:
    """Return the place in `rows` of each of `total` rows, -1 for one that is not in it."""
    places = np.full(total, -1, dtype=np.int64)
    places[rows] = np.arange(len(rows))
    return places


def block_limit(memory_mb: int) -> int:
    """Return how many entries a block may have."""
    return max(1, memory_mb * 1_000_000 // BYTES_PER_ENTRY)


def _narrowed(places: Integers, kept: npt.NDArray[np.bool_]) -> Integers:
    new = np.where(kept, np.cumsum(kept) - 1, -1)
    narrowed: Integers = np.where(places >= 0, new[places], -1)
    return narrowed


class _CountCheck:
    """Finds values that are no counts, and says where the first of them are."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._faults: list[str] = []
        self._num_bad = 0

    def look_at(self, part: Entries) -> None:
        values = part.values
        if values.dtype.kind not in "iufb":
            raise InputError(f"{self._matrix.title}, {self._matrix.place}: values of the type {values.dtype}")
        if values.dtype.kind in "ub":
            return
        bad = ~((values >= 0) & (values == np.floor(values)) & (values < np.inf))
        if not bad.any():
            return
        self._num_bad += int(bad.sum())
        for place in np.flatnonzero(bad)[: SHOWN - len(self._faults)]:
            row, column = int(part.rows[place]), int(part.columns[place])
            self._faults.append(
                f"row {row}, cell {self._matrix.obs.index[row]!r}, "
                f"feature {self._matrix.var.index[column]!r}: {values[place]:g}"
            )

    def require_none(self) -> None:
        matrix = self._matrix
        if self._num_bad:
            raise InputError(
                f"{matrix.title}, {matrix.place}: {self._num_bad:,} of {matrix.num_stored:,} stored values "
                "are no raw counts (0, 1, 2 ...)",
                faults=self._faults,
                hint="give raw counts, in X, in raw or in the layer 'counts' (`--layer` names another): "
                "not normalised, logged or scaled",
            )
