"""The plain estimate of a lag: where the cross-correlation of two binned series is largest."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def cross_correlation(leaders: Floats, followers: Floats, *, max_shift: int) -> Floats:
    """Return the correlation of series (K, G) at each shift of -max_shift ... max_shift bins, (2 M + 1, G).

    ``c_k = sum_i l_i f_(i+k) / (sqrt(K) sqrt(n_k))`` of the two standardised series with ``n_k`` bins of
    overlap: between the sum over K, which is biased to small shifts, and that over ``n_k``, which lets few
    bins decide. A constant series has 0 everywhere. Positive shifts: the leader is earlier.
    """
    num_bins = leaders.shape[0]
    first, second = _standardise(leaders), _standardise(followers)
    found = np.empty((2 * max_shift + 1, leaders.shape[1]))
    for row, shift in enumerate(range(-max_shift, max_shift + 1)):
        early = first[: num_bins - shift] if shift >= 0 else first[-shift:]
        late = second[shift:] if shift >= 0 else second[: num_bins + shift]
        found[row] = (early * late).sum(axis=0) / np.sqrt(num_bins * early.shape[0])
    return found


def plain_lags(leaders: Floats, followers: Floats, *, max_lag: float) -> Floats:
    """Return the lag of the largest |cross-correlation| of each pair (K, G), in units of the whole of time.

    Repressed followers count as much as activated ones; 0 where there is no correlation at all.
    """
    max_shift = round(max_lag * leaders.shape[0])
    size = np.abs(cross_correlation(leaders, followers, max_shift=max_shift))
    shift = np.where(size.max(axis=0) > 0, size.argmax(axis=0) - max_shift, 0)
    lag: Floats = shift / leaders.shape[0]
    return lag


def _standardise(series: Floats) -> Floats:
    centred = series - series.mean(axis=0)
    spread = centred.std(axis=0)
    standard: Floats = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return standard


def window_correlation(
    leaders: Floats, followers: Floats, inside: NDArray[np.bool_], *, max_shift: int
) -> Floats:
    """Return the correlation of the followers `inside` a window with the leaders at each shift, (2 M + 1, G).

    The leaders are read beyond the edges of the window; a shift leaves out the bins whose leader would lie
    before the first or after the last, and fewer than three bins have no correlation. The correlation of n
    bins is scaled by sqrt(n / N), N those of the window, so that few bins do not decide.
    """
    places = np.flatnonzero(inside)
    found = np.zeros((2 * max_shift + 1, leaders.shape[1]))
    for row, shift in enumerate(range(-max_shift, max_shift + 1)):
        here = places[(places - shift >= 0) & (places - shift < leaders.shape[0])]
        if here.size < 3:
            continue
        early, late = _standardise(leaders[here - shift]), _standardise(followers[here])
        found[row] = (early * late).mean(axis=0) * np.sqrt(here.size / places.size)
    return found
