"""Lags between a gene's chromatin and its RNA, and between two genes, along a trajectory."""

from dataclasses import fields

from numpy.typing import ArrayLike

from model.lags.chromatin import Depths
from model.lags.likelihood import likelihood_lags
from model.lags.measurements import Counts
from model.lags.paired import Paired
from model.lags.results import EdgeLags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import Estimator, TrajectoryLags


def estimate_trajectory_lags(
    rna: Counts,
    activity: Counts,
    time: ArrayLike,
    *,
    config: TrajectoryConfig | None = None,
    seed: int,
    depths: Depths | None = None,
    estimator: Estimator = likelihood_lags,
) -> TrajectoryLags:
    """Return the lag between the accessibility of each gene and its own RNA, in the unit of `time`.

    Parameters
    ----------
    rna, activity
        Counts of the same genes in the same cells, shape (N, G), see `activity.gene_activity`.
    time
        Pseudotime or time of each cell, shape (N,).
    estimator
        `likelihood.likelihood_lags`, `bootstrap.cross_correlation_lags` or
        `attention.estimate.AttentionEstimator`.

    Notes
    -----
    Positive: the chromatin changes first. `low` and `high` bound 95 % of the posterior with every lag equally
    likely, `p` is the likelihood-ratio test of no lag. Time and memory grow linearly in cells and in genes.

    Raises
    ------
    InputError
        The matrices, time or depths do not fit each other, or counts are negative.
    """
    settings = config or TrajectoryConfig()
    paired = Paired.of_genes(rna, activity, time, config=settings, depths=depths or Depths())
    return _estimate(paired, config=settings, seed=seed, estimator=estimator)


def estimate_edge_trajectory_lags(
    rna: Counts,
    time: ArrayLike,
    pairs: ArrayLike,
    *,
    config: TrajectoryConfig | None = None,
    seed: int,
    estimator: Estimator = likelihood_lags,
) -> EdgeLags:
    """Return the lag between a regulator's and its target's RNA for each edge, in the unit of `time`.

    Parameters
    ----------
    pairs
        Regulator and target of each edge as columns of `rna`, shape (2, E).

    Notes
    -----
    Positive: the regulator changes first. An order in time is no proof that the one causes the other: any two
    genes of one program are coupled.

    Raises
    ------
    InputError
        Counts, time or pairs do not fit each other, or counts are negative.
    """
    settings = config or TrajectoryConfig()
    paired = Paired.of_edges(rna, pairs, time, config=settings, depth=None)
    lags = _estimate(paired, config=settings, seed=seed, estimator=estimator)
    return EdgeLags(**{field.name: getattr(lags, field.name) for field in fields(EdgeLags)})


def _estimate(paired: Paired, *, config: TrajectoryConfig, seed: int, estimator: Estimator) -> TrajectoryLags:
    if not paired.usable.size:
        return TrajectoryLags.without(paired, config=config)
    return estimator(paired, config=config, seed=seed).spread(paired)
