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
    lag, sign, fdr = call_windows(learned, found, coupled_fdr=coupled_fdr)
    return WindowLags(np.array(config.window_centres), lag, sign, fdr)


def find_biphasic(
    learned: LearnedPrograms, leaders: Floats, followers: Floats, *, coupled_fdr: Floats
) -> NDArray[np.bool_]:
    """Return which pairs have a called lag of one sign in the first half and of the other in the second."""
    halves = learned.in_halves(leaders, followers)
    _, sign, _ = call_windows(learned, halves, coupled_fdr=coupled_fdr)
    turned: NDArray[np.bool_] = sign[:, 0] * sign[:, 1] < 0
    return turned


def call_windows(
    learned: LearnedPrograms, found: Sequence[Likelihoods], *, coupled_fdr: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return lag, sign and fdr of each gene in each of W windows, each (G, W), under one mixture of lags."""
    num_windows, num_genes = len(found), coupled_fdr.size
    posterior = Posterior.from_likelihoods(
        np.concatenate([window.coupled for window in found], axis=1),
        np.concatenate([window.apart for window in found]),
        learned.lags,
    )
    false_sign, sign, lag = (
        values.reshape(num_windows, num_genes).T  # (G, W)
        for values in (posterior.false_sign, posterior.sign, posterior.lag)
    )
    fdr = np.maximum(false_sign, coupled_fdr[:, None])
    return lag, np.where(fdr < learned.config.fdr, sign, 0.0), fdr
