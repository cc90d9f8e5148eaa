"""Lags with their signs, for edges and for genes."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lags:
    """Lags of `num` pairs of series; positive always means that the leader is earlier.

    Parameters
    ----------
    lag
        Response time of the follower minus that of the leader, in `unit`; NaN if not estimated.
    low, high
        Bootstrap interval of the lag.
    lag_sign
        NaN not estimated, 0 tested and not different from 0, -1 or 1 called.
    p, fdr
        p value of the order (see `edges.estimate_edge_lags`), and corrected over all tested pairs
        (Benjamini-Hochberg).
    p_leader, p_follower
        Association with time of each of the two series.
    reason
        Why a pair was not estimated; empty where it was tested.
    unit
        Unit of `lag`, `low` and `high`.
    """

    lag: Floats
    low: Floats
    high: Floats
    lag_sign: Floats
    p: Floats
    fdr: Floats
    p_leader: Floats
    p_follower: Floats
    reason: NDArray[np.str_]
    unit: str

    @classmethod
    def untested(cls, reason: NDArray[np.str_], *, unit: str) -> Self:
        """Return lags that are all NaN, one for each reason."""
        nan = np.full(reason.shape, np.nan)
        return cls(nan, nan, nan, nan, nan, nan, nan, nan, reason=reason, unit=unit)

    @property
    def tested(self) -> NDArray[np.bool_]:
        """Whether each pair was tested, shape (num,)."""
        return np.isfinite(self.lag_sign)


@dataclass(frozen=True)
class EdgeLags(Lags):
    """Lags of edges: the regulator's expression is the leader, the target's the follower."""


@dataclass(frozen=True)
class GeneLags(Lags):
    """Lags of genes: the gene's chromatin is the leader, its RNA the follower."""


def not_estimated(num: int, *, reason: str = "the cells have no time", unit: str = "h") -> EdgeLags:
    """Return the lags of `num` edges of data that cannot tell an order: all NaN, with the reason.

    Raises
    ------
    InputError
        `num` is negative.
    """
    if num < 0:
        raise InputError(f"expected a number of edges, found {num}")
    return EdgeLags.untested(np.full(num, reason), unit=unit)
