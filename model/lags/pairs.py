"""The lag test of pairs of profiles; edges and chromatin both go through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.lags.config import LagConfig, Scale
from model.lags.order import direction_p, order_z, rescale, response_time
from model.lags.profiles import Profiles
from model.lags.results import Lags

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
AnyLags = TypeVar("AnyLags", bound=Lags)

PAIR_ELEMENTS = 1_000_000
"""Largest array (pairs, K, B) at a time: 4 MB of float32, of which about a dozen live at once."""


@dataclass(frozen=True)
class Series:
    """What a pair needs of each of G genes; column 0 of the last axis is observed, the others are resamples.

    Parameters
    ----------
    scaled
        Levels on each scale, shape (G, K, 1 + B), float32.
    response
        Response times, shape (G, 1 + B).
    """

    profiles: Profiles
    scaled: tuple[NDArray[np.float32], ...]
    response: Floats

    @classmethod
    def from_profiles(cls, profiles: Profiles, *, midpoints: Floats, scales: tuple[Scale, ...]) -> "Series":
        """Return the series of all genes of the profiles."""
        observed = profiles.levels.astype(np.float32)[:, :, None]
        levels = np.concatenate([observed, profiles.resampled], axis=2)  # (G, K, 1 + B)
        mean = observed.mean(axis=1, keepdims=True)
        mean = np.where(mean > 0, mean, np.float32(1))
        scaled = tuple(rescale(levels, scale=s, mean=mean).astype(np.float32, copy=False) for s in scales)
        return cls(profiles, scaled, response_time(levels, midpoints).astype(np.float64))


def estimate_pair_lags(
    kind: type[AnyLags], leaders: Series, followers: Series, *, pairs: Indices, config: LagConfig
) -> AnyLags:
    """Return the lags of pairs (2, E) of a leader and a follower; those with a reason stay NaN."""
    leader, follower = pairs
    reason = join_reasons(leaders.profiles.unusable[leader], followers.profiles.unusable[follower])
    if leaders is followers:
        reason = np.where((leader == follower) & (reason == ""), "a gene against itself", reason)
    untested = kind.untested(reason, unit=config.unit)
    tested = np.flatnonzero(reason == "")
    if not tested.size:
        return untested
    lag, low, high, order_p = _estimate(leaders, followers, pairs=pairs[:, tested], config=config)
    p_leader, p_follower = leaders.profiles.p[leader[tested]], followers.profiles.p[follower[tested]]
    p = np.maximum.reduce([order_p, p_leader, p_follower])
    fdr = stats.false_discovery_control(p, method="bh")
    spread = partial(_scatter, positions=tested, size=reason.size)
    return kind(
        lag=spread(lag),
        low=spread(low),
        high=spread(high),
        lag_sign=spread(np.where(fdr < config.fdr, np.sign(lag), 0.0)),
        p=spread(p),
        fdr=spread(fdr),
        p_leader=spread(p_leader),
        p_follower=spread(p_follower),
        reason=reason,
        unit=config.unit,
    )


def _scatter(values: Floats, *, positions: NDArray[np.intp], size: int) -> Floats:
    spread = np.full(size, np.nan)
    spread[positions] = values
    return spread


def join_reasons(leader: NDArray[np.str_], follower: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return why each pair cannot be tested, empty where both of its genes can, each (E,)."""
    leading = np.where(leader == "", "", np.char.add("leader: ", leader))
    following = np.where(follower == "", "", np.char.add("follower: ", follower))
    return np.where(leading == "", following, leading)


def _estimate(leaders: Series, followers: Series, *, pairs: Indices, config: LagConfig) -> Floats:
    """Return lag, low, high and the p value of the order of each pair, shape (4, E)."""
    found = np.empty((4, pairs.shape[1]))
    step = max(1, PAIR_ELEMENTS // leaders.scaled[0][0].size)
    for start in range(0, pairs.shape[1], step):
        block = slice(start, start + step)
        leader, follower = pairs[:, block]
        lag = followers.response[follower] - leaders.response[leader]  # (e, 1 + B)
        tail = (1 - config.interval) / 2
        found[1:3, block] = np.quantile(lag[:, 1:], [tail, 1 - tail], axis=1)
        z = np.array([order_z(a[leader], b[follower]) for a, b in _scales(leaders, followers)])
        disagrees = z * lag[:, 0] <= 0
        found[0, block] = lag[:, 0]
        found[3, block] = np.where(disagrees.any(axis=0), 1.0, direction_p(z))
    return found


def _scales(leaders: Series, followers: Series) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    return zip(leaders.scaled, followers.scaled, strict=True)
