"""Lags along a trajectory: of the whole, in windows, and as they change with the state of the cells."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.lags.paired import Paired
from model.lags.results import GeneLags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.windows import WindowLags

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
    turning
        Probability that the lag has one sign early and the other late, shape (G,).
    biphasic
        Whether this was called, shape (G,).
    times
        Mean time of each bin of cells, in units of the whole of time, shape (K,).
    course
        Lag of each gene in each bin, shape (G, K): delta tau.
    """

    p_coupled: Floats
    windows: WindowLags
    turning: Floats
    biphasic: NDArray[np.bool_]
    times: Floats
    course: Floats

    @classmethod
    def without(cls, paired: Paired, *, config: TrajectoryConfig) -> "TrajectoryLags":
        """Return lags of which none was estimated, with the reasons."""
        nan = np.full(paired.reason.size, np.nan)
        return cls(
            *(nan,) * 8, reason=paired.reason, unit=config.unit, p_coupled=nan,
            windows=WindowLags.empty(nan.size, config=config), turning=nan,
            biphasic=np.zeros(nan.size, dtype=np.bool_),
            times=np.zeros(0), course=np.zeros((nan.size, 0)),
        )  # fmt: skip

    def spread(self, paired: Paired) -> "TrajectoryLags":
        """Return the lags of all pairs, NaN where one was not tested, in the unit of the cells' time."""
        span = float(np.ptp(paired.time))
        size, usable = paired.reason.size, paired.usable

        def wide(values: Floats, scale: float = 1.0) -> Floats:
            filled = np.full((size, *values.shape[1:]), np.nan)
            filled[usable] = values * scale
            return filled

        biphasic = np.zeros(size, dtype=np.bool_)
        biphasic[usable] = self.biphasic
        windows = replace(
            self.windows, lag=wide(self.windows.lag, span), sign=wide(self.windows.sign),
            fdr=wide(self.windows.fdr),
        )  # fmt: skip
        return replace(
            self, lag=wide(self.lag, span), low=wide(self.low, span), high=wide(self.high, span),
            lag_sign=wide(self.lag_sign), p=wide(self.p), fdr=wide(self.fdr), p_leader=wide(self.p_leader),
            p_follower=wide(self.p_follower), reason=paired.reason, p_coupled=wide(self.p_coupled),
            windows=windows, turning=wide(self.turning), biphasic=biphasic, course=wide(self.course, span),
        )  # fmt: skip

    def at_cells(self, time: ArrayLike, genes: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the lag of `genes` in each cell, shape (N, len(genes)), between bins on a straight line.

        NaN for genes that were not tested.
        """
        values = np.asarray(time, dtype=np.float64)
        places = (values - values.min()) / max(float(np.ptp(values)), np.finfo(np.float64).tiny)
        found = np.full((values.size, genes.size), np.nan, dtype=np.float32)
        for column, gene in enumerate(genes):
            if self.times.size:
                found[:, column] = np.interp(places, self.times, self.course[gene])
        return found


Estimator = Callable[..., TrajectoryLags]
"""From `Paired`, with `config` and `seed` by name, to lags of those that can be tested, time scaled to 1."""
