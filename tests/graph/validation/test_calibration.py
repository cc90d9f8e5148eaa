import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from graph.errors import InputError
from graph.validation.calibration import (
    brier,
    brier_skill,
    calibration_error,
    calibration_slope,
    reliability_curve,
)


def honest(size=20_000, seed=0):
    rng = np.random.default_rng(seed)
    probabilities = rng.random(size)
    return probabilities, rng.random(size) < probabilities


def test_honest_probabilities_are_calibrated_and_have_skill():
    probabilities, labels = honest()
    assert calibration_error(probabilities, labels) < 0.02
    assert brier(probabilities, labels) == pytest.approx(1 / 6, abs=0.01)  # mean of p (1 - p)
    assert brier_skill(probabilities, labels) == pytest.approx(1 / 3, abs=0.03)


def test_boasting_probabilities_are_not_calibrated():
    probabilities, labels = honest()
    boasted = np.where(probabilities > 0.5, 1.0, 0.0)
    assert calibration_error(boasted, labels) == pytest.approx(0.25, abs=0.02)


def test_the_prevalence_has_no_skill():
    labels = np.array([True, False, False, False])
    assert brier_skill(np.full(4, 0.25), labels) == pytest.approx(0)
    assert calibration_error(np.full(4, 0.25), labels) == pytest.approx(0)
    assert brier_skill(labels.astype(float), labels) == 1


def test_without_ties_the_curve_is_that_of_scikit_learn():
    probabilities, labels = honest(1000, seed=3)
    curve = reliability_curve(probabilities, labels, num_bins=10)
    observed, predicted = calibration_curve(labels, probabilities, n_bins=10, strategy="quantile")
    assert curve.sizes.tolist() == [100] * 10
    np.testing.assert_allclose(curve.predicted, predicted)
    np.testing.assert_allclose(curve.observed, observed)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.booleans()), min_size=1), st.randoms())
def test_the_order_of_tied_pairs_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    curves = [
        reliability_curve(np.array([p for p, _ in rows]), np.array([y for _, y in rows]), num_bins=3)
        for rows in (pairs, shuffled)
    ]
    assert curves[0].sizes.tolist() == curves[1].sizes.tolist()
    assert curves[0].sizes.sum() == len(pairs)
    np.testing.assert_allclose(curves[0].observed, curves[1].observed)
    assert (np.diff(curves[0].predicted) > 0).all()


def test_labels_that_are_all_the_same_leave_skill_undefined():
    assert brier(np.array([0.5]), np.array([True])) == 0.25
    assert np.isnan(brier_skill(np.array([0.5, 0.5]), np.array([True, True])))


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan])
def test_numbers_that_are_no_probabilities_are_refused(bad):
    with pytest.raises(InputError, match=r"found 1 outside or NaN among 2"):
        brier(np.array([0.5, bad]), np.array([True, False]))


def test_missing_pairs_and_bins_are_refused():
    with pytest.raises(InputError, match="one label a probability"):
        brier(np.empty(0), np.empty(0, dtype=bool))
    with pytest.raises(InputError, match="at least one bin"):
        reliability_curve(np.array([0.5]), np.array([True]), num_bins=0)


def test_the_slope_is_one_where_probabilities_are_right_and_below_where_they_boast():
    rng = np.random.default_rng(3)
    logits = rng.normal(-1, 1.5, 40_000)
    right = 1 / (1 + np.exp(-logits))
    labels = rng.random(40_000) < right
    assert calibration_slope(right, labels) == pytest.approx(1, abs=0.05)
    assert calibration_slope(1 / (1 + np.exp(-2 * logits)), labels) == pytest.approx(0.5, abs=0.03)
    assert np.isnan(calibration_slope(right, np.zeros(40_000, dtype=bool)))
