"""How well a ranking puts positives first, averaged over all orders of tied scores.

A tie is never broken: each figure is its mean over all orders of the tied pairs, so that a network which
returns few edges is neither favoured nor punished by the order of a file.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma
from sklearn.metrics import auc

from graph.errors import InputError
from graph.validation.universe import Mask, Matrix


@dataclass(frozen=True)
class Ranking:
    """Pairs in falling order of score, tied ones as one group; so are negatives with no positive between.

    Attributes
    ----------
    sizes
        Pairs in each group, ``(num_groups,)``, best score first.
    positives
        Positives in each group, ``(num_groups,)``.
    """

    sizes: NDArray[np.int64]
    positives: NDArray[np.int64]

    @property
    def num_pairs(self) -> int:
        """Number of ranked pairs."""
        return int(self.sizes.sum())

    @property
    def num_positives(self) -> int:
        """Number of positives among them."""
        return int(self.positives.sum())

    @property
    def prevalence(self) -> float:
        """Share of positives, which is the mean AUPRC of random rankings."""
        return self.num_positives / self.num_pairs


def rank(scores: Matrix, labels: Mask) -> Ranking:
    """Return the ranking of scored, labelled pairs.

    Parameters
    ----------
    scores
        Finite scores, higher = surer, any shape.
    labels
        True for positives, the same shape.

    Raises
    ------
    InputError
        Shapes differ, a score is not finite, or there are no positives or no negatives.
    """
    scores, labels = np.ravel(scores), np.ravel(labels).astype(np.bool_)
    if scores.shape != labels.shape:
        raise InputError(f"expected one label a score: {scores.size:,} scores, {labels.size:,} labels")
    refuse_unranked(scores)
    if not labels.any() or labels.all():
        raise InputError(
            f"expected positives and negatives, found {labels.sum():,} positives in {labels.size:,} pairs",
            hint="check that the network, the database and the universe use the same gene ids",
        )
    ordered = np.sort(scores)  # a sort of values is many times as fast as one of places
    levels, num_positives = np.unique(scores[labels], return_counts=True)
    ends = [np.searchsorted(ordered, levels, side) for side in ("left", "right")]
    bounds = np.concatenate([[0], np.column_stack(ends).ravel(), [scores.size]])
    sizes, positives = np.diff(bounds), np.zeros(2 * len(levels) + 1, dtype=np.int64)
    positives[1::2] = num_positives
    there = sizes > 0
    return Ranking(sizes[there][::-1], positives[there][::-1])


def refuse_unranked(scores: Matrix) -> None:
    """Raise InputError if a score is NaN or infinite."""
    num_bad = int(scores.size - np.isfinite(scores).sum())
    if num_bad:
        raise InputError(
            f"expected finite scores, found {num_bad:,} NaN or infinite among {scores.size:,}",
            hint="give pairs without a score the lowest score",
        )


def auroc(ranking: Ranking) -> float:
    """Return the chance that a positive outranks a negative, ties as half, in [0, 1]."""
    hits = np.concatenate([[0], np.cumsum(ranking.positives)])
    misses = np.concatenate([[0], np.cumsum(ranking.sizes - ranking.positives)])
    return float(auc(misses / misses[-1], hits / hits[-1]))


def auprc(ranking: Ranking) -> float:
    """Return the average precision, in (0, 1], as its mean over all orders of tied pairs.

    In a group of n tied pairs with p positives, after N pairs with P positives, the j-th place holds a
    positive with chance p / n, and then has on average ``P + 1 + (j - 1) (p - 1) / (n - 1)`` hits in
    ``N + j`` pairs. Without ties this is the average precision of scikit-learn.
    """
    holding = np.flatnonzero(ranking.positives)
    n, p = ranking.sizes[holding], ranking.positives[holding]
    before = np.cumsum(ranking.sizes)[holding] - n
    hits_before = np.cumsum(ranking.positives)[holding] - p
    more = np.divide(p - 1, n - 1, out=np.zeros(len(n)), where=n > 1)
    # The sum of 1 / (N + j) over a group is a difference of digammas; a group of one needs none.
    places = np.where(n > 1, digamma(before + n + 1.0) - digamma(before + 1.0), 1 / (before + 1))
    precision = more * n + (hits_before + 1 - more * (before + 1)) * places  # summed over the group
    return float(np.sum(p / n * precision) / ranking.num_positives)


def auprc_ratio(ranking: Ranking) -> float:
    """Return AUPRC over prevalence; 1 is the mean of random rankings of many pairs."""
    return auprc(ranking) / ranking.prevalence


def hits_at_k(ranking: Ranking, k: int) -> float:
    """Return the expected number of positives among the k best pairs (Hit@K).

    With fewer than k pairs all of them count.

    Raises
    ------
    InputError
        k is below 1.
    """
    if k < 1:
        raise InputError(f"expected k of at least 1, found {k}")
    taken = np.clip(k - (np.cumsum(ranking.sizes) - ranking.sizes), 0, ranking.sizes)
    return float(np.sum(ranking.positives * (taken / ranking.sizes)))


def precision_at_k(ranking: Ranking, k: int) -> float:
    """Return the expected share of positives among the k best pairs, in [0, 1]."""
    return hits_at_k(ranking, k) / min(k, ranking.num_pairs)


def early_precision(ranking: Ranking) -> float:
    """Return the precision among as many pairs as there are positives.

    References
    ----------
    Pratapa et al. 2020, BEELINE, doi:10.1038/s41592-019-0690-6
    """
    return precision_at_k(ranking, ranking.num_positives)


def tie_rate(ranking: Ranking) -> float:
    """Return the share of comparisons of a positive with a negative that are ties, in [0, 1].

    A high rate says that the order of the tied pairs, which the method does not give, decides most of AUROC.
    """
    negatives = ranking.sizes - ranking.positives
    ties = np.sum(ranking.positives.astype(np.float64) * negatives)
    return float(ties / (float(ranking.num_positives) * float(negatives.sum())))
