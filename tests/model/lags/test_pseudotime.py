from pathlib import Path

import anndata
import numpy as np
import pytest
from scipy import sparse, stats

from graph.errors import InputError
from model.lags.pseudotime import diffusion_pseudotime
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trial import try_lags

CELL_LINES = Path(__file__).parents[3] / "demo" / "snareseq_celllines" / "rna.h5ad"
DESIGN = TrajectoryDesign(num_cells=500, num_genes=600, mean_count=1.0)


@pytest.fixture(scope="module")
def cells():
    return simulate_trajectory(DESIGN, seed=1)


def test_a_trajectory_is_ordered_from_its_root_and_the_other_end_reverses_it(cells):
    first, last = int(cells.time.argmin()), int(cells.time.argmax())
    forward = diffusion_pseudotime(cells.rna, root=first, seed=0)
    backward = diffusion_pseudotime(cells.rna, root=last, seed=0)
    assert forward.obstacle == backward.obstacle == ""
    assert stats.spearmanr(forward.time, cells.time)[0] > 0.9
    assert stats.spearmanr(backward.time, cells.time)[0] < -0.9
    assert forward.time.min() == 0
    assert forward.time.max() == 1


def test_four_unrelated_cell_lines_are_no_trajectory_from_any_of_them():
    data = anndata.read_h5ad(CELL_LINES)
    for root in (0, 400, 1_000):
        found = diffusion_pseudotime(data.X, root=root, seed=0)
        assert found.obstacle.startswith("no trajectory")
        assert np.isnan(found.time).all()


def test_one_cloud_of_cells_is_no_trajectory():
    cloud = np.random.default_rng(0).poisson(0.5, (400, 300))
    assert "two halves of the genes" in diffusion_pseudotime(cloud, root=0, seed=0).obstacle


def test_few_cells_and_empty_genes_are_no_order_and_a_root_must_be_a_cell():
    assert "5 cells" in diffusion_pseudotime(np.ones((5, 100)), root=0, seed=0).obstacle
    assert "0 detected genes" in diffusion_pseudotime(sparse.csr_matrix((300, 100)), root=0, seed=0).obstacle
    for root in (5, [0, 5], []):
        with pytest.raises(InputError, match="root between 0 and 4"):
            diffusion_pseudotime(np.ones((5, 100)), root=root, seed=0)


def test_of_several_roots_the_median_tells_the_direction(cells):
    order = np.argsort(cells.time)
    roots = [*order[:3], order[-1]]
    found = diffusion_pseudotime(cells.rna, root=roots, seed=0)
    assert stats.spearmanr(found.time, cells.time)[0] > 0.9
    assert found.roots.tolist() == roots


def test_a_trial_tells_the_figures_or_why_there_are_none():
    small = TrajectoryDesign(num_cells=1_000, num_genes=60, mean_count=0.5)
    known = try_lags(small, seed=1, estimated_time=False)
    assert known.recovery.spearman > 0.7
    assert known.time_correlation == pytest.approx(1)
    guessed = try_lags(small, seed=1, estimated_time=True)
    assert guessed.obstacle.startswith("no trajectory")
    assert guessed.recovery.recall == 0
