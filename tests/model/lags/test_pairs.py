import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from model.lags import EdgeLags, LagConfig
from model.lags.pairs import Series, estimate_pair_lags
from model.lags.profiles import Profiles

NUM = 40
CONFIG = LagConfig(num_bootstraps=200)
EARLY, LATE, PULSE, SHORT_PULSE = (0.2, 1, 1), (0.2, 0.2, 1), (0.2, 1, 0.8), (0.2, 1, 0.4)


def series(leader, follower, *, p, noise=0.02):
    """NUM leaders, then NUM followers, that differ in their association p values only."""
    levels = np.repeat(np.array([leader, follower], dtype=np.float64), NUM, axis=0)
    resampled = levels[:, :, None] + np.random.default_rng(0).normal(scale=noise, size=(2 * NUM, 3, 200))
    profiles = Profiles(levels, resampled.astype(np.float32), np.tile(p, 2), np.full(2 * NUM, ""))
    return Series.from_profiles(profiles, midpoints=np.array([0.5, 2.0]), scales=CONFIG.scales)


def lags_of(both):
    pairs = np.stack([np.arange(NUM), NUM + np.arange(NUM)])
    return estimate_pair_lags(EdgeLags, both, both, pairs=pairs, config=CONFIG)


def test_a_clear_order_of_genes_that_may_not_change_is_not_called():
    lags = lags_of(series(EARLY, LATE, p=np.full(NUM, 0.2)))
    assert_allclose(lags.p, 0.2)
    assert not lags.lag_sign.any()


def test_signs_are_called_by_the_false_discovery_rate_and_not_by_p():
    p = np.concatenate([np.full(4, 1e-5), np.linspace(0.03, 0.9, NUM - 4)])
    lags = lags_of(series(EARLY, LATE, p=p))
    assert (lags.p < 0.05).sum() > 4
    assert_array_equal(lags.lag_sign, np.arange(NUM) < 4)
    assert_allclose(lags.fdr[0], 1e-5 * NUM / 4)


def test_an_area_without_a_lag_of_the_same_direction_is_no_order():
    lags = lags_of(series(PULSE, SHORT_PULSE, p=np.full(NUM, 1e-6)))
    assert_allclose(lags.lag, 0)
    assert_array_equal(lags.p, 1)


def test_a_lag_and_its_interval_are_differences_of_response_times():
    lags = lags_of(series(EARLY, (0.2, 0.6, 1), p=np.full(NUM, 1e-6)))
    assert_allclose(lags.lag, 0.75, atol=1e-6)
    assert ((lags.low < 0.75) & (lags.high > 0.7)).all()
    assert ((lags.high - lags.low) < 0.3).all()
