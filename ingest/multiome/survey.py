"""What is counted of cells and features before any is left out."""

import numpy as np
import numpy.typing as npt

from ingest.multiome.matrix import Integers
from ingest.multiome.quality import CellStatistics
from ingest.multiome.selection import Selection


def cell_statistics(
    rna: Selection, atac: Selection | None = None, *, mitochondrial: npt.NDArray[np.bool_], limit: int
) -> CellStatistics:
    """Return the statistics of all cells; reads each matrix once and so checks that all values are counts.

    Parameters
    ----------
    mitochondrial
        Shape (num_genes,): whether a gene is on the mitochondrial chromosome.

    Raises
    ------
    InputError
        If a value is no count.
    """
    num_genes, shares = [], []
    for part in rna.blocks(limit):
        num_genes.append(np.diff(part.indptr))
        total = part @ np.ones(part.shape[1])
        shares.append(
            np.divide(part @ mitochondrial.astype(np.float64), total, where=total > 0, out=total * 0)
        )
    return CellStatistics(
        num_genes=np.concatenate(num_genes).astype(np.int64),
        mitochondrial_share=np.concatenate(shares),
        num_peaks=None if atac is None else _features_seen(atac, limit),
    )


def cells_with(selection: Selection, *, limit: int) -> Integers:
    """Return in how many cells each feature is seen; shape (num_features,)."""
    numbers = np.zeros(selection.shape[1], dtype=np.int64)
    for part in selection.blocks(limit):
        numbers += np.bincount(part.indices, minlength=len(numbers))
    return numbers


def _features_seen(selection: Selection, limit: int) -> Integers:
    """Return how many features each cell has; shape (num_cells,)."""
    numbers = [np.diff(part.indptr) for part in selection.blocks(limit)]
    return np.concatenate(numbers).astype(np.int64)
