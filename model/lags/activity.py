"""Accessibility of genes: the weighted sum of their linked peaks."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from graph.errors import InputError
from model.lags.measurements import Counts


def gene_activity(
    atac: Counts, near_index: ArrayLike, weights: ArrayLike, *, num_genes: int
) -> sparse.csr_matrix:
    """Return the accessibility of each gene in each cell, shape (N, num_genes).

    ``activity = atac @ W`` with ``W[peak, gene]`` the weight of the link. A gene without a linked peak has
    a column of zeros; a link that is given twice counts twice.

    Parameters
    ----------
    atac
        Counts or 0 / 1 by cell and peak, shape (N, P).
    near_index
        Gene and peak of each link, shape (2, M).
    weights
        Weight of each link, shape (M,), not negative (learned attention, or ones).

    Raises
    ------
    InputError
        The links do not fit the peaks, the genes or the weights.
    """
    matrix = sparse.csr_matrix(atac)
    links = np.asarray(near_index)
    weight = np.asarray(weights, dtype=np.float64)
    faults = _faults(links, weight, shape=(num_genes, matrix.shape[1]))
    if faults:
        raise InputError("expected links from genes to peaks (2, M), each with a weight", faults=faults)
    link_matrix = sparse.csr_matrix((weight, (links[1], links[0])), shape=(matrix.shape[1], num_genes))
    return (matrix @ link_matrix).tocsr()


def _faults(links: np.ndarray, weight: np.ndarray, *, shape: tuple[int, int]) -> list[str]:
    if links.ndim != 2 or links.shape[0] != 2 or links.shape[1:] != weight.shape:
        return [f"links have the shape {links.shape}, weights {weight.shape}"]
    if not links.size:
        return []
    faults = [
        f"{name} indices run from {row.min()} to {row.max()}, expected 0 to {size - 1}"
        for name, row, size in zip(("gene", "peak"), links, shape, strict=True)
        if row.min() < 0 or row.max() >= size
    ]
    if not (np.isfinite(weight).all() and weight.min() >= 0):
        faults.append("weights are negative or missing")
    return faults
