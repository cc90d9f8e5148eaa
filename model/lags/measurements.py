"""Counts of cells with their depth: what a level by time point is computed from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from graph.errors import InputError

Counts: TypeAlias = ArrayLike | sparse.csr_matrix
"""Cells by genes or peaks, sparse or dense."""

BLOCK_ELEMENTS = 16_000_000
"""Largest dense block in elements (64 MB of float32)."""


@dataclass(frozen=True)
class Measurements:
    """Counts of some genes in all cells.

    Parameters
    ----------
    counts
        Shape (N, G), csc, not negative.
    depth
        Total count of each cell, shape (N,), positive.
    """

    counts: sparse.csc_matrix
    depth: NDArray[np.float64]

    @classmethod
    def from_counts(
        cls, counts: Counts, *, genes: NDArray[np.int64], depth: ArrayLike | None
    ) -> "Measurements":
        """Return the counts of `genes`; the depth is that over all genes unless it is given.

        Cells without any count are kept with a depth of 0 and carry no weight.

        Raises
        ------
        InputError
            Counts are negative or not finite, or the depth does not fit them.
        """
        matrix = sparse.csr_matrix(counts)
        if matrix.nnz and not (np.isfinite(matrix.data).all() and matrix.data.min() >= 0):
            raise InputError(
                "expected raw counts, found negative or missing values",
                hint="pass the counts before normalisation and scaling",
            )
        totals = np.asarray(matrix.sum(axis=1) if depth is None else depth, dtype=np.float64).reshape(-1)
        if totals.shape != (matrix.shape[0],) or not (np.isfinite(totals).all() and (totals >= 0).all()):
            raise InputError(f"expected a depth of 0 or more for each of {matrix.shape[0]:,} cells")
        chosen = matrix[:, genes].tocsc().astype(np.float32)
        chosen.eliminate_zeros()
        return cls(chosen, totals)

    @property
    def num_cells(self) -> int:
        """Number of cells."""
        return int(self.counts.shape[0])

    @property
    def num_genes(self) -> int:
        """Number of genes."""
        return int(self.counts.shape[1])

    def blocks(self, cells: NDArray[np.intp]) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Yield the dense counts of `cells` for one block of genes after the other."""
        rows = self.counts.tocsr()[cells].tocsc()
        width = max(1, BLOCK_ELEMENTS // max(1, cells.size))
        for start in range(0, self.num_genes, width):
            block = slice(start, min(start + width, self.num_genes))
            yield block, rows[:, block].toarray()

    def unusable(self, *, min_detected: int) -> NDArray[np.str_]:
        """Return why each gene cannot be tested, empty if it can, shape (G,)."""
        detected = np.diff(self.counts.indptr)
        mean = np.asarray(self.counts.mean(axis=0)).reshape(-1)
        top = self.counts.max(axis=0).toarray().reshape(-1)
        low = self.counts.min(axis=0).toarray().reshape(-1)
        return np.select(
            [detected < min_detected, (top == low) & (mean > 0)],
            [f"seen in fewer than {min_detected} cells", "the same count in all cells"],
            default="",
        )
