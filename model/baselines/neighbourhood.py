"""Collaborative filtering: regulators that share targets lend each other the rest of them."""

from graph.validation.baselines import neighbourhood_scores
from model.baselines.contract import Baseline, Given, Scores, training_source


def score(given: Given, _seed: int) -> Scores:
    """Return how much the regulators that share training targets with t regulate g."""
    return neighbourhood_scores(given.universe, given.view.train)


BASELINE = Baseline(name="neighbourhood", score=score, learns=True, sources=training_source)
