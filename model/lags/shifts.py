"""Association of two series: coupling beyond that of series shifted against each other."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shifted_p(
    statistic: Callable[[Floats, Floats], Floats],
    leaders: Floats,
    followers: Floats,
    *,
    max_lag: float,
    num_shifts: int,
) -> Floats:
    """Return the p value of each of R statistics of pairs of series (K, G), shape (R, G).

    The null is that of the followers shifted in a circle along time by more than the largest lag, pooled over
    shifts and pairs.

    Parameters
    ----------
    statistic
        From leaders and followers to R values a pair, shape (R, G); large ones speak for coupling.
    max_lag
        In units of the whole of time.
    """
    num_bins = leaders.shape[0]
    least = int(np.ceil(max_lag * num_bins)) + 1
    number = min(num_shifts, num_bins - 2 * least + 1)
    shifts = np.unique(np.linspace(least, num_bins - least, number).round()).astype(np.int64)
    null = [statistic(leaders, np.roll(followers, shift, axis=0)) for shift in shifts]
    pooled = np.sort(np.concatenate(null, axis=1), axis=1)  # (R, shifts x G)
    observed = statistic(leaders, followers)
    p: Floats = np.empty_like(observed)
    for row, values in enumerate(observed):
        beyond = pooled.shape[1] - np.searchsorted(pooled[row], values, side="left")
        p[row] = (1 + beyond) / (1 + pooled.shape[1])
    return p
