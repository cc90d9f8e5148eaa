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
from model.timing import chromatin_lags, edge_lags

CELL_LINES = Path(__file__).parents[2] / "demo" / "snareseq_celllines" / "rna.h5ad"
PAIRS = np.array([[0], [1]])


def neighbourhoods(num_genes):
    """One peak a gene, one regulator, no time points."""
    names = np.array([f"gene {i}" for i in range(num_genes)], dtype=object)
    each = np.arange(num_genes)
    return Neighbourhoods(
        dataset={"time_column": None, "time_unit": None}, contexts=("all",), gene_ids=names, symbols=names,
        num_measured=num_genes, regulator_ids=names[:1], regulator_symbols=names[:1], tf_families=names[:1],
        regulator_gene=np.array([0]), peak_ids=names, near_index=np.stack([each, each]),
        near_distance=np.ones(num_genes), prior_index=np.zeros((2, 0), dtype=np.int64),
        prior_sign=np.zeros(0, dtype=np.int64), detected=np.ones((1, num_genes), dtype=np.bool_),
        regulator_detected=np.ones((1, 1), dtype=np.bool_),
    )  # fmt: skip


def lags_of(matrices, *, root):
    hoods, weights = neighbourhoods(matrices.rna.shape[1]), np.ones(matrices.rna.shape[1], dtype=np.float32)
    config = LagConfig(root=root)
    edges = edge_lags(matrices, hoods, PAIRS, config=config, seed=0)
    assert np.isnan(edges.lag_sign).all()
    return chromatin_lags(matrices, hoods, weights, config=config, seed=0)


@pytest.fixture(scope="module")
def cell_lines():
    data = anndata.read_h5ad(CELL_LINES)
    rna = sp.csr_matrix(data.X, dtype=np.float32)
    return Matrices(rna=rna, atac=rna, obs=data.obs)


def test_four_unrelated_cell_lines_have_no_lags(cell_lines):
    for root in (None, cell_lines.obs.index[0]):
        lags = lags_of(cell_lines, root=root)
        assert np.isnan(lags.lag_sign).all()
        (reason,) = set(lags.reason)
        assert reason.endswith("lags are not estimated") if root else "no time points" in reason
        assert reason.startswith("no trajectory: a gap") == (root is not None)


def test_a_root_that_is_no_cell_is_refused(cell_lines):
    with pytest.raises(InputError, match="found 0 named 'nobody'"):
        lags_of(cell_lines, root="nobody")


def test_a_trajectory_with_a_stated_root_has_lags_in_pseudotime():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=500, num_genes=600, mean_count=1.0), seed=1)
    names = pd.Index([f"cell {i}" for i in range(500)])
    matrices = Matrices(
        rna=cells.rna.astype(np.float32),
        atac=cells.activity.astype(np.float32),
        obs=pd.DataFrame(index=names),
    )
    lags = lags_of(matrices, root=names[int(cells.time.argmin())])
    called = lags.lag_sign != 0
    assert lags.unit == "pseudotime"
    assert called.sum() > 30
    assert np.mean(lags.lag_sign[called] == np.sign(cells.lag[called])) > 0.95
