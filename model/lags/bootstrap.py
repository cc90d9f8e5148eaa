"""The plain estimate with its two tests: cross-correlation, circular shifts, and a bootstrap of the cells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.lags.crosscorrelation import cross_correlation, plain_lags, window_correlation
from model.lags.mixture import adaptive_fdr
from model.lags.paired import Paired, PairedSeries
from model.lags.shifts import shifted_p
from model.lags.smoothing import smooth_windows
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags
from model.lags.windows import WindowLags

Floats = NDArray[np.float64]

NUM_BOOTSTRAPS = 40


@dataclass(frozen=True)
class _Resampled:
    """Lags of U pairs in B resamples of the cells: over all of time (B, U), in windows (B, U, W)."""

    whole: Floats
    windows: Floats


def cross_correlation_lags(paired: Paired, *, config: TrajectoryConfig, seed: int) -> TrajectoryLags:
    """Return the lags where the |cross-correlation| of pairs is largest; each pair stands for itself.

    A sign is called where two tests hold at `config.fdr`, Benjamini-Hochberg on each: the largest
    |cross-correlation| is beyond that of circular shifts, and the lag differs from 0 by its standard error
    over resamples of the cells. Lags in windows are smoothed over windows.
    """
    series = paired.series(num_bins=config.num_bins)
    lag = plain_lags(series.leaders, series.followers, max_lag=config.max_lag)
    raw = window_lags_of(series, config=config)
    resampled = _resample(paired, config=config, seed=seed)
    p_coupled = shifted_p(
        lambda a, b: _peak(a, b, config=config)[None], series.leaders, series.followers,
        max_lag=config.max_lag, num_shifts=config.num_shifts,
    )[0]  # fmt: skip
    p_lag = lag_p(lag, resampled.whole)
    fdr = np.maximum(adaptive_fdr(p_coupled), stats.false_discovery_control(p_lag, method="bh"))
    low, high = np.quantile(resampled.whole, [0.025, 0.975], axis=0)
    nan = np.full(lag.size, np.nan)
    windows = _windows(raw, resampled.windows, coupled_fdr=adaptive_fdr(p_coupled), config=config)
    return TrajectoryLags(
        lag=lag, low=np.minimum(low, lag), high=np.maximum(high, lag),
        lag_sign=np.where(fdr < config.fdr, np.sign(lag), 0.0), p=np.maximum(p_lag, p_coupled), fdr=fdr,
        p_leader=nan, p_follower=nan, reason=np.full(lag.size, ""), unit=config.unit, p_coupled=p_coupled,
        windows=windows, turning=nan, biphasic=_turns(windows), times=series.times,
        course=windows.at(series.times),
    )  # fmt: skip


def window_lags_of(series: PairedSeries, *, config: TrajectoryConfig) -> Floats:
    """Return the lag of the largest |cross-correlation| in each window, shape (U, W).

    The window selects bins of the follower; the leader is read beyond its edge.
    """
    max_shift = round(config.max_lag * config.num_bins)
    found = []
    for centre in config.window_centres:
        inside = np.abs(series.times - centre) <= config.half_width + 1e-9
        size = np.abs(window_correlation(series.leaders, series.followers, inside, max_shift=max_shift))
        found.append((size.argmax(axis=0) - max_shift) / config.num_bins)
    return np.stack(found, axis=1)


def lag_p(lag: Floats, resampled: Floats) -> Floats:
    """Return the two-sided p value that each lag is 0, from its standard error over resamples (B, ...)."""
    error = resampled.std(axis=0, ddof=1)
    z = np.divide(np.abs(lag), error, out=np.where(lag == 0, 0.0, np.inf), where=error > 0)
    p: Floats = 2 * stats.norm.sf(z)
    return p


def _peak(leaders: Floats, followers: Floats, *, config: TrajectoryConfig) -> Floats:
    max_shift = round(config.max_lag * leaders.shape[0])
    peak: Floats = np.abs(cross_correlation(leaders, followers, max_shift=max_shift)).max(axis=0)
    return peak


def _resample(paired: Paired, *, config: TrajectoryConfig, seed: int) -> _Resampled:
    rng = np.random.default_rng(seed)
    whole, windows = [], []
    for _ in range(NUM_BOOTSTRAPS):
        cells = rng.integers(paired.time.size, size=paired.time.size)
        series = paired.series(num_bins=config.num_bins, cells=cells)
        whole.append(plain_lags(series.leaders, series.followers, max_lag=config.max_lag))
        windows.append(window_lags_of(series, config=config))
    return _Resampled(np.stack(whole), np.stack(windows))


def _windows(raw: Floats, resampled: Floats, *, coupled_fdr: Floats, config: TrajectoryConfig) -> WindowLags:
    p = lag_p(raw, resampled)
    fdr = stats.false_discovery_control(p.ravel(), method="bh").reshape(p.shape)
    fdr = np.maximum(fdr, coupled_fdr[:, None])
    centres = np.array(config.window_centres)
    smooth = smooth_windows(raw, centres, error=resampled.std(axis=0, ddof=1))
    return WindowLags(centres, smooth, np.where(fdr < config.fdr, np.sign(raw), 0.0), fdr)


def _turns(windows: WindowLags) -> NDArray[np.bool_]:
    early, late = windows.sign[:, windows.centres < 0.5], windows.sign[:, windows.centres > 0.5]
    forward = (early > 0).any(axis=1) & (late < 0).any(axis=1) & ~(early < 0).any(axis=1)
    backward = (early < 0).any(axis=1) & (late > 0).any(axis=1) & ~(early > 0).any(axis=1)
    return np.asarray(forward | backward, dtype=np.bool_)
