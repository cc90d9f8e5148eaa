"""The interval of AUPRC by bootstrap over regulators: each resample is a ranking of its own, never redrawn.

A regulator that is drawn twice brings all its pairs twice. Tied pairs, and the long tail of a ranking that is
cut into blocks of equally many positives, count as their mean over all orders, as in `metrics.auprc`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from graph.validation.intervals import UNKNOWN, Floats, Interval, percentile_interval, regulator_weights

MAX_BLOCKS = 1_000
"""Half of them are the best levels of a ranking, one each; the other levels share the other half."""


@dataclass(frozen=True)
class Blocks:
    """Positives and negatives of each regulator in K blocks of the ranking, rising in score.

    Attributes
    ----------
    edges
        First level of each block, ``(K,)``; a level is a score that some positive has.
    positives, inside, above
        Of each regulator in each block, ``(R, K)``: its positives, its negatives, and its negatives between
        this block and the next one.
    """

    edges: NDArray[np.int64]
    positives: Floats
    inside: Floats
    above: Floats

    def count_negatives(self, row: int, *, at: NDArray[np.int64], between: NDArray[np.int64]) -> None:
        """Write the negatives of a regulator: at each level, ``(L,)``, and in the gaps, ``(L + 1,)``."""
        if not len(self.edges):
            return
        last = np.append(self.edges[1:], len(at)) - 1  # last level of each block
        within = np.add.reduceat(at + between[1:], self.edges)
        self.above[row] = between[1:][last]
        self.inside[row] = within - self.above[row]


def blocks_of(
    level_of: NDArray[np.int64], owner: NDArray[np.int64], *, num_levels: int, num_regulators: int
) -> Blocks:
    """Return blocks with their positives counted, and no negatives as yet.

    Parameters
    ----------
    level_of, owner
        Level (0 = lowest) and regulator of each positive, ``(num_positives,)``.
    """
    edges = _edges(np.bincount(level_of, minlength=num_levels))
    block = np.searchsorted(edges, level_of, side="right") - 1
    shape = (num_regulators, len(edges))
    counts = np.bincount(owner * len(edges) + block, minlength=shape[0] * shape[1])
    return Blocks(edges, counts.reshape(shape).astype(np.float64), np.zeros(shape), np.zeros(shape))


def precision_intervals(
    blocks: Blocks, num_candidates: NDArray[np.int64], *, num_bootstraps: int, seed: int
) -> tuple[Interval, Interval]:
    """Return the 95 % intervals of AUPRC and of AUPRC over prevalence.

    Parameters
    ----------
    num_candidates
        Of each regulator, ``(R,)``.
    """
    if len(num_candidates) < 2:
        return UNKNOWN, UNKNOWN
    weights = regulator_weights(len(num_candidates), num_bootstraps=num_bootstraps, seed=seed)
    area = resampled_auprc(blocks, weights)
    hits = weights @ blocks.positives.sum(axis=1)
    prevalence = np.divide(hits, weights @ num_candidates, out=np.full(len(hits), np.nan), where=hits > 0)
    return percentile_interval(area), percentile_interval(area / prevalence)


def resampled_auprc(blocks: Blocks, weights: Floats) -> Floats:
    """Return the AUPRC of each resample, ``(num_bootstraps,)``; NaN where it has no positive.

    Parameters
    ----------
    weights
        How often each regulator is drawn, ``(num_bootstraps, R)``.

    Notes
    -----
    A block of n pairs with p positives after N pairs with P positives adds the sum over its places j of
    ``(p / n) (P + 1 + (j - 1) a) / (N + j)`` with ``a = (p - 1) / (n - 1)``; the sum of ``1 / (N + j)`` is a
    difference of two digamma functions.
    """
    best_first = slice(None, None, -1)
    p = (weights @ blocks.positives)[:, best_first]  # (num_bootstraps, K)
    n = p + (weights @ blocks.inside)[:, best_first]
    gap = (weights @ blocks.above)[:, best_first]
    ahead, hits = np.cumsum(n + gap, axis=1) - n, np.cumsum(p, axis=1) - p
    slope = np.divide(p - 1, n - 1, out=np.zeros(n.shape), where=n > 1)
    places = digamma(ahead + n + 1) - digamma(ahead + 1)
    added = slope * n + (hits + 1 - slope * (ahead + 1)) * places
    shares = np.divide(p, n, out=np.zeros(n.shape), where=n > 0)
    total = p.sum(axis=1)
    area = np.sum(shares * added, axis=1)
    return np.asarray(np.divide(area, total, out=np.full(len(total), np.nan), where=total > 0))


def _edges(num_positives: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first level of each block, rising: the best levels alone, the others in equal shares."""
    num_levels = len(num_positives)
    if num_levels <= MAX_BLOCKS:
        return np.arange(num_levels)
    alone = np.arange(num_levels - MAX_BLOCKS // 2, num_levels)
    tail = np.cumsum(num_positives[: alone[0]])
    shares = np.linspace(0, tail[-1], MAX_BLOCKS // 2, endpoint=False)
    return np.concatenate([np.unique(np.searchsorted(tail, shares, side="right")), alone])
