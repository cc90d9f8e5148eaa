"""How sure a figure is: percentile bootstraps over regulators.

Pairs of one regulator stand and fall together, so regulators are drawn, never pairs.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """Bounds of an interval; both NaN where fewer than two regulators leave nothing to draw."""

    low: float
    high: float


UNKNOWN = Interval(float("nan"), float("nan"))


@lru_cache(maxsize=8)
def regulator_weights(num_regulators: int, *, num_bootstraps: int, seed: int) -> Floats:
    """Return how often each regulator is drawn in each resample, ``(num_bootstraps, num_regulators)``.

    The array is read-only: every figure and method of an exam shares it.
    """
    rng = np.random.default_rng(seed)
    chances = np.full(num_regulators, 1 / num_regulators)
    weights = rng.multinomial(num_regulators, chances, size=num_bootstraps).astype(np.float64)
    weights.flags.writeable = False
    return weights


def percentile_interval(values: Floats, *, level: float = 0.95) -> Interval:
    """Return the central interval of the finite values; NaN if there are none."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return UNKNOWN
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def mean_interval(values: Floats, *, num_bootstraps: int = 1000, seed: int, level: float = 0.95) -> Interval:
    """Return the interval of the mean of one value a regulator, NaN values left out."""
    finite = values[np.isfinite(values)]
    if finite.size < 2:
        return UNKNOWN
    result = bootstrap(
        (finite,),
        np.mean,
        n_resamples=num_bootstraps,
        confidence_level=level,
        method="percentile",
        vectorized=True,
        batch=100,
        rng=np.random.default_rng(seed),
    )
    return Interval(float(result.confidence_interval.low), float(result.confidence_interval.high))


def ratio_interval(
    numerators: Floats, denominators: Floats, *, num_bootstraps: int = 1000, seed: int, level: float = 0.95
) -> Interval:
    """Return the interval of ``sum(numerators) / sum(denominators)``, one of each a regulator, ``(R,)``."""
    if len(numerators) < 2:
        return UNKNOWN
    weights = regulator_weights(len(numerators), num_bootstraps=num_bootstraps, seed=seed)
    return percentile_interval(_divide(weights @ numerators, weights @ denominators), level=level)


def pair_ratio_interval(
    numerators: Floats, denominators: Floats, *, num_bootstraps: int = 1000, seed: int, level: float = 0.95
) -> Interval:
    """Return the interval of a ratio of sums over pairs of regulators.

    Parameters
    ----------
    numerators, denominators
        Sums for each ordered pair of regulators, ``(R, R)``. Both regulators of a pair are drawn, so a pair
        counts with the product of how often its two were: the bootstrap of a two-sample statistic.
    """
    if len(numerators) < 2:
        return UNKNOWN
    weights = regulator_weights(len(numerators), num_bootstraps=num_bootstraps, seed=seed)
    above = np.sum((weights @ numerators) * weights, axis=1)  # (num_bootstraps,)
    below = np.sum((weights @ denominators) * weights, axis=1)
    return percentile_interval(_divide(above, below), level=level)


def _divide(above: Floats, below: Floats) -> Floats:
    out = np.full(len(above), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out
