import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, roc_auc_score

from model.edges.blend import Blend, worth


def test_worth_from_one_sort_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    labels = rng.random(5000) < 0.02
    logits = (rng.normal(size=5000) + labels).astype(np.float32)
    area, precision = worth(logits, labels, np.ones(5000))
    assert area == pytest.approx(roc_auc_score(labels, logits), abs=1e-9)
    assert precision == pytest.approx(average_precision_score(labels, logits), abs=1e-9)


def test_without_weight_the_ranking_reading_decides():
    rng = np.random.default_rng(0)
    ranking, matched = rng.normal(size=(2, 300)).astype(np.float32)
    np.testing.assert_array_equal(rankdata(Blend().logits(ranking, matched, 9 * matched)), rankdata(ranking))


def test_sure_pairs_stay_on_top_and_typical_ones_follow_the_other_reading():
    ranking = np.array([5, 4, 0, 1, -6], dtype=np.float32)
    matched = np.array([-1, -1, 3, 2, 4], dtype=np.float32)
    order = np.argsort(-Blend(fame_weight=1, typical=-2, sure=3).logits(ranking, matched, 0 * ranking))
    assert order.tolist() == [0, 1, 2, 3, 4]


def test_support_lifts_well_supported_pairs_alone_and_in_order():
    ranking, matched = np.zeros(5, np.float32), np.arange(5, dtype=np.float32) / 10
    support = np.array([4, 3, 1, 0, -2], dtype=np.float32)
    blend = Blend(fame_weight=1, typical=1, sure=2, support_weight=7, well_supported=2)
    lifted = blend.logits(ranking, matched, support) - Blend(1, 1, 2).logits(ranking, matched, support)
    np.testing.assert_allclose(lifted, [14, 7, 0, 0, 0], atol=1e-5)


def test_unseen_regulators_follow_the_fame_matched_reading_with_the_same_values():
    rng = np.random.default_rng(1)
    ranking, matched = rng.normal(size=(2, 3, 200)).astype(np.float32)
    blend = Blend(fame_weight=1, typical=0, sure=2)
    usual, found = (f(ranking, matched, 0 * ranking) for f in (blend.logits, blend.unseen_logits))
    np.testing.assert_array_equal(np.sort(found, axis=None), np.sort(usual, axis=None))
    np.testing.assert_array_equal(rankdata(found), rankdata(5 * matched + ranking))
    alone = Blend().unseen_logits(ranking, matched, 0 * ranking)
    np.testing.assert_array_equal(rankdata(alone), rankdata(ranking))
