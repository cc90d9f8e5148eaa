import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation.baselines import (
    correlation_scores,
    degree_scores,
    membership_scores,
    neighbourhood_scores,
    random_scores,
)
from graph.validation.universe import Universe

UNIVERSE = Universe(("A", "B", "C"), ("w", "x", "y", "z"))


def test_every_baseline_is_a_float32_matrix_of_the_universe():
    train = np.array([0, 1, 5])
    expression = np.random.default_rng(1).random((10, 5))
    for scores in (
        random_scores(UNIVERSE, seed=1),
        degree_scores(UNIVERSE, train),
        neighbourhood_scores(UNIVERSE, train),
        membership_scores(UNIVERSE, train),
        correlation_scores(expression, regulator_columns=np.arange(3), target_columns=np.arange(1, 5)),
    ):
        assert scores.dtype == np.float32
        assert scores.shape == UNIVERSE.shape
        assert np.isfinite(scores).all()


def test_a_seed_gives_the_same_random_scores():
    assert np.array_equal(random_scores(UNIVERSE, seed=1), random_scores(UNIVERSE, seed=1))
    assert not np.array_equal(random_scores(UNIVERSE, seed=1), random_scores(UNIVERSE, seed=2))


def test_degree_counts_training_edges():
    scores = degree_scores(UNIVERSE, np.array([0, 1, 5]))  # A-w, A-x, B-x
    assert scores[0, 1] == pytest.approx(np.log(3) + 3 * np.log(3))
    assert scores[2, 3] == 0


def test_a_neighbour_lends_its_targets():
    # A: w, x; B: x, y; C: z. A and B share x (in-degree 2); lengths are sqrt(1 + 1/2) both.
    scores = neighbourhood_scores(UNIVERSE, np.array([0, 1, 5, 6, 11]))
    assert scores[0].tolist() == pytest.approx([0, 1 / 3, 1 / 3, 0])
    assert scores[2].tolist() == [0, 0, 0, 0]


@given(st.sets(st.integers(0, 11)))
@settings(max_examples=40, deadline=None)
def test_neighbourhood_is_its_definition(chosen):
    train = np.array(sorted(chosen), dtype=np.int64)
    known = UNIVERSE.mask(train).astype(float)
    weighted = known / np.sqrt(np.maximum(known.sum(axis=0), 1))
    slow = np.zeros((3, 4))
    for t in range(3):
        for u in range(3):
            length = np.linalg.norm(weighted[t]) * np.linalg.norm(weighted[u])
            if t != u and length > 0:
                slow[t] += weighted[t] @ weighted[u] / length * known[u]
    np.testing.assert_allclose(neighbourhood_scores(UNIVERSE, train), slow, rtol=1e-5)


def test_correlation_is_the_size_of_pearson():
    expression = np.random.default_rng(2).random((12, 6)).astype(np.float32)
    scores = correlation_scores(
        expression, regulator_columns=np.array([0, 3]), target_columns=np.array([1, 0, 5])
    )
    np.testing.assert_allclose(
        scores, np.abs(np.corrcoef(expression.T))[np.ix_([0, 3], [1, 0, 5])], rtol=1e-4
    )
    assert scores[0, 1] == 1


@pytest.mark.parametrize("level", [0.0, 0.1, 1e6 / 3])
def test_a_constant_gene_correlates_with_nothing(level):
    expression = np.random.default_rng(3).random((12, 2))
    expression[:, 1] = level
    scores = correlation_scores(expression, regulator_columns=np.array([0, 1]), target_columns=np.array([1]))
    assert scores.tolist() == [[0], [0]]


def test_membership_is_the_weight_of_a_pair_and_0_elsewhere():
    assert membership_scores(UNIVERSE, np.array([1, 11])).ravel().nonzero()[0].tolist() == [1, 11]
    weighted = membership_scores(UNIVERSE, np.array([1, 1, 3]), np.array([2.0, 5, 1]))
    assert weighted[0].tolist() == [0, 5, 0, 1]


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="positive, finite weights"):
        membership_scores(UNIVERSE, np.array([1]), np.array([0.0]))
    columns = np.array([0])
    for bad in (np.ones((2, 2)), np.full((5, 2), np.nan), np.ones(5)):
        with pytest.raises(InputError, match="three metacells"):
            correlation_scores(bad, regulator_columns=columns, target_columns=columns)
    with pytest.raises(InputError, match="train: expected codes"):
        degree_scores(UNIVERSE, np.array([12]))
