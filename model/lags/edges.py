"""Lags of regulatory edges from real time points."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from graph.errors import InputError
from model.lags.config import LagConfig
from model.lags.measurements import Counts, Measurements
from model.lags.pairs import Series, estimate_pair_lags
from model.lags.profiles import Profiles
from model.lags.results import EdgeLags, not_estimated
from model.lags.time_points import TimePoints


def estimate_edge_lags(
    counts: Counts,
    time: ArrayLike,
    pairs: ArrayLike,
    *,
    config: LagConfig | None = None,
    seed: int,
    depth: ArrayLike | None = None,
) -> EdgeLags:
    """Return the lag between a regulator's and its target's expression, for each edge.

    A level is a gene's summed counts over the summed depth of a time point. The lag is the difference of the
    mean times of change, ``c_target - c_regulator`` (`order.response_time`). On this scale an undelayed
    linear response has a lag of 0, and the lag of a delayed one is its mean delay. The sign is called by an
    intersection-union test: p is the largest of

    * the association of each of the two genes with time (labels permuted among cells),
    * the order: the area of the path of the two (`order.levy_area`) times the sign of their coupling differs
      from 0 by its bootstrapped standard error, on every scale of `config.scales`, and points the way of the
      lag.

    Benjamini-Hochberg over all tested edges; above `config.fdr` the sign is 0.

    Parameters
    ----------
    counts
        Raw counts, cells by genes, sparse or dense, shape (N, G).
    time
        When each cell was sampled, shape (N,), in `config.unit`.
    pairs
        Regulator and target of each edge as columns of `counts`, shape (2, E).
    depth
        Total count of each cell, shape (N,); summed over the given genes if not given.

    Notes
    -----
    Positive: the regulator leads. All edges are NaN, with the reason, below three time points or when a
    time point has fewer than `config.min_cells` cells. Cells are the unit of resampling: a batch effect
    between time points that are one culture each looks like a change, and only replicates could tell. Any two
    monotone profiles are also explained by a curved response without delay; the two scales rule out the two
    simplest ones. Time grows as (B + P K) N G and B K E; memory holds about 5 B K G float32 for the genes in
    `pairs`, with blocks of 64 MB beside it.

    Raises
    ------
    InputError
        Counts, time, pairs or depth do not fit each other, or counts are not counts.
    """
    config = config or LagConfig()
    matrix = sparse.csr_matrix(counts)
    edges = check_pairs(pairs, num_genes=matrix.shape[1])
    points = TimePoints.from_cells(time, num_cells=matrix.shape[0])
    obstacle = points.obstacle(min_cells=config.min_cells)
    genes, position = np.unique(edges, return_inverse=True)
    measured = Measurements.from_counts(matrix, genes=genes, depth=depth)
    if obstacle or not edges.size:
        return not_estimated(edges.shape[1], reason=obstacle, unit=config.unit)
    profiles = Profiles.estimate(measured, points, config=config, seed=seed)
    series = Series.from_profiles(profiles, midpoints=points.midpoints, scales=config.scales)
    return estimate_pair_lags(EdgeLags, series, series, pairs=position.reshape(edges.shape), config=config)


def check_pairs(pairs: ArrayLike, *, num_genes: int) -> NDArray[np.int64]:
    """Return pairs of columns (2, E).

    Raises
    ------
    InputError
        They are not indices of genes.
    """
    edges = np.asarray(pairs)
    if edges.ndim != 2 or edges.shape[0] != 2 or not (edges.size == 0 or edges.dtype.kind in "iu"):
        raise InputError(f"expected pairs of gene indices (2, E), found {edges.dtype} {edges.shape}")
    outside = edges[(edges < 0) | (edges >= num_genes)]
    if outside.size:
        raise InputError(f"expected gene indices from 0 to {num_genes - 1}, found {outside[0]} and others")
    return edges.astype(np.int64)
