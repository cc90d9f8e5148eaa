"""The lag that the attention model starts from and is drawn to."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.lags.attention.config import Prior
from model.lags.bootstrap import window_lags_of
from model.lags.paired import PairedSeries
from model.lags.smoothing import smooth_windows
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags

Floats = NDArray[np.float64]

WINDOW_ERROR = 0.1
"""Standard error of the lag of a window, in units of the whole of time."""


def prior_lags(
    series: PairedSeries, kind: Prior, *, default: TrajectoryLags, config: TrajectoryConfig
) -> Floats:
    """Return the prior lag of each pair in each bin, shape (K, U).

    Lags in windows, smoothed along time by a Gaussian process and read off on straight lines between windows.
    `cross-correlation`: where |cross-correlation| is largest in each window, as published. `likelihood`: the
    windows of the default estimate, around its lag over the whole of time.
    """
    if kind == "likelihood":
        raw, middle = default.windows.lag, default.lag[:, None]
    else:
        raw, middle = window_lags_of(series, config=config), np.zeros((1, 1))
    error = np.full(raw.shape, WINDOW_ERROR)
    smooth = smooth_windows(raw - middle, default.windows.centres, error=error)
    return replace(default.windows, lag=middle + smooth).at(series.times).T
