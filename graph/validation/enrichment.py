"""Whether the best targets of a regulator are its own, or just those that everybody's list has."""

from dataclasses import dataclass

import numpy as np

from graph.errors import InputError
from graph.validation.intervals import Floats, Interval, ratio_interval
from graph.validation.metrics import refuse_unranked
from graph.validation.universe import Mask, Matrix


@dataclass(frozen=True)
class Enrichment:
    """Hits among the best novel targets of each regulator over the hits that fame alone gives.

    Attributes
    ----------
    ratio
        Sum of hits over sum of expected hits, NaN if nothing is expected. About 1 for random scores and for
        fame; for fame exactly 1 where every target is a candidate of every regulator.
    interval
        95 % interval of ``ratio`` by bootstrap over regulators.
    hits, expected
        One value a regulator with positives, ``(num_regulators,)``; hits are expected over ties.
    regulators
        Row numbers of these regulators.
    """

    ratio: float
    interval: Interval
    hits: Floats
    expected: Floats
    regulators: np.ndarray[tuple[int], np.dtype[np.int64]]


def top_enrichment(
    scores: Matrix, labels: Mask, candidates: Mask, *, seed: int, k: int = 100, num_bootstraps: int = 1000
) -> Enrichment:
    """Return the enrichment of positives among the k best candidates of each regulator.

    A target is expected to be hit as often as it is under the *other* regulators for which it is a candidate.
    Regulators without any positive were not tested, and are neither judged nor counted as others. Sums are
    divided, not ratios averaged: a regulator with many positives is above 1 and one with few below it
    under random scores, while the ratio of sums is about 1.

    Parameters
    ----------
    scores
        Finite scores, ``(T, G)``.
    labels, candidates
        Positives and judged pairs, ``(T, G)``; positives that are no candidates are ignored.

    Raises
    ------
    InputError
        Shapes differ, a score is not finite, or k is below 1.
    """
    if not scores.shape == labels.shape == candidates.shape or k < 1:
        raise InputError(
            "expected three matrices of one shape and k of at least 1, found "
            f"{scores.shape}, {labels.shape}, {candidates.shape}, k = {k}"
        )
    hit = labels & candidates
    tested = np.flatnonzero(hit.any(axis=1))
    hit, asked, tested_scores = hit[tested], candidates[tested], scores[tested]
    refuse_unranked(tested_scores[asked])
    above, tied, share = _best(tested_scores, asked, k=k)
    others = np.maximum(asked.sum(axis=0) - 1, 1)  # other regulators that could have been hit
    chance = hit.sum(axis=0) / others  # (G,); a pair that is a hit itself counts 1 / others less
    hits, expected = np.zeros(len(tested)), np.zeros(len(tested))
    for chosen, each in ((above, np.ones(len(tested))), (tied, share)):
        row, column = np.nonzero(chosen)
        own = hit[row, column]
        hits += each * np.bincount(row[own], minlength=len(tested))
        less = chance[column] - own / others[column]
        expected += each * np.bincount(row, weights=less, minlength=len(tested))
    total = float(expected.sum())
    return Enrichment(
        ratio=float(hits.sum()) / total if total else float("nan"),
        interval=ratio_interval(hits, expected, num_bootstraps=num_bootstraps, seed=seed),
        hits=hits,
        expected=expected,
        regulators=tested,
    )


def top_share(scores: Matrix, candidates: Mask, *, k: int) -> Floats:
    """Return the chance of each pair to be among the k best candidates of its row, ``(T, G)``.

    1 above the k-th score, 0 below it, and the same share for all that tie with it; a row with at most
    k candidates takes them all.
    """
    above, tied, share = _best(scores, candidates, k=k)
    return np.where(above, 1.0, tied * share[:, None])


def _best(scores: Matrix, candidates: Mask, *, k: int) -> tuple[Mask, Mask, Floats]:
    """Return who is above the k-th score of a row, who ties with it, and which share of these is taken.

    A row whose ties are all taken has them above, and none tied.
    """
    masked = np.where(candidates, scores, -np.inf)
    k = min(k, masked.shape[1])
    cut = np.partition(masked, -k, axis=1)[:, -k][:, None]  # (T, 1)
    above, tied = masked > cut, (masked == cut) & candidates
    num_tied = tied.sum(axis=1)
    room = np.minimum(k - above.sum(axis=1), num_tied)
    whole = room == num_tied
    above[whole] |= tied[whole]
    tied[whole] = False
    return above, tied, np.divide(room, num_tied, out=np.zeros(len(room)), where=~whole)
