"""The estimate that is the default along a trajectory: two Gaussian processes that are one program."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.lags.learned import LearnedPrograms
from model.lags.mixture import Posterior, adaptive_fdr
from model.lags.paired import Paired, PairedSeries
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags
from model.lags.turning import find_biphasic, find_turning
from model.lags.windows import window_lags

Floats = NDArray[np.float64]


def likelihood_lags(paired: Paired, *, config: TrajectoryConfig, seed: int) -> TrajectoryLags:
    """Return the lags of pairs as the likelihood of one program, seen twice, tells them.

    Leader and follower are one smooth program, the follower later by the lag and of either sign, or two
    unrelated ones: the likelihood of each lag is that of two Gaussian processes with this cross-covariance,
    seen through the noise of cells binned along time. It is the cross-correlation with the weights that a
    program of this smoothness and depth deserves. How smooth and how large programs are, and how lags spread,
    is learned over all pairs. A sign is called where both hold:

    * association: the two are better explained as one program than after circular shifts of the follower
      beyond the largest lag (null pooled over pairs, adaptive Benjamini-Hochberg),
    * a lag different from 0: the probability that the sign is false is below `config.fdr`; no coupling,
      coupling without a lag and a lag of the other sign are all false.

    `fdr` is the larger of the two: every single call, not only their mean, is as sure as the level says.
    """
    return series_lags(paired.series(num_bins=config.num_bins), config=config, seed=seed)


def series_lags(series: PairedSeries, *, config: TrajectoryConfig, seed: int) -> TrajectoryLags:
    """Return the lags of `likelihood_lags` of series."""
    learned = LearnedPrograms.from_series(
        series.leaders, series.followers, times=series.times, config=config, seed=seed
    )
    found = learned.likelihoods(series.leaders, series.followers)
    p_coupled, p_in_parts = learned.association(series.leaders, series.followers)
    posterior = Posterior.from_likelihoods(found.coupled, found.apart, learned.lags)
    at_zero = found.coupled[np.argmin(np.abs(learned.lags))]
    p_lag = stats.chi2.sf(2 * (found.coupled.max(axis=0) - at_zero), df=1)
    fdr = np.maximum(adaptive_fdr(p_coupled), posterior.false_sign)
    called = (fdr < config.fdr) & (posterior.sign * posterior.lag > 0)
    parts_fdr = adaptive_fdr(p_in_parts)
    windows = window_lags(learned, series.leaders, series.followers, coupled_fdr=parts_fdr)
    turning = find_turning(learned, series, found)
    p_leader, p_follower = change_p(learned, series)
    return TrajectoryLags(
        lag=posterior.lag, low=posterior.low, high=posterior.high,
        lag_sign=np.where(called, posterior.sign, 0.0), p=np.maximum(p_lag, p_coupled), fdr=fdr,
        p_leader=p_leader, p_follower=p_follower, reason=np.full(fdr.size, ""), unit=config.unit,
        p_coupled=p_coupled, windows=windows,
        turning=turning.probability,
        biphasic=find_biphasic(turning, coupled_fdr=parts_fdr, level=config.fdr),
        times=series.times, course=turning.mean_course(posterior.lag).T,
    )  # fmt: skip


def change_p(learned: LearnedPrograms, series: PairedSeries) -> tuple[Floats, Floats]:
    """Return the p value that each leader and each follower changes along time at all, each (U,)."""
    basis = learned.frame.leader
    first, second = (
        stats.chi2.sf(np.square(basis.T @ levels).sum(axis=0), df=basis.shape[1])
        for levels in (series.leaders, series.followers)
    )
    return first, second
