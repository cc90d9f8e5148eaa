from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse

from graph.errors import InputError
from model.lags.attention import AttentionConfig
from model.lags.published.checks import check_ours, check_published, hold_out, lag_concordance, state_p
from model.lags.published.components import Components, log_normalised
from model.lags.published.fit import published_prior
from model.lags.published.network import PublishedConfig, PublishedModel, sign_blind_bias
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trajectory_config import TrajectoryConfig

SMALL = PublishedConfig(num_components=8, d=16, num_heads=2, num_layers=1, num_epochs=30)


@pytest.fixture(scope="module")
def cells():
    return simulate_trajectory(TrajectoryDesign(num_cells=1_000, num_genes=40, mean_count=2.0), seed=1)


@pytest.fixture(scope="module")
def published(cells):
    return check_published(cells, settings=SMALL, config=TrajectoryConfig(), seed=0)


def test_the_published_bias_is_the_same_for_a_lag_and_its_negative_and_symmetric():
    lag, variance = torch.tensor([[0.2, -0.1]]), torch.full((1, 2), 0.05)
    bias = sign_blind_bias(lag, variance)
    assert_array_equal(bias.numpy(), sign_blind_bias(-lag, variance).numpy())
    assert_array_equal(bias.numpy(), bias.transpose(1, 2).numpy())
    assert bias[0, 2, 0].item() == pytest.approx(-(0.2**2) / 0.1)
    assert not bias[0, :2, :2].any()


def test_the_twin_has_the_same_parameters_and_no_bias():
    torch.manual_seed(0)
    model = PublishedModel(SMALL)
    twin = PublishedModel(replace(SMALL, is_asymmetric=False))
    twin.load_state_dict(model.state_dict())
    components = torch.randn(3, 16)
    (rebuilt, lag), (other, same) = model(components), twin(components)
    assert_array_equal(lag.detach().numpy(), same.detach().numpy())
    assert not torch.allclose(rebuilt, other)


def test_the_score_of_the_published_model_is_that_of_its_loss_and_not_of_its_asymmetry(published):
    model, without_prior, same_loss = published
    assert model.training > 0.9
    assert same_loss.training > 0.9
    assert without_prior.training < 0.7
    assert model.state_p < 1e-3


def test_our_concordance_on_held_out_cells_and_with_the_truth_is_told(cells):
    told = check_ours(cells, settings=AttentionConfig(), config=TrajectoryConfig(), seed=0)
    assert told.training > 0.7
    assert told.truth > 0.6
    assert told.held_out > 0.2


def test_every_fifth_cell_of_every_stretch_of_time_is_held_out():
    time = np.random.default_rng(0).uniform(size=1_003)
    train, held = hold_out(time, seed=1)
    assert_array_equal(np.sort(np.concatenate([train, held])), np.arange(1_003))
    rank = np.argsort(np.argsort(time))[held]
    assert np.bincount(rank // 5, minlength=200)[:200].tolist() == [1] * 200


def test_components_of_held_out_cells_are_read_with_the_loadings_of_the_others(cells):
    train, held = np.arange(800), np.arange(800, 1_000)
    loadings = Components.from_counts(cells.rna[train], cells.activity[train], num_components=5, seed=0)
    seen = loadings.read(cells.rna[train], cells.activity[train])
    assert_allclose(seen.mean(axis=0), 0, atol=1e-9)
    assert_allclose(seen.std(axis=0), 1)
    alone = loadings.read(cells.rna[held[:1]], cells.activity[held[:1]])
    assert_allclose(alone, loadings.read(cells.rna[held], cells.activity[held])[:1])


def test_log_normalised_levels_do_not_depend_on_depth():
    counts = sparse.csr_matrix(np.array([[1.0, 3.0], [2.0, 6.0], [0.0, 0.0]]))
    levels = log_normalised(counts).toarray()
    assert_allclose(levels[0], levels[1])
    assert not levels[2].any()


def test_the_prior_finds_by_how_much_a_component_of_rna_is_later():
    time = np.sort(np.random.default_rng(0).uniform(size=1_000))
    atac, rna = (np.tanh((time - middle) / 0.1)[:, None] for middle in (0.4, 0.5))
    prior = published_prior(np.concatenate([rna, atac], axis=1), time, config=TrajectoryConfig())
    assert prior.shape == (1_000, 1)
    assert prior[(time > 0.4) & (time < 0.6)].mean() == pytest.approx(0.1, abs=0.04)


def test_concordance_is_a_rank_correlation_and_0_where_lags_are_constant():
    prior = np.arange(12.0).reshape(2, 6)
    assert lag_concordance(prior**3, prior) == 1
    assert lag_concordance(np.ones((2, 6)), prior) == 0
    assert state_p(prior, np.ones((2, 6))) < 0.01


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="sizes of 1 or more"):
        PublishedConfig(d=0)
    with pytest.raises(InputError, match="multiple of the 4 heads"):
        PublishedConfig(d=30)
