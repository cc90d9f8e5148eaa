from dataclasses import replace
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from graph.errors import InputError
from model.data import Neighbourhoods
from model.lags import LagConfig
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.matrices import Matrices
from model.timing import cell_timing, check_timing, chromatin_lags, context_lags, edge_lags

CELL_LINES = Path(__file__).parents[2] / "demo" / "snareseq_celllines" / "rna.h5ad"
PAIRS = np.array([[0], [1]])


def neighbourhoods(num_genes, *, time_column=None):
    """One peak a gene, one regulator."""
    names = np.array([f"gene {i}" for i in range(num_genes)], dtype=object)
    each = np.arange(num_genes)
    return Neighbourhoods(
        dataset={"time_column": time_column, "time_unit": "h" if time_column else None},
        contexts=("all",), gene_ids=names, symbols=names,
        num_measured=num_genes, regulator_ids=names[:1], regulator_symbols=names[:1], tf_families=names[:1],
        regulator_gene=np.array([0]), peak_ids=names, near_index=np.stack([each, each]),
        near_distance=np.ones(num_genes), prior_index=np.zeros((2, 0), dtype=np.int64),
        prior_sign=np.zeros(0, dtype=np.int64), detected=np.ones((1, num_genes), dtype=np.bool_),
        regulator_detected=np.ones((1, 1), dtype=np.bool_),
    )  # fmt: skip


def lags_of(matrices, *, root=None, time_column=None):
    """Lags of the pair of the first two genes, and of the chromatin of all."""
    hoods = neighbourhoods(matrices.rna.shape[1], time_column=time_column)
    weights = np.ones(matrices.rna.shape[1], dtype=np.float32)
    config = LagConfig(root=root)
    check_timing(matrices, hoods, config=config)
    timing = cell_timing(matrices, hoods, config=config, seed=0)
    edges = edge_lags(matrices, hoods, PAIRS, timing=timing, config=config, seed=0)
    return edges, chromatin_lags(matrices, hoods, weights, timing=timing, config=config, seed=0)


@pytest.fixture(scope="module")
def cell_lines():
    data = anndata.read_h5ad(CELL_LINES)
    rna = sp.csr_matrix(data.X, dtype=np.float32)
    return Matrices(rna=rna, atac=rna, obs=data.obs)


def test_four_unrelated_cell_lines_have_no_lags(cell_lines):
    for root in (None, cell_lines.obs.index[0]):
        edges, lags = lags_of(cell_lines, root=root)
        assert np.isnan(lags.lag_sign).all()
        assert np.isnan(edges.lag_sign).all()
        (reason,) = set(lags.reason) | set(edges.reason)
        assert reason.endswith("lags are not estimated") if root else "no time points" in reason
        assert reason.startswith("no trajectory: a gap") == (root is not None)


def test_a_root_that_is_no_cell_is_refused(cell_lines):
    with pytest.raises(InputError, match="found 0 named 'nobody'"):
        lags_of(cell_lines, root="nobody")


def measured(cells, **columns):
    """Simulated cells as the matrices of a data set."""
    names = pd.Index([f"cell {i}" for i in range(cells.time.size)])
    return Matrices(
        rna=cells.rna.astype(np.float32),
        atac=cells.activity.astype(np.float32),
        obs=pd.DataFrame(columns, index=names),
    )


def test_a_trajectory_with_a_stated_root_has_lags_in_pseudotime():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=500, num_genes=600, mean_count=1.0), seed=1)
    matrices = measured(cells)
    first = np.argsort(cells.time)[:2]
    edges, lags = lags_of(matrices, root=", ".join(matrices.obs.index[first]))
    assert np.isfinite(edges.lag_sign).all()
    assert edges.unit == "pseudotime"
    called = lags.lag_sign != 0
    assert lags.unit == "pseudotime"
    assert called.sum() > 30
    assert np.mean(lags.lag_sign[called] == np.sign(cells.lag[called])) > 0.95


def test_cells_with_times_of_their_own_lie_along_them_in_their_unit():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=1_000, num_genes=40, mean_count=1.0), seed=1)
    _, early = lags_of(measured(cells, when=24 * cells.time - 12), time_column="when")
    called = early.lag_sign != 0
    assert early.unit == "h"
    assert called.sum() > 10
    assert np.mean(early.lag_sign[called] == np.sign(cells.lag[called])) > 0.95
    assert np.abs(early.lag).max() > 2


def test_one_time_point_is_tested_nowhere_and_says_why():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=100, num_genes=5, mean_count=1.0), seed=1)
    edges, lags = lags_of(measured(cells, when=3.0), time_column="when")
    assert np.isnan(edges.lag_sign).all()
    assert set(lags.reason) | set(edges.reason) == {"1 time points, an order needs 3"}


def test_a_missing_time_is_refused_before_anything_is_trained():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=100, num_genes=5, mean_count=1.0), seed=1)
    matrices = measured(cells, when=np.where(cells.time < 0.5, np.nan, 1.0))
    with pytest.raises(InputError, match=r"in column 'when'.*of 100 have none"):
        check_timing(matrices, neighbourhoods(5, time_column="when"), config=LagConfig())


def test_an_unknown_root_is_refused_before_anything_is_trained():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=100, num_genes=5, mean_count=1.0), seed=1)
    with pytest.raises(InputError, match="found 0 named 'nobody'"):
        check_timing(measured(cells), neighbourhoods(5), config=LagConfig(root="nobody"))


def test_each_context_has_the_lags_of_its_own_cells_and_one_of_one_time_point_none():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=1_500, num_genes=30, mean_count=2.0), seed=1)
    kind = np.where(np.arange(1_500) < 900, "course", "still")
    when = np.where(kind == "still", 3.0, cells.time)
    contexts = [{"name": name, "obs_column": "kind"} for name in ("course", "still")]
    hoods = neighbourhoods(30, time_column="when")
    hoods = replace(
        hoods, contexts=("all", "course", "still"), dataset={**hoods.dataset, "contexts": contexts}
    )
    matrices, config = measured(cells, when=when, kind=kind), LagConfig()
    timing = cell_timing(matrices, hoods, config=config, seed=0)
    weights = np.ones(30, dtype=np.float32)
    whole, course, still = context_lags(matrices, hoods, weights, timing=timing, config=config, seed=0)
    called = course.lag_sign != 0
    assert called.sum() > 8
    assert np.mean(course.lag_sign[called] == np.sign(cells.lag[called])) > 0.9
    assert not np.allclose(whole.lag, course.lag)
    assert set(still.reason) == {"1 distinct times, a trajectory needs 50"}
