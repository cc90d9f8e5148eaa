"""Activity by contact: the share of what reaches a gene that comes from each of its candidate peaks.

A = how open the peak is in a context, C = how often it meets the gene's start site, told from distance alone.
The share is A * C over the sum of it within 5 Mb. Candidates end long before that, so the rest of the 5 Mb is
taken to be as open as the data set is on average: the only peak of a gene does not have all of it.

References
----------
Fulco et al. 2019, doi:10.1038/s41588-019-0538-0, who measure activity by DNase and H3K27ac and contact by
Hi-C; the exponent and the 5 kb are those of their power law.
"""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

EXPONENT = 0.87
NEAREST_BP = 5_000.0
"""Contact does not grow any more below this distance."""
REACH_BP = 5_000_000.0
"""Distance on either side within which peaks compete for a gene."""
MIN_OVERDISPERSION = 1e-3


def contact(distance_bp: npt.NDArray[np.floating]) -> Doubles:
    """Return the contact at a distance relative to that at 5 kb, in (0, 1], never growing with distance."""
    return np.asarray((np.maximum(distance_bp, NEAREST_BP) / NEAREST_BP) ** -EXPONENT, dtype=np.float64)


def contact_beyond(distance_bp: float) -> float:
    """Return the integral of contact over bp from a distance to 5 Mb, on both sides; 0 from there on."""
    near = max(NEAREST_BP - distance_bp, 0.0)
    start = min(max(distance_bp, NEAREST_BP), REACH_BP)
    power = 1 - EXPONENT
    far = NEAREST_BP**EXPONENT * (REACH_BP**power - start**power) / power
    return float(2 * (near + far))


def accessibility(counts: sp.csr_matrix, inside: Mask) -> Doubles:
    """Return how open each peak is in a context, `(num_peaks,)`, in shares of all counts over all cells.

    It is the peak's share over all cells times how much more of its counts lie inside than depth says. What
    lies inside is a beta-binomial posterior mean: few counts are drawn to what depth says, the more the less
    the peaks differ beyond counting noise. With the labels shuffled every context is nearly like all cells.

    Parameters
    ----------
    counts
        Raw counts `(num_metacells, num_peaks)`.
    inside
        `(num_metacells,)` those of the context; no or all metacells give the shares over all cells.
    """
    total = _sums(counts)
    overall = total / max(total.sum(), 1.0)
    here = _sums(counts[inside])
    depth = here.sum() / max(total.sum(), 1.0)
    if depth in (0.0, 1.0):
        return np.asarray(overall)
    prior_counts = 1 / overdispersion(here, total, rate=depth) - 1
    rate = (here + prior_counts * depth) / (total + prior_counts)
    return np.asarray(overall * rate / depth)


def overdispersion(successes: Doubles, trials: Doubles, *, rate: float) -> float:
    """Return the correlation of two trials of one series beyond a common rate, in (0, 1).

    Pearson's statistic has the expectation 1 + (trials - 1) * correlation in each series. Series of two
    trials or more count alike: weighted by trials, a few strong peaks, open everywhere, decide for all.
    """
    seen = trials > 1
    expected = trials[seen] * rate
    pearson = (successes[seen] - expected) ** 2 / (expected * (1 - rate))
    excess = (pearson - 1) / (trials[seen] - 1)
    mean = excess.mean() if excess.size else 0.0
    return float(np.clip(mean, MIN_OVERDISPERSION, 1 - MIN_OVERDISPERSION))


def activity_share(
    openness: Doubles,
    near_index: Integers,
    distance_bp: npt.NDArray[np.floating],
    *,
    window_bp: float,
    span_bp: int,
) -> Doubles:
    """Return the share of each candidate in what reaches its gene, `(num_near,)` in [0, 1].

    Parameters
    ----------
    openness
        `(num_peaks,)` in any unit; a closed peak has a share of 0.
    near_index, distance_bp
        `(2, num_near)` gene and peak, and how far the peak is from the gene's start site.
    window_bp
        Distance on either side of a gene within which all peaks are candidates.
    span_bp
        Bases over which the peaks are spread, for the average openness of a base.
    """
    gene, peak = near_index
    reached = openness[peak] * contact(distance_bp)
    outside = openness.sum() / max(span_bp, 1) * contact_beyond(window_bp)
    total = np.bincount(gene, weights=reached)[gene] + outside
    return np.asarray(np.divide(reached, total, out=np.zeros_like(reached), where=reached > 0))


def _sums(counts: sp.csr_matrix) -> Doubles:
    return np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
