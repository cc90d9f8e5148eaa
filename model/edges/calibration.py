"""Logits -> the probability that the training source lists a pair."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.floating]
POSITIVES_A_KNOT = 20
"""Held-out edges that one point of the curve rests on."""
SURE = 0.95
"""Above it probabilities approach 1 without reaching it, so that the surest pairs keep their order."""
MIN_SLOPE = 0.01
"""So that pairs keep their order where too few held-out edges show that they have one."""


@dataclass(frozen=True)
class Calibration:
    """A rising, piecewise linear curve from logit to log odds, through rates seen on held-out edges.

    A straight line (Platt) promised twice as many edges among the surest pairs as there were; plain isotonic
    steps would tie thousands of pairs. Of all edges a share `shown` was held out and labelled, and a share
    `removed` was trained on and is no candidate; the rest hides among the candidates. With q the chance that
    a candidate is a labelled edge and p the chance that a pair is an edge, q = p shown / (1 - p removed).

    Parameters
    ----------
    logits, log_odds
        Knots, `(num_knots,)`, both rising; log_odds are those of q.
    slope
        Of the lines beyond the first and the last knot.

    References
    ----------
    Interpolation between the centres of isotonic blocks: Oron & Flournoy 2017,
    doi:10.1080/19466315.2017.1286256
    """

    logits: tuple[float, ...] = (0.0,)
    log_odds: tuple[float, ...] = (0.0,)
    slope: float = 1.0
    shown: float = 1.0
    removed: float = 0.0

    def probability(self, logits: Floats) -> npt.NDArray[np.float32]:
        """Return p of each logit, in [0, 1]."""
        inside = np.interp(logits, self.logits, self.log_odds)
        beyond = logits - np.clip(logits, self.logits[0], self.logits[-1])
        q = expit(inside + self.slope * beyond)
        p = q / (self.shown + q * self.removed)  # above 1 where more edges are seen than can be left
        beyond_sure = np.maximum(p - SURE, 0) / (1 - SURE)
        return np.asarray(np.where(p > SURE, 1 - (1 - SURE) * np.exp(-beyond_sure), p), dtype=np.float32)


def fit_calibration(
    logits: Floats,
    labels: npt.NDArray[np.bool_],
    *,
    shown: float,
    removed: float,
    weights: Floats | None = None,
) -> Calibration:
    """Return the calibration that fits held-out labels.

    Parameters
    ----------
    logits, labels
        `(num_pairs,)` all candidates, True for the held-out edges.
    shown, removed
        Shares of all edges that the labels show, and that are no candidates.
    weights
        `(num_pairs,)` candidates that each pair stands for; 1 where none are given.
    """
    weights = np.ones(len(logits)) if weights is None else weights
    centres, rates, sizes = _rates(logits, labels, weights)
    rising = IsotonicRegression().fit_transform(centres, rates, sample_weight=sizes)
    _, block = np.unique(rising, return_inverse=True)
    weight = np.bincount(block, weights=sizes)
    line = LogisticRegression(C=np.inf).fit(logits[:, None], labels, sample_weight=weights)
    return Calibration(
        logits=tuple((np.bincount(block, weights=sizes * centres) / weight).tolist()),
        log_odds=tuple(logit(np.unique(rising).clip(max=0.999)).tolist()),
        slope=max(float(line.coef_[0, 0]), MIN_SLOPE),
        shown=shown,
        removed=removed,
    )


def _rates(logits: Floats, labels: npt.NDArray[np.bool_], weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean logit, share of labels and size of bins that hold twenty labels each, rising."""
    order = np.argsort(-logits, kind="stable")
    # A new bin starts behind every twentieth label; the last one also holds what is left over.
    found = np.cumsum(labels[order])
    last = max(int(found[-1]) // POSITIVES_A_KNOT - 1, 0)
    bins = np.minimum(np.maximum(found - 1, 0) // POSITIVES_A_KNOT, last)
    sizes = np.asarray(np.bincount(bins, weights=weights[order]), dtype=np.float64)
    centres = np.bincount(bins, weights=(weights * logits)[order]) / sizes
    rates = np.bincount(bins, weights=(weights * labels)[order]) / sizes
    return centres[::-1], rates[::-1], sizes[::-1]
