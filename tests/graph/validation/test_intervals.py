import numpy as np
import pytest

from graph.validation.intervals import (
    mean_interval,
    pair_ratio_interval,
    percentile_interval,
    ratio_interval,
    regulator_weights,
)


def test_every_resample_draws_as_many_regulators_as_there_are():
    weights = regulator_weights(7, num_bootstraps=50, seed=1)
    assert weights.shape == (50, 7)
    assert (weights.sum(axis=1) == 7).all()


def test_a_pair_ratio_is_that_of_a_loop_over_resamples():
    rng = np.random.default_rng(3)
    above, below = rng.random((6, 6)), rng.random((6, 6)) + 0.5
    slow = []
    for weights in regulator_weights(6, num_bootstraps=200, seed=9).astype(int):
        drawn = np.repeat(np.arange(6), weights)
        slow.append(above[np.ix_(drawn, drawn)].sum() / below[np.ix_(drawn, drawn)].sum())
    low, high = pair_ratio_interval(above, below, num_bootstraps=200, seed=9)
    assert (low, high) == pytest.approx(tuple(np.quantile(slow, [0.025, 0.975])))


def test_a_ratio_is_that_of_a_loop_over_resamples():
    rng = np.random.default_rng(4)
    above, below = rng.random(6), rng.random(6) + 0.5
    slow = []
    for weights in regulator_weights(6, num_bootstraps=200, seed=9).astype(int):
        drawn = np.repeat(np.arange(6), weights)
        slow.append(above[drawn].sum() / below[drawn].sum())
    interval = ratio_interval(above, below, num_bootstraps=200, seed=9)
    assert tuple(interval) == pytest.approx(tuple(np.quantile(slow, [0.025, 0.975])))


def test_the_interval_of_a_mean_holds_the_truth_about_19_times_in_20():
    held = 0
    for seed in range(100):
        values = np.random.default_rng(seed).normal(size=60)
        low, high = mean_interval(values, num_bootstraps=400, seed=seed)
        held += low <= 0 <= high
    assert 88 <= held <= 100


def test_a_seed_gives_the_same_interval_again():
    values = np.arange(10.0)
    assert mean_interval(values, seed=1) == mean_interval(values, seed=1)
    assert mean_interval(values, seed=1) != mean_interval(values, seed=2)


def test_nan_values_are_left_out():
    values = np.array([1.0, 2, 3, np.nan])
    assert mean_interval(values, seed=1) == mean_interval(values[:3], seed=1)


def test_one_regulator_has_no_interval():
    one = np.ones(1)
    for interval in (
        mean_interval(one, seed=1),
        ratio_interval(one, one, seed=1),
        pair_ratio_interval(np.ones((1, 1)), np.ones((1, 1)), seed=1),
        percentile_interval(np.array([np.nan])),
    ):
        assert np.isnan(interval).all()


def test_resamples_without_a_comparison_are_left_out():
    low, high = ratio_interval(np.array([1.0, 0]), np.array([2.0, 0]), num_bootstraps=100, seed=1)
    assert (low, high) == (0.5, 0.5)
