"""Logits -> the probability that the training source lists a pair."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Platt:
    """Logistic calibration (Platt 1999) on held-out edges, corrected for the edges that were not among them.

    Of all edges a share `shown` was held out and labelled, and a share `removed` was trained on and is no
    candidate; the rest hides among the candidates. With q the chance that a candidate is a labelled edge and
    p the chance that a pair is an edge, q = p shown / (1 - p removed).

    Parameters
    ----------
    slope, intercept
        Of the logistic curve from logit to q.
    """

    slope: float = 1.0
    intercept: float = 0.0
    shown: float = 1.0
    removed: float = 0.0

    def probability(self, logits: Floats) -> npt.NDArray[np.float32]:
        """Return p of each logit, in [0, 1]."""
        q = expit(self.slope * logits + self.intercept)
        return np.asarray(np.minimum(q / (self.shown + q * self.removed), 1), dtype=np.float32)


def fit_platt(logits: Floats, labels: npt.NDArray[np.bool_], *, shown: float, removed: float) -> Platt:
    """Return the calibration that fits held-out labels.

    Parameters
    ----------
    logits, labels
        `(num_pairs,)` all candidates, True for the held-out edges.
    shown, removed
        Shares of all edges that the labels show, and that are no candidates.
    """
    regression = LogisticRegression(C=np.inf).fit(logits[:, None], labels)
    return Platt(
        slope=float(regression.coef_[0, 0]),
        intercept=float(regression.intercept_[0]),
        shown=shown,
        removed=removed,
    )
