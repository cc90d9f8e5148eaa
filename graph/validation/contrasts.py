"""Do scores that differ between two contexts differ for a reason: the pairs that are bound in one line only.

Which targets are bound at all, and how famous they are, cannot help here: every pair is bound in one of the
two, and the score of one context is taken off that of the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import rankdata

from graph.validation.exams import Exam
from graph.validation.intervals import Floats, Interval, ratio_interval
from graph.validation.universe import Codes, Matrix

MIN_PAIRS = 20
"""Pairs bound in the one line only, and in the other, below which a regulator is left out."""


@dataclass(frozen=True)
class Contrast:
    """Pairs bound in the first context only against those bound in the second only.

    Parameters
    ----------
    auroc
        Chance that ``score in first - score in second`` is higher for a pair of the first: .5 for scores that
        know nothing of the context; comparisons are within a regulator, and ties count half.
    interval
        95 %, bootstrap over regulators.
    num_first, num_second
        Pairs of the compared regulators.
    """

    judge: str
    first: str
    second: str
    num_regulators: int
    num_first: int
    num_second: int
    auroc: float
    interval: Interval


def contrasts(scores: Mapping[str, Matrix], exams: Sequence[Exam], *, seed: int) -> list[Contrast]:
    """Return the contrast of every two contexts that ChIP-seq of one source judges.

    Parameters
    ----------
    scores
        ``(T, G)`` by context.
    exams
        Those of ChIP-seq tell which pairs are bound in the cell type of a context; others are left out.
    """
    by_chip = [exam for exam in exams if exam.cell_type]
    found = []
    for one, other in combinations(by_chip, 2):
        if one.judge == other.judge and one.context != other.context:
            difference = scores[one.context] - scores[other.context]
            made = _contrast(difference, one, other, seed=seed)
            if made is not None:
                found.append(made)
    return found


def _contrast(difference: Matrix, one: Exam, other: Exam, *, seed: int) -> Contrast | None:
    num_targets = difference.shape[1]
    mine = np.setdiff1d(one.positives, np.union1d(other.positives, other.excluded))
    theirs = np.setdiff1d(other.positives, np.union1d(one.positives, one.excluded))
    rows = [
        _wins(difference[regulator], first, second)
        for regulator in np.intersect1d(mine // num_targets, theirs // num_targets)
        if min(
            len(first := _targets(mine, int(regulator), num_targets)),
            len(second := _targets(theirs, int(regulator), num_targets)),
        ) >= MIN_PAIRS
    ]  # fmt: skip
    if not rows:
        return None
    wins, compared, num_first, num_second = np.array(rows, dtype=np.float64).T
    return Contrast(
        judge=one.judge,
        first=one.context,
        second=other.context,
        num_regulators=len(rows),
        num_first=int(num_first.sum()),
        num_second=int(num_second.sum()),
        auroc=float(wins.sum() / compared.sum()),
        interval=ratio_interval(wins, compared, seed=seed),
    )


def _targets(codes: Codes, regulator: int, num_targets: int) -> Codes:
    start, stop = np.searchsorted(codes, [regulator * num_targets, (regulator + 1) * num_targets])
    return codes[start:stop] - regulator * num_targets


def _wins(difference: Matrix | Floats, first: Codes, second: Codes) -> tuple[float, int, int, int]:
    """Return won comparisons of the first against the second, all comparisons, and the sizes of both."""
    ranks = rankdata(np.concatenate([difference[first], difference[second]]))
    wins = float(ranks[: len(first)].sum() - len(first) * (len(first) + 1) / 2)
    return wins, len(first) * len(second), len(first), len(second)
