import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from graph.errors import InputError
from graph.validation.concordance import concordance
from graph.validation.metrics import auroc, rank


def exam(seed):
    rng = np.random.default_rng(seed)
    candidates = rng.random((6, 15)) < 0.8
    candidates[3] = False
    labels = rng.random((6, 15)) < 0.3
    return rng.integers(6, size=(6, 15)).astype(np.float32), labels, candidates


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_each_cell_compares_positives_of_a_row_with_negatives_of_a_column(seed):
    scores, labels, candidates = exam(seed)
    compared = concordance(scores, labels, candidates)
    for i, t in enumerate(compared.regulators):
        for j, s in enumerate(compared.regulators):
            positives = scores[t, labels[t] & candidates[t]]
            negatives = scores[s, ~labels[s] & candidates[s]]
            differences = positives[:, None] - negatives
            assert compared.won[i, j] == np.sum(differences > 0) + np.sum(differences == 0) / 2
            assert compared.num[i, j] == differences.size


def test_the_parts_sum_to_the_auroc():
    scores, labels, candidates = exam(1)
    compared = concordance(scores, labels, candidates)
    whole = auroc(rank(scores[candidates], labels[candidates]))
    assert compared.won.sum() / compared.num.sum() == pytest.approx(whole)
    assert compared.regulators.tolist() == [0, 1, 2, 4, 5]
    low, high = compared.interval(num_bootstraps=200, seed=1)
    assert low < whole < high


def test_macro_is_the_mean_over_regulators_with_enough_positives():
    scores, labels, candidates = exam(2)
    labels[0] = False
    enough = [t for t in (1, 2, 4, 5) if (labels & candidates)[t].sum() >= 4]
    slow = [roc_auc_score(labels[t, candidates[t]], scores[t, candidates[t]]) for t in enough]
    assert 0 < len(enough) < 4
    assert concordance(scores, labels, candidates).macro(min_edges=4) == pytest.approx(np.mean(slow))


def test_no_regulator_with_enough_positives_has_no_macro():
    scores, labels, candidates = exam(3)
    assert np.isnan(concordance(scores, labels, candidates).macro(min_edges=100))


def test_nan_scores_are_refused():
    scores, labels, candidates = exam(4)
    with pytest.raises(InputError, match="expected finite scores"):
        concordance(scores * np.nan, labels, candidates)
