import numpy as np
import pytest
from scipy import sparse

from graph.errors import InputError
from model.lags.results import EdgeLags
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trajectory import estimate_edge_trajectory_lags

NUM_GENES = 60


@pytest.fixture(scope="module")
def cells():
    """Regulators (first half of the columns) whose targets (second half) follow by a known lag."""
    return simulate_trajectory(TrajectoryDesign(num_cells=2_000, num_genes=NUM_GENES, mean_count=1.0), seed=1)


@pytest.fixture(scope="module")
def rna(cells):
    return sparse.hstack([cells.activity, cells.rna]).tocsr()


@pytest.fixture(scope="module")
def pairs():
    return np.stack([np.arange(NUM_GENES), NUM_GENES + np.arange(NUM_GENES)])


def test_a_target_that_follows_its_regulator_has_a_positive_lag(cells, rna, pairs):
    lags = estimate_edge_trajectory_lags(rna, cells.time, pairs, seed=0)
    assert isinstance(lags, EdgeLags)
    called = lags.lag_sign != 0
    assert called.sum() > 15
    assert (lags.lag_sign[called] == np.sign(cells.lag[called])).mean() > 0.95
    assert lags.unit == "pseudotime"


def test_the_turned_edge_has_the_other_sign(cells, rna, pairs):
    forward = estimate_edge_trajectory_lags(rna, cells.time, pairs, seed=0)
    backward = estimate_edge_trajectory_lags(rna, cells.time, pairs[::-1], seed=0)
    both = (forward.lag_sign != 0) & (backward.lag_sign != 0)
    assert both.sum() > 15
    assert (forward.lag_sign[both] == -backward.lag_sign[both]).all()


def test_a_gene_may_be_in_many_edges_and_not_against_itself(cells, rna):
    lags = estimate_edge_trajectory_lags(rna, cells.time, [[0, 0, 0], [NUM_GENES, NUM_GENES, 0]], seed=0)
    assert lags.lag[0] == pytest.approx(lags.lag[1])
    assert lags.reason.tolist() == ["", "", "a gene against itself"]
    assert np.isnan(lags.lag_sign[2])


def test_no_edges_are_no_lags_and_a_gene_that_is_none_is_refused(cells, rna):
    empty = estimate_edge_trajectory_lags(rna, cells.time, np.zeros((2, 0), dtype=np.int64), seed=0)
    assert empty.lag.size == 0
    with pytest.raises(InputError, match="gene indices from 0 to 119"):
        estimate_edge_trajectory_lags(rna, cells.time, [[0], [120]], seed=0)
