"""Curves of a ranking, thinned so that a picture or a page can hold them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.validation.intervals import Floats
from graph.validation.metrics import rank
from graph.validation.universe import Mask, Matrix

MAX_POINTS = 400


@dataclass(frozen=True)
class Curves:
    """ROC and precision-recall curves, rising in their first coordinate; tied pairs are one step.

    Attributes
    ----------
    false_positive_rate, true_positive_rate
        ``(num_points,)`` in [0, 1].
    recall, precision
        ``(num_points,)`` in [0, 1].
    """

    false_positive_rate: Floats
    true_positive_rate: Floats
    recall: Floats
    precision: Floats


def curves(scores: Matrix, labels: Mask, *, max_points: int = MAX_POINTS) -> Curves:
    """Return the curves of scored, labelled pairs, at most `max_points` points each.

    Points are even along the ROC curve, and along the other one where both axes are logarithmic, because the
    few best pairs are what people look at.
    """
    ranking = rank(scores, labels)
    # Along a run of groups without a positive nothing bends: its last group stands for all.
    bends = np.append((ranking.positives[:-1] > 0) | (ranking.positives[1:] > 0), True)
    hits, taken = np.cumsum(ranking.positives)[bends], np.cumsum(ranking.sizes)[bends]
    true_rate = np.append(0.0, hits / ranking.num_positives)
    false_rate = np.append(0.0, (taken - hits) / (ranking.num_pairs - ranking.num_positives))
    found = hits > 0  # without a hit there is no precision to speak of
    recall, precision = hits[found] / ranking.num_positives, (hits / taken)[found]
    even = _even(false_rate, true_rate, max_points)
    steps = _even(np.log(recall), np.log(np.maximum(precision, 1e-12)), max_points)
    return Curves(false_rate[even], true_rate[even], recall[steps], precision[steps])


def _even(x: Floats, y: Floats, max_points: int) -> NDArray[np.int64]:
    """Return the places of points that are even along a curve, both ends and all of a short one included."""
    if len(x) <= max_points:
        return np.arange(len(x))
    way = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
    chosen = np.searchsorted(way, np.linspace(0, way[-1], max_points - 1))
    return np.unique(np.concatenate([[0], np.minimum(chosen, len(x) - 1), [len(x) - 1]]))
