import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import auc, roc_auc_score

from graph.validation.curves import curves


@given(st.integers(0, 500), st.booleans())
@settings(max_examples=30, deadline=None)
def test_curves_are_few_rising_and_hold_the_area(seed, tied):
    rng = np.random.default_rng(seed)
    labels = rng.random(3000) < 0.1
    scores = labels * rng.random() + rng.random(3000)
    scores = np.round(scores, 1) if tied else scores
    found = curves(scores, labels, max_points=200)
    assert max(map(len, (found.false_positive_rate, found.recall))) <= 202
    assert (np.diff(found.false_positive_rate) >= 0).all()
    assert (np.diff(found.recall) >= 0).all()
    assert (found.false_positive_rate[0], found.true_positive_rate[-1], found.recall[-1]) == (0, 1, 1)
    area = auc(found.false_positive_rate, found.true_positive_rate)
    assert area == pytest.approx(roc_auc_score(labels, scores), abs=0.02)


def test_the_truth_has_full_precision_at_every_recall():
    labels = np.arange(100) < 7
    found = curves(labels.astype(float), labels)
    assert found.precision[:-1].min(initial=1) == 1
