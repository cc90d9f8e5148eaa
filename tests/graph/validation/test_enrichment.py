import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation.enrichment import top_enrichment, top_share


def test_a_hand_worked_case():
    labels = np.array([[1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0]], dtype=bool)
    scores = np.array([[4, 3, 2, 1], [1, 2, 3, 4], [4, 3, 2, 1]], dtype=float)
    result = top_enrichment(scores, labels, np.ones((3, 4), dtype=bool), seed=1, k=2)
    # Row 2 was not tested. Row 0 takes targets 0 and 1: two hits, and row 1 has one of these.
    # Row 1 takes 3 and 2: one hit, and row 0 has none of these.
    assert result.regulators.tolist() == [0, 1]
    assert result.hits.tolist() == [2, 1]
    assert result.expected.tolist() == [1, 0]
    assert result.ratio == 3


def oracle(scores, labels, candidates, k):
    """Hits and expected hits by loops, for scores without ties."""
    labels = labels & candidates
    tested = [t for t in range(len(labels)) if labels[t].any()]
    hits = expected = 0.0
    for t in tested:
        allowed = np.flatnonzero(candidates[t])
        for g in allowed[np.argsort(-scores[t, allowed])][:k]:
            others = [o for o in tested if o != t and candidates[o, g]]
            hits += labels[t, g]
            expected += np.mean([labels[o, g] for o in others]) if others else 0
    return hits / expected if expected else float("nan")


@given(st.integers(0, 10_000), st.integers(1, 25))
@settings(max_examples=30, deadline=None)
def test_enrichment_is_its_definition(seed, k):
    rng = np.random.default_rng(seed)
    scores, labels = rng.permutation(6 * 20).reshape(6, 20) * 1.0, rng.random((6, 20)) < 0.2
    candidates = rng.random((6, 20)) < 0.8
    result = top_enrichment(scores, labels, candidates, seed=1, k=k)
    assert result.ratio == pytest.approx(oracle(scores, labels, candidates, k), nan_ok=True)


@given(st.integers(0, 10_000), st.integers(1, 8))
@settings(max_examples=30, deadline=None)
def test_tied_targets_share_the_places_that_are_left(seed, k):
    rng = np.random.default_rng(seed)
    scores, candidates = rng.integers(3, size=(4, 6)).astype(float), rng.random((4, 6)) < 0.7
    mean = np.mean(
        [top_share(scores + 1e-6 * rng.random((4, 6)), candidates, k=k) for _ in range(800)], axis=0
    )
    exact = top_share(scores, candidates, k=k)
    np.testing.assert_allclose(exact, mean, atol=0.1)
    np.testing.assert_allclose(exact.sum(axis=1), np.minimum(candidates.sum(axis=1), k))


def test_fame_and_chance_are_at_1_and_the_truth_is_above():
    rng = np.random.default_rng(1)
    fame = rng.pareto(1.2, 500)
    labels = rng.random((80, 500)) < np.minimum(fame / 20, 0.9)
    everything = np.ones(labels.shape, dtype=bool)
    famous = top_enrichment(np.tile(fame, (80, 1)), labels, everything, seed=1)
    chance = top_enrichment(rng.random(labels.shape), labels, everything, seed=1)
    truth = top_enrichment(labels + rng.random(labels.shape), labels, everything, seed=1)
    assert famous.ratio == pytest.approx(1)
    assert chance.interval.low < 1 < chance.interval.high
    assert chance.ratio == pytest.approx(1, abs=0.1)
    assert truth.interval.low > 2


def test_nothing_to_expect_has_no_ratio():
    labels = np.array([[True, False], [False, False]])
    result = top_enrichment(np.ones((2, 2)), labels, np.ones((2, 2), dtype=bool), seed=1)
    assert np.isnan([result.ratio, *result.interval]).all()


def test_bad_input_is_refused():
    ones = np.ones((2, 2), dtype=bool)
    with pytest.raises(InputError, match="expected finite scores"):
        top_enrichment(np.array([[np.nan, 1], [1, 1]]), ones, ones, seed=1)
    with pytest.raises(InputError, match="of one shape"):
        top_enrichment(np.ones((2, 3)), ones, ones, seed=1)
    with pytest.raises(InputError, match="k = 0"):
        top_enrichment(np.ones((2, 2)), ones, ones, seed=1, k=0)
