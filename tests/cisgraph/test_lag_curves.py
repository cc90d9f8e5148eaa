import numpy as np
import pytest
from matplotlib.image import imread

from cisgraph.report.lag_curves import agreement, paint_agreement, paint_gene, paint_heat_map
from cisgraph.report.lag_data import curves_of
from graph.errors import InputError
from model.lags.chromatin import Depths
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig

CONFIG = TrajectoryConfig(num_shifts=2, length_scales=(0.2,), program_sds=(0.0, 1.0, 4.0))


@pytest.fixture(scope="module")
def cells():
    return simulate_trajectory(TrajectoryDesign(num_cells=2_000, num_genes=40, mean_count=2.0), seed=1)


def curves(cells, *, num_cells=2_000):
    rna, activity, time = cells.rna[:num_cells], cells.activity[:num_cells], cells.time[:num_cells]
    lags = estimate_trajectory_lags(rna, activity, time, config=CONFIG, seed=0)
    symbols = np.array([f"GENE{i}" for i in range(40)], dtype=object)
    counts = {"rna": rna, "activity": activity}
    return curves_of(lags, counts, time=time, symbols=symbols, depths=Depths())


def test_each_picture_is_a_file_with_ink_of_its_own(cells, tmp_path):
    shown = curves(cells)
    paths = [
        paint_gene(shown, 3, tmp_path / "gene.png"),
        paint_heat_map(shown, tmp_path / "heat.png"),
        paint_agreement(shown, tmp_path / "agreement.png"),
    ]
    for path in paths:
        assert imread(path)[..., :3].std() > 0.05


def test_cells_without_an_estimate_are_told_why(cells):
    with pytest.raises(InputError, match="5 cells, a trajectory needs 200"):
        curves(cells, num_cells=5)


def test_agreement_is_the_correlation_over_genes_in_each_bin():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 5, 30))
    first, second = first / first.std(axis=0), second / second.std(axis=0)
    expected = [np.corrcoef(a, b)[0, 1] for a, b in zip(first, second, strict=True)]
    assert np.allclose(agreement(first, second), expected)
    assert (agreement(np.zeros((5, 30)), second) == 0).all()
