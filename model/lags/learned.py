"""The programs of a data set: which are common is learned, then every gene is judged by them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.lags.covariance import Factors, Frame, Program, Singles, programs
from model.lags.mixture import learn_weights, log_mean
from model.lags.shifts import shifted_p
from model.lags.trajectory_config import TrajectoryConfig

Floats = NDArray[np.float64]

RARE = 2e-3
"""Weight below which a program is left out."""
GENES_AT_A_TIME = 500
HALVES, HALF_WIDTH = (0.2, 0.8), 0.2
"""Early and late cells: the fifth between them is where a lag turns."""


@dataclass(frozen=True)
class Likelihoods:
    """Log likelihoods of G pairs, programs averaged out.

    Parameters
    ----------
    coupled
        At each lag, shape (L, G).
    apart
        Of two unrelated series, shape (G,).
    """

    coupled: Floats
    apart: Floats


@dataclass(frozen=True)
class LearnedPrograms:
    """Programs with their weights.

    Parameters
    ----------
    frame
        The whole of time.
    lags
        Grid of lags in units of the whole of time, shape (L,), 0 in its middle.
    programs
        H programs.
    coupled, apart
        Weight of each among coupled and among unrelated pairs, shape (H,).
    """

    frame: Frame
    lags: Floats
    programs: tuple[Program, ...]
    coupled: Floats
    apart: Floats
    config: TrajectoryConfig

    @classmethod
    def from_series(
        cls, leaders: Floats, followers: Floats, *, times: Floats, config: TrajectoryConfig, seed: int
    ) -> "LearnedPrograms":
        """Return the programs of pairs of series (K, G), learned from some of them."""
        lags = lag_grid(config)
        frame = Frame.whole(times, length_scales=config.length_scales, size=config.num_directions)
        shuffled = np.random.default_rng(seed).permutation(leaders.shape[1])
        chosen = np.sort(shuffled[: config.num_learned])
        candidates = programs(config.length_scales, config.program_sds, config.coherences)
        seen = frame.read(leaders[:, chosen], followers[:, chosen])
        coupled, apart = _likelihoods(frame, candidates, seen, lags=lags)
        has_both = np.array([p.leader_sd * p.follower_sd > 0 for p in candidates])
        stands_alone = ~has_both | np.array([p.sign > 0 and p.coherence == 1 for p in candidates])
        coupled_weights = _weights(coupled, among=has_both)
        apart_weights = _weights(apart, among=stands_alone)
        kept = np.flatnonzero(coupled_weights + apart_weights)
        return cls(
            frame=frame,
            lags=lags,
            programs=tuple(candidates[k] for k in kept),
            coupled=coupled_weights[kept],
            apart=apart_weights[kept],
            config=config,
        )

    @cached_property
    def factors(self) -> tuple[Factors, ...]:
        """Whitening of each program in the frame of the whole of time."""
        return self.in_frame(self.frame)

    def in_frame(self, frame: Frame) -> tuple[Factors, ...]:
        """Return the whitening of each program."""
        return tuple(frame.factors(program, self.lags) for program in self.programs)

    def likelihoods(self, leaders: Floats, followers: Floats) -> Likelihoods:
        """Return the likelihoods of pairs of series (K, G)."""
        return self.judge(self.frame, self.factors, leaders, followers)

    def judge(
        self, frame: Frame, factors: tuple[Factors, ...], leaders: Floats, followers: Floats
    ) -> Likelihoods:
        """Return the likelihoods of pairs of series (K, G) in a frame."""
        num_genes = leaders.shape[1]
        coupled, apart = np.empty((self.lags.size, num_genes)), np.empty(num_genes)
        for genes in blocks(num_genes):
            seen = frame.read(leaders[:, genes], followers[:, genes])
            coupled[:, genes], apart[genes] = self._average(factors, seen)
        return Likelihoods(coupled, apart)

    def _average(self, factors: tuple[Factors, ...], seen: Singles) -> tuple[Floats, Floats]:
        found = np.stack([factor.log_likelihood(seen) for factor in factors]).astype(np.float64)
        return log_mean(found[:, :-1], self.coupled), log_mean(found[:, -1], self.apart)

    @cached_property
    def halves(self) -> tuple[tuple[Frame, tuple[Factors, ...]], ...]:
        """The frames of the follower's first and second half, with the whitening of each program."""
        frames = [self.frame.window(centre=centre, half_width=HALF_WIDTH) for centre in HALVES]
        return tuple((frame, self.in_frame(frame)) for frame in frames)

    def in_halves(self, leaders: Floats, followers: Floats) -> tuple[Likelihoods, ...]:
        """Return the likelihoods of the follower's first and second half."""
        return tuple(self.judge(*half, leaders, followers) for half in self.halves)

    def association(self, leaders: Floats, followers: Floats) -> Floats:
        """Return the p value of coupling at one lag (row 0), or at one or one a half (row 1), shape (2, G).

        The statistic is the log likelihood of coupling over that of two unrelated series; its null is that of
        the follower shifted along time by more than the largest lag, pooled over shifts and genes.
        """
        return shifted_p(
            self._coupling, leaders, followers,
            max_lag=float(self.lags[-1]), num_shifts=self.config.num_shifts,
        )  # fmt: skip

    def _coupling(self, leaders: Floats, followers: Floats) -> Floats:
        """Return the evidence of coupling at one lag, and at one lag or one a half, shape (2, G)."""
        whole = self._evidence(self.likelihoods(leaders, followers))
        apiece = sum(self._evidence(half) for half in self.in_halves(leaders, followers))
        return np.stack([whole, np.maximum(whole, apiece)])

    def _evidence(self, found: Likelihoods) -> Floats:
        even = np.full(self.lags.size, 1 / self.lags.size)
        return log_mean(found.coupled, even) - found.apart


def lag_grid(config: TrajectoryConfig) -> Floats:
    """Return the lags that are tried, in units of the whole of time, a fifth beyond the largest."""
    steps = round(1.2 * config.max_lag / config.lag_step)
    lags: Floats = np.arange(-steps, steps + 1).astype(np.float64) * config.lag_step
    return lags


def _likelihoods(
    frame: Frame, candidates: Sequence[Program], seen: Singles, *, lags: Floats
) -> tuple[Floats, Floats]:
    """Return the log likelihood of each program, lags averaged out, and without coupling, each (H, G)."""
    even = np.full(lags.size, 1 / lags.size)
    coupled, apart = (np.empty((len(candidates), seen.shape[1])) for _ in range(2))
    for row, program in enumerate(candidates):
        found = frame.factors(program, lags).log_likelihood(seen).astype(np.float64)
        coupled[row], apart[row] = log_mean(found[:-1], even), found[-1]
    return coupled, apart


def _weights(log_values: Floats, *, among: NDArray[np.bool_]) -> Floats:
    """Return the weights (H,) of the programs `among` which the genes are, without the rare ones."""
    weights = np.zeros(among.size)
    weights[among] = learn_weights(log_values[among])
    weights[weights < RARE] = 0
    normalised: Floats = weights / weights.sum()
    return normalised


def blocks(num: int) -> Iterator[slice]:
    """Yield slices of so many genes that their likelihoods fit in memory."""
    for start in range(0, num, GENES_AT_A_TIME):
        yield slice(start, min(start + GENES_AT_A_TIME, num))
