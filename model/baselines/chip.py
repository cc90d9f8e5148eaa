"""ChIP-seq alone: the number of experiments in which a factor is at a target."""

from graph.validation.exams import chip_scores
from model.baselines.contract import Baseline, Given, Scores


def score(given: Given, _seed: int) -> Scores:
    """Return how many ChIP-seq experiments, of any cell type, list the pair."""
    return chip_scores(given.view.evidence).astype("float32")


def sources(given: Given) -> frozenset[str]:
    """Return the ChIP-seq sources of the graph."""
    return frozenset(given.view.evidence.chip)


BASELINE = Baseline(name="chip", score=score, learns=False, sources=sources)
