"""The attention model as an estimate along a trajectory, with the record of the others."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.lags.attention.config import AttentionConfig
from model.lags.attention.fit import FittedAttention, fit_attention
from model.lags.attention.prior import prior_lags
from model.lags.learned import HALF_WIDTH, HALVES, Likelihoods, lag_grid
from model.lags.likelihood import series_lags
from model.lags.mixture import Posterior, adaptive_fdr
from model.lags.paired import Paired, PairedSeries
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags
from model.lags.windows import WindowLags, call_windows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AttentionEstimator:
    """The asymmetric attention model; called like every estimate along a trajectory.

    Parameters
    ----------
    settings
        Of the model.
    """

    settings: AttentionConfig = field(default_factory=AttentionConfig)

    def __call__(self, paired: Paired, *, config: TrajectoryConfig, seed: int) -> TrajectoryLags:
        """Return the lags that attention learned, in units of the whole of time.

        `lag` is the mean of delta tau over the bins. A sign is called where two tests hold: association, that
        of the default estimate, and a lag different from 0, from the likelihood of the RNA as attention at
        each steady lag tells it. What attention learned of the lag has no say in the tests, so that they do
        not judge their own fit.
        """
        series = paired.series(num_bins=config.num_bins)
        default = series_lags(series, config=config, seed=seed)
        prior = prior_lags(series, self.settings.prior, default=default, config=config)
        fitted = fit_attention(series, prior, config=self.settings, seed=seed)
        return attention_lags(fitted, series, default=default, config=config)


def attention_lags(
    fitted: FittedAttention, series: PairedSeries, *, default: TrajectoryLags, config: TrajectoryConfig
) -> TrajectoryLags:
    """Return the lags of a trained model; association is that of the default estimate of the same series."""
    lags, course = lag_grid(config), fitted.course(series)
    whole, *windows = likelihoods(fitted, series, lags, among=_parts(series.times, config))
    posterior = Posterior.from_likelihoods(whole.coupled, whole.apart, lags)
    coupled_fdr = adaptive_fdr(default.p_coupled)
    fdr = np.maximum(coupled_fdr, posterior.false_sign)
    lag = course.mean(axis=0)
    called = (fdr < config.fdr) & (posterior.sign * lag > 0)
    at_zero = whole.coupled[np.argmin(np.abs(lags))]
    p_lag = stats.chi2.sf(2 * (whole.coupled.max(axis=0) - at_zero), df=1)
    found = _windows(course, series.times, windows[:-2], coupled_fdr=coupled_fdr, config=config)
    _, halves, _ = call_windows(windows[-2:], lags, coupled_fdr=coupled_fdr, level=config.fdr)
    return TrajectoryLags(
        lag=lag, low=np.minimum(posterior.low, lag), high=np.maximum(posterior.high, lag),
        lag_sign=np.where(called, posterior.sign, 0.0), p=np.maximum(p_lag, default.p_coupled),
        fdr=fdr, p_leader=default.p_leader, p_follower=default.p_follower, reason=default.reason,
        unit=config.unit, p_coupled=default.p_coupled, windows=found, turning=default.turning,
        biphasic=halves[:, 0] * halves[:, 1] < 0, times=series.times, course=course.T,
    )  # fmt: skip


def likelihoods(
    fitted: FittedAttention, series: PairedSeries, lags: Floats, *, among: Floats
) -> tuple[Likelihoods, ...]:
    """Return the likelihoods of the RNA in each of W sets of bins, told by attention at each steady lag.

    Errors are normal, with the variance that the best lag leaves, but at least the noise of a bin; one
    degree of freedom is paid for the scale.

    Parameters
    ----------
    among
        Shape (W, K), its first row all bins.
    """
    errors = fitted.errors(series, lags, among)  # (L, W, U)
    variance = np.maximum(1.0, errors[:, 0].min(axis=0) / series.times.size)
    without = among @ np.square(series.followers)  # (W, U)
    gain = (without - errors) / (2 * variance) - np.log(among.sum(axis=1))[:, None] / 2
    apart = np.zeros(variance.size)
    return tuple(Likelihoods(gain[:, part], apart) for part in range(len(among)))


def _parts(times: Floats, config: TrajectoryConfig) -> Floats:
    """Return the bins of the whole, of the windows, and of the two halves, shape (1 + W + 2, K)."""
    centres = [*config.window_centres, *HALVES]
    widths = [config.half_width] * len(config.window_centres) + [HALF_WIDTH] * len(HALVES)
    parts = [np.abs(times - centre) <= width + 1e-9 for centre, width in zip(centres, widths, strict=True)]
    return np.array([np.ones(times.size, dtype=np.bool_), *parts]).astype(np.float64)


def _windows(
    course: Floats,
    times: Floats,
    found: list[Likelihoods],
    *,
    coupled_fdr: Floats,
    config: TrajectoryConfig,
) -> WindowLags:
    """Return the learned lags (K, U) averaged in windows, with the signs that the windows' RNA calls."""
    _, sign, fdr = call_windows(found, lag_grid(config), coupled_fdr=coupled_fdr, level=config.fdr)
    inside = _parts(times, config)[1 : 1 + len(config.window_centres)]
    lag = (inside @ course / np.maximum(inside.sum(axis=1), 1)[:, None]).T
    return WindowLags(np.array(config.window_centres), lag, np.where(sign * lag > 0, sign, 0.0), fdr)
