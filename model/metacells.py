"""Metacells: about ten like cells added up, so that shallow counts carry a signal."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD

from graph.errors import InputError


@dataclass(frozen=True)
class Metacells:
    """Summed counts of groups of cells of one label.

    Parameters
    ----------
    rna
        Raw counts, csr (num_metacells, num_genes).
    atac
        Raw counts, csr (num_metacells, num_peaks).
    labels
        Context of each metacell, (num_metacells,).
    membership
        Metacell of each cell, (num_cells,) int64.
    num_cells
        Cells of each metacell, (num_metacells,) int64; at least one.
    """

    rna: sp.csr_matrix
    atac: sp.csr_matrix
    labels: NDArray[np.str_]
    membership: NDArray[np.int64]
    num_cells: NDArray[np.int64]


USUAL_CELLS_EACH = 10
FEWEST_METACELLS = 30
"""Fewer say too little of what varies together, and leave none to stop on or to judge by."""


def metacell_size(num_cells: int, *, at_most: int = USUAL_CELLS_EACH) -> int:
    """Return how many cells a metacell has: fewer in small data, down to single cells under 60."""
    return max(1, min(at_most, num_cells // FEWEST_METACELLS))


def make_metacells(
    rna: sp.csr_matrix,
    atac: sp.csr_matrix,
    *,
    labels: NDArray[np.str_] | None = None,
    cells_each: int = USUAL_CELLS_EACH,
    num_components: int = 20,
    seed: int = 42,
) -> Metacells:
    """Cells grouped by nearness in a joint embedding of RNA and ATAC, never across labels.

    Parameters
    ----------
    rna, atac
        Raw counts of the same cells, (num_cells, num_genes) and (num_cells, num_peaks).
    labels
        Context names, (num_cells,); None stands for one context named "all".
    cells_each
        Number of cells of a metacell; those of a label differ by one at most.

    Raises
    ------
    InputError
        The matrices or labels are not of the same cells, or there are none.
    """
    labels = np.full(rna.shape[0], "all") if labels is None else np.asarray(labels, dtype=np.str_)
    _check_cells(rna, atac, labels, cells_each)
    x = joint_embedding(rna, atac, num_components=num_components, seed=seed)
    membership = np.full(rna.shape[0], -1, dtype=np.int64)
    start = 0
    for cells in _cells_by_label(labels):
        groups = _group(x[cells], num_groups=max(1, round(cells.size / cells_each)))
        membership[cells] = start + groups
        start += int(groups.max()) + 1
    return _sum_groups(rna, atac, labels=labels, membership=membership)


def joint_embedding(
    rna: sp.csr_matrix, atac: sp.csr_matrix, *, num_components: int = 20, seed: int = 42
) -> NDArray[np.float64]:
    """Log-normalised RNA beside TF-IDF ATAC, each reduced by truncated SVD, each of unit total variance.

    Returns
    -------
    ndarray
        (num_cells, at most 2 * num_components); a modality without counts adds no column.

    References
    ----------
    LSI of chromatin accessibility: Cusanovich et al. 2015, doi:10.1126/science.aab1601.
    """
    parts = [
        _reduce(_log_normalise(rna), num_components=num_components, seed=seed),
        _reduce(_tf_idf(atac), num_components=num_components, seed=seed),
    ]
    return np.hstack(parts)


def _check_cells(rna: sp.csr_matrix, atac: sp.csr_matrix, labels: NDArray[np.str_], cells_each: int) -> None:
    found = {"rna": rna.shape[0], "atac": atac.shape[0], "labels": labels.shape[0]}
    if len(set(found.values())) != 1 or rna.shape[0] == 0:
        raise InputError(
            f"rna, atac and labels must have the same cells, at least one; found {found}",
            hint="intersect and reorder the barcodes first",
        )
    if cells_each < 1:
        raise InputError(f"cells_each must be at least 1, found {cells_each}")


def _cells_by_label(labels: NDArray[np.str_]) -> Iterator[NDArray[np.int64]]:
    for label in np.unique(labels):
        yield np.flatnonzero(labels == label)


def _row_factors(X: sp.csr_matrix, total: float | None = None) -> NDArray[np.float64]:
    """What each stored count is multiplied by, so that rows sum to `total`, or else to their median."""
    sizes = np.asarray(X.sum(axis=1), dtype=np.float64).ravel()
    total = max(float(np.median(sizes)), 1.0) if total is None else total
    factors = np.divide(total, sizes, out=np.zeros_like(sizes), where=sizes > 0)
    return np.repeat(factors, np.diff(X.indptr))


def _log_normalise(X: sp.csr_matrix) -> sp.csr_matrix:
    return _with_values(X, np.log1p(X.data * _row_factors(X)))


def _tf_idf(X: sp.csr_matrix) -> sp.csr_matrix:
    detected = np.bincount(X.indices[X.data > 0], minlength=X.shape[1])
    idf = np.log1p(X.shape[0] / np.maximum(detected, 1))
    values = _row_factors(X, 1e4)
    values *= X.data
    values *= idf[X.indices]
    return _with_values(X, np.log1p(values, out=values))


def _with_values(X: sp.csr_matrix, values: NDArray[np.float64]) -> sp.csr_matrix:
    return sp.csr_matrix((values, X.indices, X.indptr), shape=X.shape)


def _reduce(X: sp.csr_matrix, *, num_components: int, seed: int) -> NDArray[np.float64]:
    rank = min(num_components, min(X.shape) - 1)
    if rank < 1 or X.nnz == 0:
        return np.zeros((X.shape[0], 0))
    x = TruncatedSVD(rank, random_state=seed).fit_transform(X)
    x = x - x.mean(axis=0)
    spread = np.sqrt(x.var(axis=0).sum())
    return np.asarray(x / spread if spread > 0 else x)


def _group(x: NDArray[np.float64], *, num_groups: int) -> NDArray[np.int64]:
    """Group of each row: halved along the widest axis until there are enough groups of about one size.

    k-means was tried and left half of the cells of a shallow data set in groups of one or two.
    """
    groups = np.zeros(x.shape[0], dtype=np.int64)
    waiting = [(np.arange(x.shape[0]), num_groups)]
    num_done = 0
    while waiting:
        rows, num_parts = waiting.pop()
        if num_parts == 1:
            groups[rows] = num_done
            num_done += 1
            continue
        ordered = rows[np.argsort(_widest_axis(x[rows]), kind="stable")]
        left = num_parts // 2
        cut = round(rows.size * left / num_parts)
        waiting += [(ordered[:cut], left), (ordered[cut:], num_parts - left)]
    return groups


def _widest_axis(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Position of each row along the first principal axis."""
    centred = x - x.mean(axis=0)
    axis = np.linalg.eigh(centred.T @ centred)[1][:, -1:]
    return np.asarray((centred @ axis).sum(axis=1))


def _sum_groups(
    rna: sp.csr_matrix, atac: sp.csr_matrix, *, labels: NDArray[np.str_], membership: NDArray[np.int64]
) -> Metacells:
    num_cells = np.bincount(membership)
    cells = np.arange(membership.size)
    pool = sp.csr_matrix(
        (np.ones(membership.size, dtype=np.int64), (membership, cells)),
        shape=(num_cells.size, membership.size),
    )
    first = np.unique(membership, return_index=True)[1]
    return Metacells(
        rna=sp.csr_matrix(pool @ rna),
        atac=sp.csr_matrix(pool @ atac),
        labels=labels[first],
        membership=membership,
        num_cells=num_cells.astype(np.int64),
    )
