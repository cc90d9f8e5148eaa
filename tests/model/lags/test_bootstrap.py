import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.lags.bootstrap import cross_correlation_lags, lag_p, window_lags_of
from model.lags.crosscorrelation import window_correlation
from model.lags.paired import PairedSeries
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.smoothing import smooth_windows
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig

CONFIG = TrajectoryConfig(window_centres=(0.2, 0.5, 0.8))


def sines(lag):
    times = (np.arange(50) + 0.5) / 50
    first, second = (5 * np.sin(2 * np.pi * (times - shift))[:, None] for shift in (0.0, lag))
    return PairedSeries(times, first - first.mean(), second - second.mean(), 1.0)


@pytest.mark.parametrize("lag", [-0.14, 0.0, 0.14])
def test_windows_find_the_shift_of_a_sine_and_a_repressor_alike(lag):
    series = sines(lag)
    turned = PairedSeries(series.times, series.leaders, -series.followers, 1.0)
    for each in (series, turned):
        assert_allclose(window_lags_of(each, config=CONFIG)[0, 1], lag, atol=0.021)


def test_the_leader_is_read_beyond_the_edge_of_the_window():
    leaders = np.zeros((10, 1))
    leaders[1] = 1.0
    followers = np.roll(leaders, 3, axis=0)
    inside = np.arange(10) >= 4
    found = window_correlation(leaders, followers, inside, max_shift=4)
    assert found[:, 0].argmax() == 4 + 3
    assert found.max() == pytest.approx(1)


def test_the_standard_error_of_resamples_gives_the_p_value():
    resampled = np.array([[0.1, 0.0], [0.3, 0.0], [0.2, 0.0]])
    p = lag_p(np.array([0.2, 0.0]), resampled)
    assert p[0] == pytest.approx(0.0455, abs=1e-3)
    assert p[1] == 1


def test_windows_are_drawn_to_their_neighbours():
    centres = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    lag = np.array([[0.2, 0.2, -0.2, 0.2, 0.2]])
    smooth = smooth_windows(lag, centres, error=np.full(lag.shape, 0.1))
    assert smooth[0, 2] > -0.1
    assert_allclose(smooth_windows(lag, centres, error=np.full(lag.shape, 1e-9)), lag, atol=0.05)


def test_it_has_the_record_of_every_estimate_and_calls_nothing_on_shuffled_cells():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=1_000, num_genes=30, mean_count=1.0), seed=1)
    shuffled = cells.rna[np.random.default_rng(0).permutation(1_000)]
    lags = estimate_trajectory_lags(
        shuffled, cells.activity, cells.time, config=CONFIG, seed=0, estimator=cross_correlation_lags
    )
    assert (lags.lag_sign == 0).all()
    assert lags.windows.lag.shape == (30, 3)
    assert (lags.low <= lags.lag).all()
    assert (lags.lag <= lags.high).all()
