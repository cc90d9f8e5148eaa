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

    `likelihood`: the course of the default estimate. `cross-correlation`, as published: where the
    |cross-correlation| is largest in each window, smoothed by a Gaussian process and read off on straight
    lines between windows.
    """
    if kind == "likelihood":
        return default.course.T
    raw = window_lags_of(series, config=config)
    smooth = smooth_windows(raw, default.windows.centres, error=np.full(raw.shape, WINDOW_ERROR))
    return replace(default.windows, lag=smooth).at(series.times).T
