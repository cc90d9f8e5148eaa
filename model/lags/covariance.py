"""Likelihood of two series that are one smooth program, the second later by a lag."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Program:
    """How a pair of series may vary.

    Parameters
    ----------
    length_scale
        Of the Matern 5/2 covariance, in units of the whole of time.
    leader_sd, follower_sd
        Size of the program in each series, in units of the noise of a bin.
    sign
        -1 for a follower that falls where the leader rises.
    coherence
        Correlation of the two programs at their lag; the rest of each is its own.
    """

    length_scale: float
    leader_sd: float
    follower_sd: float
    sign: int
    coherence: float


def programs(
    length_scales: Sequence[float], sds: Sequence[float], coherences: Sequence[float]
) -> tuple[Program, ...]:
    """Return every program on a grid; two series of which one has an sd of 0 have no sign or coherence."""
    return tuple(
        Program(length_scale, leader, follower, sign, coherence)
        for length_scale, leader, follower in product(length_scales, sds, sds)
        for sign, coherence in (product((1, -1), coherences) if leader * follower > 0 else ((1, 1.0),))
    )


def matern(distance: Floats, length_scale: float) -> Floats:
    """Return the Matern 5/2 covariance.

    References
    ----------
    Rasmussen & Williams 2006, equation 4.17.
    """
    scaled = np.sqrt(5) * np.abs(distance) / length_scale
    covariance: Floats = (1 + scaled + scaled**2 / 3) * np.exp(-scaled)
    return covariance


def smooth_basis(times: Floats, *, length_scales: Sequence[float], size: int) -> Floats:
    """Return the leading directions of centred smooth series, shape (K, size), orthonormal."""
    centring = np.eye(times.size) - 1 / times.size
    covariance = sum(matern(times[:, None] - times, length) for length in length_scales)
    vectors = np.linalg.eigh(centring @ covariance @ centring)[1]
    basis: Floats = vectors[:, ::-1][:, : min(size, times.size - 1)]
    return basis


@dataclass(frozen=True)
class Frame:
    """Directions in which two series are looked at: the whole of time, or a window of the follower.

    Parameters
    ----------
    times
        Shape (K,).
    leader, follower
        Shape (K, m) and (K, n); the series (K, G) are read as ``leader.T @ series``.
    """

    times: Floats
    leader: Floats
    follower: Floats

    @classmethod
    def whole(cls, times: Floats, *, length_scales: Sequence[float], size: int) -> "Frame":
        """Return the frame of the whole of time."""
        basis = smooth_basis(times, length_scales=length_scales, size=size)
        return cls(times, basis, basis)

    def window(self, *, centre: float, half_width: float) -> "Frame":
        """Return the frame with the follower's bins of a window only; the leader is read beyond its edge."""
        inside = np.abs(self.times - centre) <= half_width + 1e-9
        centring = np.eye(self.times.size) - 1 / self.times.size
        return Frame(self.times, self.leader, centring[:, inside])

    def read(self, leaders: Floats, followers: Floats) -> Singles:
        """Return what the frame sees of the series of G pairs, shape (m + n, G)."""
        seen = np.concatenate([self.leader.T @ leaders, self.follower.T @ followers])
        return seen.astype(np.float32)

    def factors(self, program: Program, lags: Floats) -> "Factors":
        """Return the whitening of the pair for each lag, then that of two unrelated series (last)."""
        steady = np.broadcast_to(self.times, (lags.size, self.times.size))
        return self.warped(program, steady - lags[:, None])

    def warped(self, program: Program, read_at: Floats) -> "Factors":
        """Return the whitening where the follower is the program at other times; last, of unrelated series.

        Parameters
        ----------
        read_at
            At which time of the program each bin of the follower is, shape (T, K).
        """
        gap = self.times[:, None] - self.times
        noise, smooth = np.eye(self.times.size), matern(gap, program.length_scale)
        first = self.leader.T @ (noise + program.leader_sd**2 * smooth) @ self.leader
        steady = self.follower.T @ (noise + program.follower_sd**2 * smooth) @ self.follower
        second = np.broadcast_to(steady, (len(read_at) + 1, *steady.shape)).copy()
        moved = np.ptp(read_at - self.times, axis=1) > 1e-9
        if moved.any():
            within = read_at[moved, :, None] - read_at[moved, None, :]
            within = matern(within, program.length_scale)
            second[:-1][moved] = self.follower.T @ (noise + program.follower_sd**2 * within) @ self.follower
        shared = matern(self.times[:, None] - read_at[:, None, :], program.length_scale)  # (T, K, K)
        scale = program.sign * program.coherence * program.leader_sd * program.follower_sd
        cross = scale * (self.leader.T @ shared @ self.follower)
        return _factors(first, second, cross)


def _factors(first: Floats, second: Floats, cross: Floats) -> "Factors":
    """Return the whitening of pairs with covariances (m, m), (T + 1, n, n) and (T, m, n), 0 for the last."""
    split, size = len(first), len(first) + second.shape[1]
    covariance = np.zeros((len(second), size, size))
    covariance[:, :split, :split] = first
    covariance[:, split:, split:] = second
    covariance[:-1, :split, split:] = cross
    covariance[:-1, split:, :split] = cross.transpose(0, 2, 1)
    lower = np.linalg.cholesky(covariance)
    log_det = -np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    return Factors(np.linalg.inv(lower).astype(np.float32), log_det.astype(np.float32))


@dataclass(frozen=True)
class Factors:
    """Inverse Cholesky factors (L + 1, d, d) and -log det / 2 (L + 1,)."""

    whitening: Singles
    log_det: Singles

    def log_likelihood(self, seen: Singles) -> Singles:
        """Return the log likelihood of pairs (d, G), shape (L + 1, G), without its constant."""
        num, size, _ = self.whitening.shape
        white = (self.whitening.reshape(-1, size) @ seen).reshape(num, size, -1)
        found: Singles = self.log_det[:, None] - np.einsum("ldg,ldg->lg", white, white) / 2
        return found
