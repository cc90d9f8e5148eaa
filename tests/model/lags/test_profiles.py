import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.lags import LagConfig, measurements
from model.lags.measurements import Measurements
from model.lags.profiles import Profiles
from model.lags.simulate import simulate_counts
from model.lags.time_points import TimePoints

LABEL = np.tile([0, 1, 2], 60)
POINTS = TimePoints(np.array([0.0, 1.0, 3.0]), LABEL)
COUNTS = simulate_counts(
    np.array([[1.0, 2.0, 3.0], [0.5, 0.5, 0.2]]), LABEL, depth=np.ones(180), dispersion=0.5, seed=0
)
DEPTH = np.random.default_rng(1).uniform(1, 5, 180)
CONFIG = LagConfig(num_bootstraps=400, num_permutations=100)


def profiles():
    measured = Measurements.from_counts(COUNTS, genes=np.arange(2), depth=DEPTH)
    return Profiles.estimate(measured, POINTS, config=CONFIG, seed=3)


def test_levels_are_summed_counts_over_summed_depth():
    inside = np.eye(3)[:, LABEL]  # (3, N)
    expected = (inside @ COUNTS.toarray()).T / (inside @ DEPTH)
    assert_allclose(profiles().levels, expected, rtol=1e-6)


def test_resamples_spread_as_the_ratio_of_sums_does():
    found = profiles()
    cells = LABEL == 0
    residual = COUNTS.toarray()[cells] - DEPTH[cells, None] * found.levels[:, 0]
    error = np.sqrt(np.square(residual).sum(axis=0)) / DEPTH[cells].sum()
    assert_allclose(found.resampled[:, 0].std(axis=1), error, rtol=0.2)


def test_small_blocks_give_the_same_profiles(monkeypatch):
    expected = profiles()
    monkeypatch.setattr(measurements, "BLOCK_ELEMENTS", 60)
    assert_allclose(profiles().resampled, expected.resampled, rtol=1e-5)
    assert_allclose(profiles().p, expected.p, rtol=1e-4)


def test_a_default_depth_is_summed_over_all_genes():
    measured = Measurements.from_counts(COUNTS, genes=np.array([1]), depth=None)
    assert_allclose(measured.depth, np.asarray(COUNTS.sum(axis=1)).ravel())
    assert measured.num_genes == 1


@pytest.mark.parametrize("dispersion", [0.0, 2.0])
def test_simulated_counts_have_the_mean_and_variance_asked_for(dispersion):
    counts = simulate_counts(
        np.full((20, 1), 2.0), np.zeros(3000, dtype=int), depth=np.ones(3000), dispersion=dispersion, seed=5
    ).toarray()
    assert counts.mean() == pytest.approx(2, rel=0.05)
    assert counts.var(axis=0).mean() == pytest.approx(2 + 4 * dispersion, rel=0.1)
