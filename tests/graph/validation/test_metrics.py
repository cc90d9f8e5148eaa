from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from graph.errors import InputError
from graph.validation.metrics import (
    auprc,
    auprc_ratio,
    auroc,
    early_precision,
    hits_at_k,
    precision_at_k,
    rank,
    tie_rate,
)

# Few pairs and fewer scores: every order can be listed, and ties are common.
scored_labels = st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=2, max_size=6).filter(
    lambda pairs: len({label for _, label in pairs}) == 2
)


def all_orders(pairs):
    """Labels in each order that the scores allow."""
    return [
        [label for _, label in order]
        for order in permutations(pairs)
        if all(first[0] >= second[0] for first, second in pairwise(order))
    ]


def precision_oracle(labels):
    hits = [sum(labels[: i + 1]) / (i + 1) for i, label in enumerate(labels) if label]
    return sum(hits) / len(hits)


def auroc_oracle(labels):
    wins = [p < n for p in np.flatnonzero(labels) for n in np.flatnonzero(np.logical_not(labels))]
    return sum(wins) / len(wins)


def ranking_of(pairs):
    scores, labels = zip(*pairs, strict=True)
    return rank(np.array(scores, dtype=float), np.array(labels))


@given(scored_labels, st.integers(1, 8))
@settings(deadline=None)
def test_each_figure_is_its_mean_over_all_orders_of_ties(pairs, k):
    orders, ranking = all_orders(pairs), ranking_of(pairs)
    assert auprc(ranking) == pytest.approx(np.mean([precision_oracle(order) for order in orders]))
    assert auroc(ranking) == pytest.approx(np.mean([auroc_oracle(order) for order in orders]))
    assert hits_at_k(ranking, k) == pytest.approx(np.mean([sum(order[:k]) for order in orders]))
    num_positives = sum(label for _, label in pairs)
    assert early_precision(ranking) == pytest.approx(
        np.mean([sum(order[:num_positives]) / num_positives for order in orders])
    )


@given(scored_labels)
def test_tie_rate_is_the_share_of_tied_comparisons(pairs):
    ties = [p == n for p, is_p in pairs if is_p for n, is_n in pairs if not is_n]
    assert tie_rate(ranking_of(pairs)) == pytest.approx(np.mean(ties))


@given(st.integers(0, 10_000))
@settings(deadline=None)
def test_without_ties_scikit_learn_agrees(seed):
    rng = np.random.default_rng(seed)
    scores, labels = rng.permutation(300).astype(np.float32), rng.random(300) < 0.1
    labels[0], labels[1] = True, False
    ranking = rank(scores, labels)
    assert auroc(ranking) == pytest.approx(roc_auc_score(labels, scores))
    assert auprc(ranking) == pytest.approx(average_precision_score(labels, scores))
    assert tie_rate(ranking) == 0


@given(st.integers(0, 10_000))
def test_the_order_of_a_file_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    scores, labels = rng.integers(0, 4, 50).astype(float), rng.random(50) < 0.3
    labels[:2] = True, False
    order = rng.permutation(50)
    assert auprc(rank(scores, labels)) == auprc(rank(scores[order], labels[order]))


def test_a_constant_score_is_random():
    labels = np.zeros(100_000, dtype=bool)
    labels[:1000] = True
    ranking = rank(np.zeros(100_000), labels)
    assert auroc(ranking) == 0.5
    assert auprc_ratio(ranking) == pytest.approx(1, abs=0.02)
    assert precision_at_k(ranking, 100) == pytest.approx(0.01)
    assert tie_rate(ranking) == 1


def test_a_perfect_score_is_1():
    ranking = rank(np.array([[3.0, 2], [1, 0]]), np.array([[True, True], [False, False]]))
    assert auroc(ranking) == auprc(ranking) == early_precision(ranking) == 1
    assert (ranking.num_pairs, ranking.num_positives, ranking.prevalence) == (4, 2, 0.5)


def test_precision_divides_by_the_pairs_that_there_are():
    ranking = rank(np.array([2.0, 1]), np.array([True, False]))
    assert precision_at_k(ranking, 100) == 0.5


@pytest.mark.parametrize("labels", [[True, True], [False, False]])
def test_only_positives_or_only_negatives_are_an_error(labels):
    with pytest.raises(InputError, match="expected positives and negatives"):
        rank(np.array([1.0, 2]), np.array(labels))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_cannot_be_ranked_are_an_error(bad):
    with pytest.raises(InputError, match="found 1 NaN or infinite among 2"):
        rank(np.array([1.0, bad]), np.array([True, False]))


def test_a_label_is_needed_for_every_score():
    with pytest.raises(InputError, match="3 scores, 2 labels"):
        rank(np.zeros(3), np.array([True, False]))


def test_k_below_1_is_an_error():
    with pytest.raises(InputError, match="k of at least 1"):
        hits_at_k(rank(np.array([1.0, 2]), np.array([True, False])), 0)
