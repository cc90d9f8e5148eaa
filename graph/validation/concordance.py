"""AUROC and AUPRC taken apart by regulator, for their intervals and macro averages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.validation.intervals import Floats, Interval, pair_ratio_interval
from graph.validation.metrics import refuse_unranked
from graph.validation.precision_interval import Blocks, blocks_of
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
    blocks
        Positives and negatives of each regulator by place in the ranking, for the interval of AUPRC.
    """

    won: Floats
    num: Floats
    num_positives: NDArray[np.int64]
    regulators: NDArray[np.int64]
    blocks: Blocks

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
    wrong = asked & ~truth
    num_positives, num_negatives = truth.sum(axis=1), wrong.sum(axis=1)
    levels, level_of = np.unique(values[truth], return_inverse=True)
    owner = np.nonzero(truth)[0]
    blocks = blocks_of(level_of, owner, num_levels=len(levels), num_regulators=len(rows))
    won = np.empty((len(rows), len(rows)))
    for column in range(len(rows)):
        at, between = _place(values[column][wrong[column]], levels)
        below = np.cumsum(between[:-1] + at) - at / 2  # negatives under each level, ties as half
        won[:, column] = np.bincount(owner, weights=below[level_of], minlength=len(rows))
        blocks.count_negatives(column, at=at, between=between)
    num = np.outer(num_positives, num_negatives).astype(np.float64)
    return Concordance(won, num, num_positives, rows, blocks)


def _place(negatives: Matrix, levels: Matrix) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the negatives at each of L rising levels, ``(L,)``, and in the gaps around them, ``(L + 1,)``."""
    place = np.searchsorted(levels, negatives)  # levels below the negative
    tied = levels[np.minimum(place, len(levels) - 1)] == negatives if len(levels) else place < 0
    at = np.bincount(place[tied], minlength=len(levels))
    return at, np.bincount(place[~tied], minlength=len(levels) + 1)
