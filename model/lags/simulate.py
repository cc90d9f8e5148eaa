"""Counts with a known order of genes, to judge an estimator by."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]


def simulate_counts(
    levels: ArrayLike, label: ArrayLike, *, depth: ArrayLike, dispersion: float, seed: int
) -> sparse.csr_matrix:
    """Return negative-binomial counts, cells by genes, shape (N, G).

    ``mean = depth / mean(depth) * level`` and ``variance = mean + dispersion * mean^2``.

    Parameters
    ----------
    levels
        Expected count of each gene at each time point in a cell of mean depth, shape (G, K).
    label
        Time point of each cell, shape (N,).
    depth
        Relative sampling depth of each cell, shape (N,), positive.
    """
    rng = np.random.default_rng(seed)
    sampled = np.asarray(depth, dtype=np.float64)
    mean = (sampled / sampled.mean())[:, None] * np.asarray(levels, dtype=np.float64).T[
        np.asarray(label)
    ]  # (N, G)
    if dispersion:
        mean = rng.gamma(1 / dispersion, dispersion * mean)
    return sparse.csr_matrix(rng.poisson(mean))
