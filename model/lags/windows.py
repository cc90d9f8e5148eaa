"""Lags in windows along time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.lags.learned import LearnedPrograms, Likelihoods
from model.lags.mixture import Posterior
from model.lags.trajectory_config import TrajectoryConfig

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WindowLags:
    """Lags of G genes in W windows.

    Parameters
    ----------
    centres
        Middle of each window, in units of the whole of time, shape (W,).
    lag, sign, fdr
        Shape (G, W); the sign is 0 unless called.
    """

    centres: Floats
    lag: Floats
    sign: Floats
    fdr: Floats

    @classmethod
    def empty(cls, num_genes: int, *, config: TrajectoryConfig) -> "WindowLags":
        """Return windows without an estimate."""
        centres = np.array(config.window_centres)
        nan = np.full((num_genes, centres.size), np.nan)
        return cls(centres, nan, nan, nan)

    def at(self, times: Floats) -> Floats:
        """Return the lag of each gene at each of K times, on straight lines between windows, shape (G, K)."""
        if self.centres.size == 1:
            return np.repeat(self.lag, times.size, axis=1)
        upper = np.clip(np.searchsorted(self.centres, times), 1, self.centres.size - 1)
        lower = upper - 1
        share = (times - self.centres[lower]) / (self.centres[upper] - self.centres[lower])
        share = np.clip(share, 0, 1)
        found: Floats = (1 - share) * self.lag[:, lower] + share * self.lag[:, upper]
        return found


def window_lags(
    learned: LearnedPrograms, leaders: Floats, followers: Floats, *, coupled_fdr: Floats
) -> WindowLags:
    """Return the lags in windows of pairs of series (K, G): the follower within, the leader beyond its edge.

    The fdr of a window is no smaller than `coupled_fdr`, that of coupling over the whole of time, shape (G,).
    """
    config = learned.config
    found = []
    for centre in config.window_centres:
        frame = learned.frame.window(centre=centre, half_width=config.half_width)
        found.append(learned.judge(frame, learned.in_frame(frame), leaders, followers))
    lag, sign, fdr = call_windows(found, learned.lags, coupled_fdr=coupled_fdr, level=config.fdr)
    return WindowLags(np.array(config.window_centres), lag, sign, fdr)


def call_windows(
    found: Sequence[Likelihoods], lags: Floats, *, coupled_fdr: Floats, level: float
) -> tuple[Floats, Floats, Floats]:
    """Return lag, sign and fdr of each gene in each of W windows, each (G, W), under one mixture of lags."""
    num_windows, num_genes = len(found), coupled_fdr.size
    posterior = Posterior.from_likelihoods(
        np.concatenate([window.coupled for window in found], axis=1),
        np.concatenate([window.apart for window in found]),
        lags,
    )
    false_sign, sign, lag = (
        values.reshape(num_windows, num_genes).T  # (G, W)
        for values in (posterior.false_sign, posterior.sign, posterior.lag)
    )
    fdr = np.maximum(false_sign, coupled_fdr[:, None])
    return lag, np.where(fdr < level, sign, 0.0), fdr
