"""Counts with a known order of genes, to judge an estimator by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, stats

from graph.errors import InputError
from model.lags.results import Lags

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


@dataclass(frozen=True)
class Trajectory:
    """Cells along a trajectory whose genes have known lags.

    Parameters
    ----------
    rna, activity
        Counts, cells by genes, shape (N, G).
    time
        Of each cell, in [0, 1], shape (N,).
    lag
        By which the RNA of each gene follows its chromatin, shape (G,), in units of the whole of time; that
        of the first half of time if `later_lag` differs.
    later_lag
        The lag in the second half, shape (G,).
    """

    rna: sparse.csr_matrix
    activity: sparse.csr_matrix
    time: Floats
    lag: Floats
    later_lag: Floats


@dataclass(frozen=True)
class TrajectoryDesign:
    """What is simulated: the figures of the specification's table.

    Parameters
    ----------
    num_cells, num_genes
        Size.
    mean_count
        Mean count of a gene in a cell, in RNA and in chromatin.
    max_lag
        Lags are even in plus or minus this; 0 for genes that are coupled without a lag.
    length_scale
        Of the smooth random program of a gene, in units of the whole of time.
    log_sd
        Standard deviation of the logarithm of a gene's level along time.
    dispersion
        Of the negative-binomial RNA, ``variance = mean + dispersion * mean^2``; chromatin is Poisson.
    biphasic_share
        Share of genes whose lag turns to its negative half-way through time.
    """

    num_cells: int = 5_000
    num_genes: int = 200
    mean_count: float = 0.3
    max_lag: float = 0.3
    length_scale: float = 0.15
    log_sd: float = 0.35
    dispersion: float = 2.0
    biphasic_share: float = 0.0

    def __post_init__(self) -> None:
        sizes = (self.num_cells, self.num_genes, self.mean_count, self.length_scale)
        if min(sizes) <= 0 or not 0 <= self.max_lag <= 0.5 or not 0 <= self.biphasic_share <= 1:
            raise InputError(f"expected sizes above 0, lags up to 0.5 and a share up to 1, found {self}")


def simulate_trajectory(design: TrajectoryDesign, *, seed: int) -> Trajectory:
    """Return cells along a trajectory; the RNA of each gene is its chromatin's program, later by its lag."""
    rng = np.random.default_rng(seed)
    time = rng.uniform(size=design.num_cells)
    lag = rng.uniform(-1, 1, design.num_genes) * design.max_lag
    turns = np.arange(design.num_genes) < round(design.biphasic_share * design.num_genes)
    if turns.any():
        lag = np.where(turns, rng.choice([-1.0, 1.0], lag.size) * 0.6 * design.max_lag, lag)
    later_lag = np.where(turns, -lag, lag)
    program = _random_programs(design, rng)
    later_share = 1 / (1 + np.exp(-(time - 0.5) / 0.03))
    chromatin, expression = np.empty((2, design.num_cells, design.num_genes))
    for gene in range(design.num_genes):
        chromatin[:, gene] = program(time, gene)
        delay = lag[gene] + later_share * (later_lag[gene] - lag[gene])
        expression[:, gene] = program(time - delay, gene)
    rna_mean, atac_mean = (_levels(log_level, design.mean_count) for log_level in (expression, chromatin))
    noise = rng.gamma(1 / design.dispersion, design.dispersion, rna_mean.shape) if design.dispersion else 1.0
    return Trajectory(
        rna=sparse.csr_matrix(rng.poisson(rna_mean * noise)),
        activity=sparse.csr_matrix(rng.poisson(atac_mean)),
        time=time,
        lag=lag,
        later_lag=later_lag,
    )


def _random_programs(design: TrajectoryDesign, rng: np.random.Generator) -> Callable[[Floats, int], Floats]:
    reach = design.max_lag + 0.02
    grid = np.arange(-reach, 1 + reach, 0.005)
    covariance = np.exp(-0.5 * ((grid[:, None] - grid) / design.length_scale) ** 2)
    lower = np.linalg.cholesky(covariance + 1e-6 * np.eye(grid.size))
    values = design.log_sd * (lower @ rng.normal(size=(grid.size, design.num_genes)))
    return lambda time, gene: np.interp(time, grid, values[:, gene])


def _levels(log_level: Floats, mean_count: float) -> Floats:
    level = np.exp(log_level)
    scaled: Floats = mean_count * level / level.mean(axis=0)
    return scaled


@dataclass(frozen=True)
class Recovery:
    """How well lags were recovered.

    Parameters
    ----------
    spearman
        Of the estimated with the true lag over all tested genes, 0 without any.
    sign_accuracy
        Share of the called signs that are right, 1 if none was called.
    recall
        Share of the lags beyond .05 that were called, with the right sign.
    false_calls
        Share of the genes that are coupled with a lag of 0 (another simulation) that were called.
    """

    spearman: float
    sign_accuracy: float
    recall: float
    false_calls: float


SMALL_LAG = 0.05


def recovery(lags: Lags, truth: Floats, *, without_lag: Lags) -> Recovery:
    """Return how well `lags` recover the true lags (G,), with the estimate of a simulation without lags."""
    tested = lags.tested
    called = np.nan_to_num(lags.lag_sign) != 0
    right = called & (lags.lag_sign == np.sign(truth))
    large = np.abs(truth) > SMALL_LAG
    varies = tested.sum() > 2 and np.ptp(lags.lag[tested]) > 0
    return Recovery(
        spearman=float(stats.spearmanr(lags.lag[tested], truth[tested])[0]) if varies else 0.0,
        sign_accuracy=float(right.sum() / called.sum()) if called.any() else 1.0,
        recall=float((right & large).sum() / max(1, large.sum())),
        false_calls=float((np.nan_to_num(without_lag.lag_sign) != 0).mean()),
    )
