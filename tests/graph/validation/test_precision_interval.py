import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.validation import precision_interval
from graph.validation.concordance import concordance
from graph.validation.metrics import auprc, rank
from graph.validation.precision_interval import precision_intervals, resampled_auprc

ROWS, COLUMNS = 6, 40


def exam(seed, *, tied):
    rng = np.random.default_rng(seed)
    candidates = rng.random((ROWS, COLUMNS)) < 0.8
    labels = rng.random((ROWS, COLUMNS)) < 0.2
    labels[0, 0] = candidates[0, 0] = True
    scores = rng.random((ROWS, COLUMNS)) + 0.5 * labels
    return np.round(scores, 1) if tied else scores, labels, candidates


def copies(weights, *matrices):
    """Return the matrices with each row as often as it was drawn: the resample, written out."""
    return [np.repeat(matrix, weights.astype(int), axis=0) for matrix in matrices]


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_resample_is_the_auprc_of_its_regulators_written_out(seed, tied):
    scores, labels, candidates = exam(seed, tied=tied)
    weights = np.random.default_rng(seed).multinomial(ROWS, np.full(ROWS, 1 / ROWS), size=5).astype(float)
    weights[:, 0] += 1  # a positive is drawn
    found = resampled_auprc(concordance(scores, labels, candidates).blocks, weights)
    for row, value in zip(weights, found, strict=True):
        drawn, truth, asked = copies(row, scores, labels, candidates)
        assert value == pytest.approx(auprc(rank(drawn[asked], truth[asked])))


def test_blocks_of_a_long_ranking_change_the_figure_by_less_than_a_hundredth(monkeypatch):
    rng = np.random.default_rng(7)
    labels = rng.random((20, 2000)) < 0.1
    scores, everything = rng.random(labels.shape) + 0.4 * labels, np.ones(labels.shape, bool)
    ones = np.ones((1, 20))
    exact = auprc(rank(scores, labels))
    monkeypatch.setattr(precision_interval, "MAX_BLOCKS", 100)
    blocks = concordance(scores, labels, everything).blocks
    assert len(blocks.edges) <= 100
    assert blocks.positives.sum() + blocks.inside.sum() + blocks.above.sum() <= labels.size
    assert resampled_auprc(blocks, ones)[0] == pytest.approx(exact, rel=0.01)


def test_the_interval_holds_the_figure_and_of_random_scores_one():
    rng = np.random.default_rng(3)
    labels = rng.random((30, 300)) < 0.1
    everything = np.ones(labels.shape, bool)
    sizes = everything.sum(axis=1)
    for scores in (rng.random(labels.shape), rng.random(labels.shape) + labels):
        area, ratio = precision_intervals(
            concordance(scores, labels, everything).blocks, sizes, num_bootstraps=500, seed=1
        )
        value = auprc(rank(scores, labels))
        assert area.low < value < area.high
        assert ratio.low < value / labels.mean() < ratio.high


def test_one_regulator_has_no_interval():
    scores, labels, candidates = (matrix[:1] for matrix in exam(1, tied=False))
    blocks = concordance(scores, labels, candidates).blocks
    area, ratio = precision_intervals(blocks, candidates.sum(axis=1), num_bootstraps=10, seed=1)
    assert np.isnan([*area, *ratio]).all()


def test_a_resample_without_a_positive_has_no_figure():
    scores, labels, candidates = exam(1, tied=False)
    labels[1:] = False
    weights = np.array([[0.0, 2, 1, 1, 1, 1]])
    assert np.isnan(resampled_auprc(concordance(scores, labels, candidates).blocks, weights)).all()
