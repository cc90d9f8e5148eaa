"""Degrees of training edges: who is famous, and nothing else."""

from graph.validation.baselines import degree_scores
from model.baselines.contract import Baseline, Given, Scores, training_source


def score(given: Given, _seed: int) -> Scores:
    """Return `log(1 + out-degree) + 3 log(1 + in-degree)`."""
    return degree_scores(given.universe, given.view.train)


BASELINE = Baseline(name="degree", score=score, learns=True, sources=training_source)
