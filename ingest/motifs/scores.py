"""Profiles -> scores of bases, and the exact chance of a score.

Scores are whole hundredths of a bit: sums are then exact, the distribution of scores is one of finitely many
values, and the threshold of a p-value is the exact one of the matrix that is scanned with.
"""

import numpy as np

UNITS_PER_BIT = 100
PSEUDOCOUNT = 1.0
"""Added to each position, spread as the background."""
UNIFORM = (0.25, 0.25, 0.25, 0.25)
"""Background of even bases: A, C, G, T."""
_ROUNDING = 1e-9


def score_matrix(counts: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Return log2 odds of bases over background in hundredths of a bit, (width, 4) int64.

    Parameters
    ----------
    counts
        Shape (width, 4), at least 0, no position without any.
    background
        Frequencies of A, C, G, T, all above 0.

    References
    ----------
    Wasserman and Sandelin 2004, doi 10.1038/nrg1315.
    """
    totals = counts.sum(axis=1, keepdims=True)
    frequencies = (counts + PSEUDOCOUNT * background) / (totals + PSEUDOCOUNT)
    scores: np.ndarray = np.rint(UNITS_PER_BIT * np.log2(frequencies / background)).astype(np.int64)
    return scores


def reverse_complement(scores: np.ndarray) -> np.ndarray:
    """Return the scores of the other strand, (width, 4)."""
    return scores[::-1, ::-1]


def score_threshold(scores: np.ndarray, background: np.ndarray, p_value: float) -> int | None:
    """Return the least score that a random word reaches with at most this probability; None if there is none.

    The probability is that of one position on one strand, bases drawn independently from the background.

    References
    ----------
    Touzet and Varre 2007, doi 10.1186/1748-7188-2-15: the distribution by dynamic programming.
    """
    probabilities = score_distribution(scores, background)
    tail = np.cumsum(probabilities[::-1])[::-1]
    reached = np.flatnonzero(tail <= p_value * (1 + _ROUNDING))
    reached = reached[probabilities[reached] > 0]
    return int(scores.min(axis=1).sum() + reached[0]) if len(reached) else None


def score_distribution(scores: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Return the probability of each score from the least possible one to the greatest."""
    above = scores - scores.min(axis=1, keepdims=True)
    probabilities = np.ones(1)
    for position in above:
        longer = np.zeros(len(probabilities) + position.max())
        for step, chance in zip(position, background, strict=True):
            longer[step : step + len(probabilities)] += chance * probabilities
        probabilities = longer
    return probabilities
