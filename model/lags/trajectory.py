"""Lags between a gene's chromatin and its RNA along a trajectory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, stats

from graph.errors import InputError
from model.lags.bins import Bins
from model.lags.chromatin import Depths
from model.lags.learned import LearnedPrograms
from model.lags.measurements import Counts, Measurements
from model.lags.mixture import Posterior, adaptive_fdr
from model.lags.results import GeneLags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.windows import WindowLags, find_biphasic, window_lags

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrajectoryLags(GeneLags):
    """Lags of genes along a trajectory.

    Parameters
    ----------
    p_coupled
        Association of chromatin and RNA at any lag, against circular shifts, shape (G,).
    windows
        The same in windows along time.
    biphasic
        Whether the two halves of time have called lags of opposite signs, shape (G,).
    """

    p_coupled: Floats
    windows: WindowLags
    biphasic: NDArray[np.bool_]


def estimate_trajectory_lags(
    rna: Counts,
    activity: Counts,
    time: ArrayLike,
    *,
    config: TrajectoryConfig | None = None,
    seed: int,
    depths: Depths | None = None,
) -> TrajectoryLags:
    """Return the lag between the accessibility of each gene and its own RNA, in the unit of `time`.

    Chromatin and RNA are one smooth program, the RNA later by the lag and of either sign, or two unrelated
    ones: the likelihood of each lag is that of two Gaussian processes with this cross-covariance, seen
    through the noise of cells binned along time. It is the cross-correlation with the weights that a program
    of this smoothness and depth deserves. How smooth and how large programs are, and how lags spread, is
    learned over all genes. A sign is called where both hold:

    * association: the two are better explained as one program than after circular shifts of the RNA beyond
      the largest lag (null pooled over genes, adaptive Benjamini-Hochberg),
    * a lag different from 0: the probability that the sign is false is below `config.fdr`; no coupling,
      coupling without a lag and a lag of the other sign are all false.

    `fdr` is the larger of the two: every single call, not only their mean, is as sure as the level says.

    Parameters
    ----------
    rna, activity
        Counts of the same genes in the same cells, shape (N, G), see `activity.gene_activity`.
    time
        Pseudotime or time of each cell, shape (N,).

    Notes
    -----
    Positive: the chromatin changes first. `low` and `high` bound 95 % of the posterior with every lag equally
    likely, `p` is the likelihood-ratio test of no lag. Time and memory grow linearly in cells and in genes.

    Raises
    ------
    InputError
        The matrices, time or depths do not fit each other, or counts are negative.
    """
    config, depths = config or TrajectoryConfig(), depths or Depths()
    expressed, open_ = sparse.csr_matrix(rna), sparse.csr_matrix(activity)
    if expressed.shape != open_.shape:
        raise InputError(
            f"expected the same cells and genes in both, found {expressed.shape} and {open_.shape}"
        )
    values = _check_time(time, num_cells=expressed.shape[0])
    genes = np.arange(expressed.shape[1])
    led = Measurements.from_counts(open_, genes=genes, depth=depths.activity)
    followed = Measurements.from_counts(expressed, genes=genes, depth=depths.rna)
    reason = _reasons(led, followed, config=config)
    obstacle = _obstacle(values, config=config)
    usable = np.flatnonzero(reason == "")
    if obstacle or not usable.size:
        reason = np.full(genes.size, obstacle) if obstacle else reason
        return _untested(reason, config=config)
    bins = Bins.from_times(values, num_bins=config.num_bins)
    chromatin = bins.series(led.counts[:, usable], led.depth)
    expression = bins.series(followed.counts[:, usable], followed.depth)
    found = _estimate(chromatin, expression, bins=bins, config=config, seed=seed)
    return _spread(found, usable, reason=reason, span=bins.span)


def _check_time(time: ArrayLike, *, num_cells: int) -> Floats:
    values = np.asarray(time, dtype=np.float64)
    if values.shape != (num_cells,) or not np.isfinite(values).all():
        raise InputError(
            f"expected a finite time for each of {num_cells:,} cells, found shape {values.shape}",
            hint="leave out cells without a time",
        )
    return values


def _obstacle(time: Floats, *, config: TrajectoryConfig) -> str:
    if time.size < config.min_cells:
        return f"{time.size} cells, a trajectory needs {config.min_cells}"
    num_times = np.unique(time).size
    if num_times < config.num_bins:
        return f"{num_times} distinct times, a trajectory needs {config.num_bins}"
    return ""


def _reasons(led: Measurements, followed: Measurements, *, config: TrajectoryConfig) -> NDArray[np.str_]:
    leader = led.unusable(min_detected=config.min_detected)
    follower = followed.unusable(min_detected=config.min_detected)
    leading = np.where(leader == "", "", np.char.add("leader: ", leader))
    following = np.where(follower == "", "", np.char.add("follower: ", follower))
    return np.where(leading == "", following, leading)


def _untested(reason: NDArray[np.str_], *, config: TrajectoryConfig) -> TrajectoryLags:
    nan = np.full(reason.size, np.nan)
    windows = WindowLags.empty(reason.size, config=config)
    never = np.zeros(reason.size, dtype=np.bool_)
    return TrajectoryLags(
        *(nan,) * 8, reason=reason, unit=config.unit, p_coupled=nan, windows=windows, biphasic=never
    )


def _estimate(
    chromatin: Floats, expression: Floats, *, bins: Bins, config: TrajectoryConfig, seed: int
) -> TrajectoryLags:
    """Return the lags of pairs of series (K, G), in units of the whole of time."""
    learned = LearnedPrograms.from_series(chromatin, expression, times=bins.times, config=config, seed=seed)
    found = learned.likelihoods(chromatin, expression)
    p_coupled, p_in_parts = learned.association(chromatin, expression)
    posterior = Posterior.from_likelihoods(found.coupled, found.apart, learned.lags)
    at_zero = found.coupled[np.argmin(np.abs(learned.lags))]
    p_lag = stats.chi2.sf(2 * (found.coupled.max(axis=0) - at_zero), df=1)
    coupled_fdr = adaptive_fdr(p_coupled)
    fdr = np.maximum(coupled_fdr, posterior.false_sign)
    called = (fdr < config.fdr) & (posterior.sign * posterior.lag > 0)
    size = learned.frame.leader.shape[1]
    parts_fdr = adaptive_fdr(p_in_parts)
    windows = window_lags(learned, chromatin, expression, coupled_fdr=parts_fdr)
    return TrajectoryLags(
        lag=posterior.lag,
        low=posterior.low,
        high=posterior.high,
        lag_sign=np.where(called, posterior.sign, 0.0),
        p=np.maximum(p_lag, p_coupled),
        fdr=fdr,
        p_leader=stats.chi2.sf(np.square(learned.frame.leader.T @ chromatin).sum(axis=0), df=size),
        p_follower=stats.chi2.sf(np.square(learned.frame.leader.T @ expression).sum(axis=0), df=size),
        reason=np.full(chromatin.shape[1], ""),
        unit=config.unit,
        p_coupled=p_coupled,
        windows=windows,
        biphasic=find_biphasic(learned, chromatin, expression, coupled_fdr=parts_fdr),
    )


def _spread(
    found: TrajectoryLags, usable: NDArray[np.intp], *, reason: NDArray[np.str_], span: float
) -> TrajectoryLags:
    """Return the lags of all genes, NaN where one was not tested, in the unit of time."""

    def wide(values: Floats, scale: float = 1.0) -> Floats:
        spread = np.full((reason.size, *values.shape[1:]), np.nan)
        spread[usable] = values * scale
        return spread

    biphasic = np.zeros(reason.size, dtype=np.bool_)
    biphasic[usable] = found.biphasic
    windows = WindowLags(
        found.windows.centres,
        wide(found.windows.lag, span),
        wide(found.windows.sign),
        wide(found.windows.fdr),
    )
    return TrajectoryLags(
        lag=wide(found.lag, span), low=wide(found.low, span), high=wide(found.high, span),
        lag_sign=wide(found.lag_sign), p=wide(found.p), fdr=wide(found.fdr), p_leader=wide(found.p_leader),
        p_follower=wide(found.p_follower), reason=reason, unit=found.unit, p_coupled=wide(found.p_coupled),
        windows=windows, biphasic=biphasic,
    )  # fmt: skip
