"""Logits -> the probability that the training source lists a pair."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Platt:
    """Logistic calibration (Platt 1999); the identity by default."""

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, logits: Floats, *, shown_rate: float = 1.0) -> npt.NDArray[np.float32]:
        """Return probabilities.

        Parameters
        ----------
        shown_rate
            Share of the source's edges that can be met: 1 asks "does the source list the pair",
            the share of the test edges asks "is the pair a test edge".
        """
        odds = self.slope * logits + self.intercept + np.log(shown_rate)
        return np.asarray(expit(odds), dtype=np.float32)


def fit_platt(logits: Floats, labels: npt.NDArray[np.bool_], *, shown_rate: float) -> Platt:
    """Return the calibration that fits held-out labels.

    Parameters
    ----------
    logits, labels
        `(num_pairs,)` all candidates, True for the held-out edges.
    shown_rate
        Share of the source's edges that `labels` shows; the others hide among the candidates or were
        trained on, so the odds are divided by it.
    """
    regression = LogisticRegression(C=np.inf).fit(logits[:, None], labels)
    return Platt(
        slope=float(regression.coef_[0, 0]), intercept=float(regression.intercept_[0] - np.log(shown_rate))
    )
