"""Whether a probability of .7 means seven in ten."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from graph.errors import InputError
from graph.validation.intervals import Floats
from graph.validation.universe import Mask, Matrix


@dataclass(frozen=True)
class Reliability:
    """Predicted and seen shares of positives in bins of about equally many pairs.

    Attributes
    ----------
    predicted
        Mean probability of each bin, rising, ``(num_bins,)``.
    observed
        Share of positives in each bin.
    sizes
        Pairs in each bin; none is empty.
    """

    predicted: Floats
    observed: Floats
    sizes: NDArray[np.int64]


def reliability_curve(probabilities: Matrix, labels: Mask, *, num_bins: int = 10) -> Reliability:
    """Return the reliability curve.

    Tied probabilities share a bin, whatever their order, so there may be fewer bins than asked for.

    Raises
    ------
    InputError
        Shapes differ, there are no pairs, a probability is not in [0, 1], or num_bins is below 1.
    """
    probabilities, labels = _checked(probabilities, labels)
    if num_bins < 1:
        raise InputError(f"expected at least one bin, found num_bins = {num_bins}")
    # The mean rank of tied values is theirs alone, so that no tie is split.
    place = (rankdata(probabilities) - 0.5) / len(probabilities)  # in (0, 1)
    _, bins, sizes = np.unique(np.floor(place * num_bins), return_inverse=True, return_counts=True)
    predicted = np.bincount(bins, weights=probabilities) / sizes
    return Reliability(predicted, np.bincount(bins, weights=labels) / sizes, sizes.astype(np.int64))


def calibration_error(probabilities: Matrix, labels: Mask, *, num_bins: int = 10) -> float:
    """Return the expected calibration error: mean |predicted - observed| over pairs, in [0, 1].

    References
    ----------
    Naeini et al. 2015, doi:10.1609/aaai.v29i1.9602 (here with bins of equal mass)
    """
    curve = reliability_curve(probabilities, labels, num_bins=num_bins)
    return float(np.average(np.abs(curve.predicted - curve.observed), weights=curve.sizes))


def brier(probabilities: Matrix, labels: Mask) -> float:
    """Return the mean squared error of probabilities, in [0, 1].

    References
    ----------
    Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
    """
    probabilities, labels = _checked(probabilities, labels)
    return float(brier_score_loss(labels, probabilities, pos_label=True, labels=[False, True]))


def brier_skill(probabilities: Matrix, labels: Mask) -> float:
    """Return ``1 - Brier / Brier of the prevalence``: 1 is perfect, 0 says the prevalence, below is worse.

    NaN if all labels are the same, since the prevalence is then perfect.
    """
    score = brier(probabilities, labels)
    prevalence = float(np.mean(labels))
    reference = prevalence * (1 - prevalence)
    return 1 - score / reference if reference else float("nan")


def calibration_slope(probabilities: Matrix, labels: Mask) -> float:
    """Return the slope of a logistic regression of the labels on the logits: 1 is calibrated, below 1 boasts.

    NaN if all labels are the same.

    References
    ----------
    Cox 1958, doi:10.1093/biomet/45.3-4.562
    """
    values, truth = _checked(probabilities, labels)
    if truth.all() or not truth.any():
        return float("nan")
    logits = logit(values.clip(1e-9, 1 - 1e-9))[:, None]  # (num_pairs, 1)
    return float(LogisticRegression(C=np.inf).fit(logits, truth).coef_[0, 0])


def _checked(probabilities: Matrix, labels: Mask) -> tuple[Floats, Mask]:
    values, truth = np.ravel(probabilities).astype(np.float64), np.ravel(labels).astype(np.bool_)
    if values.shape != truth.shape or values.size == 0:
        raise InputError(
            f"expected one label a probability, and some; found {values.size:,} and {truth.size:,}"
        )
    num_bad = int(np.sum(~((values >= 0) & (values <= 1))))
    if num_bad:
        raise InputError(
            f"expected probabilities in [0, 1], found {num_bad:,} outside or NaN among {values.size:,}",
            hint="calibrate the scores first",
        )
    return values, truth
