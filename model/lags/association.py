"""Association of genes with time."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.lags.measurements import BLOCK_ELEMENTS, Measurements
from model.lags.time_points import TimePoints

Floats = NDArray[np.float64]

MIN_EXCEEDANCES = 10


def association_p(measured: Measurements, points: TimePoints, *, num_permutations: int, seed: int) -> Floats:
    """Return the p value of a change with time of each gene, shape (G,).

    The statistic is the quasi-Poisson score test of equal rates,
    ``T = sum_k R_k^2 / D_k / phi`` with ``R_k`` the count at time point k beyond ``D_k * rate``, ``D_k``
    the depth there and ``phi`` the squared residual per unit of depth. Its null: the time labels permuted
    among the cells, the same permutations for all genes.
    """
    rng = np.random.default_rng(seed)
    cells = np.arange(measured.num_cells)
    labels = [points.label, *(rng.permutation(points.label) for _ in range(num_permutations))]
    per_block = max(1, BLOCK_ELEMENTS // (points.times.size * cells.size))
    null = np.empty((len(labels), measured.num_genes))
    for block, counts in measured.blocks(cells):
        depth = measured.depth.astype(np.float32)
        residual = counts - depth[:, None] * (counts.sum(axis=0) / depth.sum())
        phi = np.maximum(np.square(residual).sum(axis=0) / depth.sum(), np.finfo(np.float32).tiny)
        for start in range(0, len(labels), per_block):
            rows = slice(start, start + per_block)
            null[rows, block] = _between(residual, depth, labels=np.array(labels[rows])) / phi
    return permutation_p(null[0], null[1:])


def _between(
    residual: NDArray[np.float32], depth: NDArray[np.float32], *, labels: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return sum_k R_k^2 / D_k for each row of labels (P, N) and each gene, shape (P, G)."""
    total = np.zeros((labels.shape[0], residual.shape[1]), dtype=np.float32)
    for point in range(int(labels.max()) + 1):
        inside = (labels == point).astype(np.float32)
        at_point = np.maximum(inside @ depth, np.finfo(np.float32).tiny)
        total += np.square(inside @ residual) / at_point[:, None]
    return total


def permutation_p(observed: Floats, null: Floats) -> Floats:
    """Return the p value of each observed statistic (G,) under its null draws (P, G).

    With at least ten draws as large, the share of draws ``(1 + b) / (1 + P)``. With fewer, the upper tail of
    a gamma distribution with the mean and the variance of the draws: the null of a quadratic form in nearly
    normal sums, and finer than 1 / P, which a correction over thousands of edges needs.

    References
    ----------
    Phipson & Smyth 2010, doi:10.2202/1544-6115.1585; Knijnenburg et al. 2009,
    doi:10.1093/bioinformatics/btp211 (a fitted tail where exceedances are few).
    """
    exceeding = (null >= observed).sum(axis=0)
    counted = (1 + exceeding) / (1 + null.shape[0])
    mean, variance = null.mean(axis=0), null.var(axis=0)
    varies = variance > 0
    scale = np.divide(variance, mean, out=np.ones_like(mean), where=varies)
    shape = np.divide(mean, scale, out=np.ones_like(mean), where=varies)
    tail = stats.gamma.sf(observed, a=shape, scale=scale)
    p: Floats = np.where((exceeding >= MIN_EXCEEDANCES) | ~varies, counted, tail)
    return p
