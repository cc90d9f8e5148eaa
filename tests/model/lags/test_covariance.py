import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from model.lags.covariance import Frame, Program, matern, programs
from model.lags.crosscorrelation import cross_correlation, plain_lags
from model.lags.mixture import Posterior, adaptive_fdr, learn_weights, log_mean

TIMES = np.linspace(0.02, 0.98, 25)
LAGS = np.array([-0.1, 0.0, 0.2])
PROGRAM = Program(length_scale=0.2, leader_sd=2.0, follower_sd=1.5, sign=-1, coherence=0.9)


def covariance_by_definition(frame, lag):
    def own(sd):
        return np.eye(TIMES.size) + sd**2 * matern(TIMES[:, None] - TIMES, 0.2)

    shared = np.array([[matern(np.array(a - (b - lag)), 0.2) for b in TIMES] for a in TIMES])
    cross = -0.9 * 2.0 * 1.5 * frame.leader.T @ shared @ frame.follower
    return np.block(
        [
            [frame.leader.T @ own(2.0) @ frame.leader, cross],
            [cross.T, frame.follower.T @ own(1.5) @ frame.follower],
        ]
    )


@pytest.mark.parametrize("half_width", [None, 0.15])
def test_the_likelihood_is_that_of_two_gaussian_processes(half_width):
    frame = Frame.whole(TIMES, length_scales=(0.2,), size=6)
    frame = frame if half_width is None else frame.window(centre=0.5, half_width=half_width)
    seen = frame.read(*np.random.default_rng(0).normal(size=(2, TIMES.size, 4)))
    found = frame.factors(PROGRAM, LAGS).log_likelihood(seen)
    constant = seen.shape[0] * np.log(2 * np.pi) / 2
    for row, lag in enumerate(LAGS):
        normal = stats.multivariate_normal(cov=covariance_by_definition(frame, lag))
        assert_allclose(found[row] - constant, normal.logpdf(seen.T), rtol=1e-4)


def test_the_grid_has_no_sign_without_two_programs():
    grid = programs((0.2,), (0.0, 1.0), (1.0, 0.5))
    assert len(grid) == 3 + 4
    assert len(set(grid)) == len(grid)


def test_the_plain_estimate_finds_a_shifted_bump():
    leader = np.exp(-0.5 * ((np.arange(50) - 20) / 4.0) ** 2)[:, None]
    follower = np.exp(-0.5 * ((np.arange(50) - 25) / 4.0) ** 2)[:, None]
    assert plain_lags(leader, follower, max_lag=0.3)[0] == pytest.approx(0.1)
    assert plain_lags(leader, -follower, max_lag=0.3)[0] == pytest.approx(0.1)
    assert plain_lags(leader, np.ones((50, 1)), max_lag=0.3)[0] == 0
    assert cross_correlation(leader, leader, max_shift=3)[3, 0] == pytest.approx(1)


def test_weights_are_the_shares_of_the_classes():
    likelihood = np.log(np.array([[1.0] * 30 + [1e-9] * 10, [1e-9] * 30 + [1.0] * 10]))
    assert_allclose(learn_weights(likelihood), [0.75, 0.25], atol=1e-6)
    assert_allclose(log_mean(np.log(np.array([[2.0], [4.0]])), np.array([0.5, 0.5])), np.log(3))


def test_a_false_sign_is_probable_where_the_data_say_nothing_and_not_where_they_do():
    lags = np.linspace(-0.3, 0.3, 61)
    flat, sharp = np.zeros((61, 50)), np.tile(-0.5 * ((lags - 0.1) / 0.01) ** 2, (50, 1)).T
    found = Posterior.from_likelihoods(np.hstack([flat, sharp]), np.full(100, -5.0), lags)
    assert found.false_sign[0] > 0.4
    assert found.false_sign[-1] < 1e-6
    assert found.sign[-1] == 1
    assert found.lag[-1] == pytest.approx(0.1, abs=1e-3)
    assert found.low[-1] == pytest.approx(0.08, abs=0.011)
    apart = Posterior.from_likelihoods(sharp - 20, np.zeros(50), lags)
    assert (apart.false_sign > 0.99).all()


def test_uniform_p_values_are_corrected_as_by_benjamini_hochberg_and_small_ones_less():
    uniform = (np.arange(1000) + 0.5) / 1000
    assert_allclose(adaptive_fdr(uniform), stats.false_discovery_control(uniform), rtol=0.01)
    small = uniform**8
    assert (adaptive_fdr(small) < 0.5 * stats.false_discovery_control(small)).all()
