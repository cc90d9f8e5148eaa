"""AUROC taken apart by regulator, for its interval and its macro average."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.validation.intervals import Floats, Interval, pair_ratio_interval
from graph.validation.metrics import refuse_unranked
from graph.validation.universe import Mask, Matrix


@dataclass(frozen=True)
class Concordance:
    """Comparisons of the positives of one regulator (row) with the negatives of another (column).

    Attributes
    ----------
    won
        Comparisons won, a tie as half, ``(R, R)``; ``won.sum() / num.sum()`` is the AUROC.
    num
        Comparisons made, ``(R, R)``.
    num_positives
        Positives of each regulator, ``(R,)``.
    regulators
        Row numbers of the R regulators that have candidates.
    """

    won: Floats
    num: Floats
    num_positives: NDArray[np.int64]
    regulators: NDArray[np.int64]

    def interval(self, *, num_bootstraps: int, seed: int) -> Interval:
        """Return the 95 % interval of the AUROC by bootstrap over regulators."""
        return pair_ratio_interval(self.won, self.num, num_bootstraps=num_bootstraps, seed=seed)

    def regulator_aurocs(self) -> Floats:
        """Return the AUROC within each regulator, ``(R,)``; NaN without positives or negatives."""
        num = np.diag(self.num)
        own = np.full(len(num), np.nan)
        np.divide(np.diag(self.won), num, out=own, where=num > 0)
        return own

    def macro(self, *, min_edges: int) -> float:
        """Return the mean AUROC of regulators with enough positives; NaN if there are none."""
        own = self.regulator_aurocs()
        counted = own[(self.num_positives >= min_edges) & np.isfinite(own)]
        return float(counted.mean()) if counted.size else float("nan")


def concordance(scores: Matrix, labels: Mask, candidates: Mask) -> Concordance:
    """Return the comparisons of positives with negatives among candidates, all ``(T, G)``.

    Raises
    ------
    InputError
        The score of a candidate is not finite.
    """
    rows = np.flatnonzero(candidates.any(axis=1))
    values, asked = scores[rows], candidates[rows]
    refuse_unranked(values[asked])
    truth = labels[rows] & asked
    negatives = np.sort(np.where(asked & ~truth, values, np.inf), axis=1)
    num_positives, num_negatives = truth.sum(axis=1), np.sum(asked & ~truth, axis=1)
    order = np.argsort(values[truth])  # sorted needles are kind to the cache
    wanted, owner = values[truth][order], np.nonzero(truth)[0][order]
    won = np.empty((len(rows), len(rows)))
    for column, size in enumerate(num_negatives):
        row = negatives[column, :size]
        below = np.searchsorted(row, wanted, "left") + np.searchsorted(row, wanted, "right")
        won[:, column] = np.bincount(owner, weights=below / 2, minlength=len(rows))
    return Concordance(won, np.outer(num_positives, num_negatives).astype(np.float64), num_positives, rows)
