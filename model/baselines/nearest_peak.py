"""Accessibility of the nearest peak x binding there: the classical guess of a target."""

import numpy as np

from graph.validation.baselines import membership_scores
from graph.validation.evidence import BoundPairs
from model.baselines.contract import Baseline, Given, Scores


def score(given: Given, _seed: int) -> Scores:
    """Return the mean accessibility of a target's nearest peak times log(1 + binding); 0 without binding.

    Binding is that of the regulator to this very peak (ChIP-seq peaks or motifs) where the graph has any,
    else the number of ChIP-seq experiments that list the target.
    """
    cells = given.cells
    level = np.append(np.asarray(cells.accessibility.mean(axis=0)).ravel(), 0.0)[cells.nearest_peak]
    bound = binding(given)
    none = np.empty(0, dtype=np.int64)
    codes = np.concatenate([none, *(pairs.codes for pairs in bound.values())])
    weights = np.concatenate([none, *(pairs.num_experiments for pairs in bound.values())])
    return membership_scores(given.universe, codes, np.log1p(weights)) * level.astype(np.float32)


def binding(given: Given) -> dict[str, BoundPairs]:
    """Return the binding that the score rests on, by source."""
    return given.bound or dict(given.view.evidence.chip)


def sources(given: Given) -> frozenset[str]:
    """Return the sources of the binding."""
    return frozenset(binding(given))


BASELINE = Baseline(name="nearest-peak", score=score, learns=False, sources=sources)
