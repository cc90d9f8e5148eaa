from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy import stats

from graph.errors import InputError
from model.lags.attention import AttentionConfig, AttentionEstimator
from model.lags.attention.fit import States, fit_attention, gene_features
from model.lags.attention.network import LagAttention, fitted, lag_bias
from model.lags.paired import PairedSeries
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig

DESIGN = TrajectoryDesign(num_cells=2_000, num_genes=60, mean_count=1.0)
CONFIG = TrajectoryConfig(
    window_centres=(0.2, 0.5, 0.8), num_shifts=4, length_scales=(0.15, 0.25), program_sds=(0.0, 0.5, 1.5, 4.5)
)
SETTINGS = AttentionConfig(batch=32)


def estimate(cells, **changes):
    given = {"rna": cells.rna, "activity": cells.activity, "time": cells.time} | changes
    return estimate_trajectory_lags(
        given["rna"], given["activity"], given["time"], config=CONFIG, seed=0,
        estimator=AttentionEstimator(SETTINGS),
    )  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    return simulate_trajectory(DESIGN, seed=1)


@pytest.fixture(scope="module")
def lags(cells):
    return estimate(cells)


def smooth_series(lag, *, num_bins=50, noise=0.1):
    """Steps at various times whose RNA follows by `lag` (G,), without counts in between."""
    rng = np.random.default_rng(0)
    times = (np.arange(num_bins) + 0.5) / num_bins
    middle = rng.uniform(0.35, 0.65, lag.size)
    first, second = (np.tanh((times[:, None] - middle - shift) / 0.1) for shift in (0.0, lag))
    first, second = (5 * x + noise * rng.normal(size=x.shape) for x in (first, second))
    return PairedSeries(times, first - first.mean(axis=0), second - second.mean(axis=0), 1.0)


def test_the_bias_is_largest_for_the_chromatin_that_is_earlier_by_the_lag():
    times = torch.tensor([0.0, 0.2, 0.4, 0.6])
    bias = lag_bias(times, torch.full((4, 1), 0.2), torch.full((4, 1), 0.1))
    assert bias[0].argmax(dim=1).tolist() == [0, 0, 1, 2]
    assert bias[0, 2, 0].item() == pytest.approx(-((0.4 - 0.0 - 0.2) ** 2) / (2 * 0.1**2))
    assert not torch.allclose(bias[0], bias[0].T)


def test_a_repressed_follower_is_told_as_well_as_an_activated_one():
    seen = torch.linspace(-1, 1, 20)[:, None]
    for scale in (3.0, -3.0):
        assert_allclose(fitted(seen, scale * seen).numpy(), scale * seen.numpy(), atol=0.4)


def test_a_query_never_sees_what_it_must_tell():
    network = LagAttention(SETTINGS, num_inputs=4, num_genes=3)
    times, index = torch.linspace(0, 1, 10), torch.arange(3)
    components, chromatin, rna = torch.randn(10, 4), torch.randn(10, 3), torch.randn(10, 3)
    bias = lag_bias(times, torch.zeros(10, 3), torch.full((10, 3), 0.1))
    seen = network.attend(chromatin, bias, index, side=0)
    told = network(components, times, (chromatin, rna), index)
    other = network(components, times, (chromatin, -rna), index)
    assert seen.shape == (10, 3)
    assert_allclose(told.rna.detach().numpy(), -other.rna.detach().numpy(), atol=1e-5)


def test_reconstruction_alone_finds_the_sign_of_a_lag_from_a_prior_of_nothing():
    truth = np.repeat([-0.12, 0.12], 10)
    series = smooth_series(truth)
    changes = {
        "warm_up_epochs": 0,
        "least_warm_up": 0,
        "num_epochs": 300,
        "learning_rate": 1e-2,
        "prior_weight": 0.0,
    }
    settings = replace(SETTINGS, **changes)
    course = fit_attention(series, np.zeros(series.leaders.shape), config=settings, seed=0).course(series)
    assert (np.sign(course.mean(axis=0)) == np.sign(truth)).mean() > 0.9


def test_without_the_state_of_the_cells_each_gene_has_one_lag():
    series = smooth_series(np.linspace(-0.2, 0.2, 12))
    prior = np.linspace(-0.2, 0.2, 50)[:, None] * np.ones(12)
    courses = [
        fit_attention(series, prior, config=replace(SETTINGS, num_epochs=1, state=state), seed=0).course(
            series
        )
        for state in (True, False)
    ]
    assert courses[0].std(axis=0).mean() > 0.05
    assert courses[1].std(axis=0).max() < 1e-6


def test_what_is_told_of_a_gene_does_not_depend_on_the_others_of_its_batch():
    series = smooth_series(np.linspace(-0.2, 0.2, 12))
    trained = fit_attention(series, np.zeros((50, 12)), config=replace(SETTINGS, num_epochs=2), seed=0)
    small = replace(trained, config=replace(SETTINGS, batch=5))
    tried, every = np.array([0.0, 0.1]), np.ones((1, 50))
    assert_allclose(small.course(series), trained.course(series), atol=1e-6)
    assert_allclose(small.errors(series, tried, every), trained.errors(series, tried, every), rtol=1e-4)


def test_components_of_other_cells_use_the_loadings_of_the_training_cells():
    series = smooth_series(np.linspace(-0.2, 0.2, 12))
    states = States.from_series(series, num_components=3)
    assert_allclose(states.components(series).std(axis=0), 1)
    half = replace(series, leaders=2 * series.leaders, followers=2 * series.followers)
    assert_allclose(states.components(half), 2 * states.components(series))


def test_gene_features_begin_with_the_prior_lag():
    prior = np.random.default_rng(0).normal(size=(1, 30)) * np.ones((50, 1))
    features = gene_features(prior, size=8, seed=0)
    assert abs(np.corrcoef(features[:, 0], prior[0])[0, 1]) > 0.99
    assert features.shape == (30, 8)


def test_known_lags_are_recovered_with_the_record_of_every_estimate(cells, lags):
    assert stats.spearmanr(lags.lag, cells.lag)[0] > 0.75
    called = lags.lag_sign != 0
    assert called.mean() > 0.2
    assert (lags.lag_sign[called] == np.sign(cells.lag[called])).mean() > 0.9
    assert lags.course.shape == (60, 50)
    assert_allclose(lags.course.mean(axis=1), lags.lag)
    assert (lags.low <= lags.lag).all()
    assert (lags.lag <= lags.high).all()


def test_swapped_modalities_flip_the_sign(cells, lags):
    swapped = estimate(cells, rna=cells.activity, activity=cells.rna)
    both = (swapped.lag_sign != 0) & (lags.lag_sign != 0)
    assert both.sum() > 5
    assert (swapped.lag_sign[both] == -lags.lag_sign[both]).all()
    assert np.corrcoef(swapped.lag, -lags.lag)[0, 1] > 0.85


def test_reversed_time_flips_the_sign(cells, lags):
    reversed_ = estimate(cells, time=1 - cells.time)
    both = (reversed_.lag_sign != 0) & (lags.lag_sign != 0)
    assert both.sum() > 5
    assert (reversed_.lag_sign[both] == -lags.lag_sign[both]).all()
    assert np.corrcoef(reversed_.lag, -lags.lag)[0, 1] > 0.85


def test_shuffled_cells_and_genes_without_a_lag_get_no_sign(cells):
    shuffled = cells.rna[np.random.default_rng(3).permutation(DESIGN.num_cells)]
    assert (estimate(cells, rna=shuffled).lag_sign != 0).mean() <= 0.06
    without = simulate_trajectory(replace(DESIGN, max_lag=0.0), seed=2)
    assert (estimate(without).lag_sign != 0).mean() <= 0.06


def test_all_faults_of_the_settings_are_told_at_once():
    with pytest.raises(InputError) as caught:
        AttentionConfig(d=0, batch=0, max_lag=0.9)
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match="multiple of the 3 heads"):
        AttentionConfig(d=32, num_heads=3)
    assert AttentionConfig.gpu().device == "cuda"
