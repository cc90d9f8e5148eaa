"""Random scores: what nothing known gives."""

from graph.validation.baselines import random_scores
from model.baselines.contract import Baseline, Given, Scores, no_source


def score(given: Given, seed: int) -> Scores:
    """Return uniform scores in [0, 1)."""
    return random_scores(given.universe, seed=seed)


BASELINE = Baseline(name="random", score=score, learns=False, sources=no_source)
