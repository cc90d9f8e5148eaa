import numpy as np
import pytest

from graph.errors import InputError
from model.lags.results import GeneLags
from model.lags.simulate import TrajectoryDesign, recovery, simulate_trajectory

DESIGN = TrajectoryDesign(num_cells=4_000, num_genes=60, mean_count=1.0)


def lags_of(lag, sign):
    nan = np.full(len(lag), np.nan)
    return GeneLags(
        np.array(lag), nan, nan, np.array(sign), nan, nan, nan, nan, np.full(len(lag), ""), "pseudotime"
    )


def test_the_same_seed_gives_the_same_cells_and_another_gives_others():
    first, again, other = (simulate_trajectory(DESIGN, seed=seed) for seed in (1, 1, 2))
    assert (first.rna != again.rna).nnz == 0
    assert (first.rna != other.rna).nnz > 0


def test_counts_have_the_mean_and_lags_the_range_of_the_design():
    cells = simulate_trajectory(DESIGN, seed=1)
    assert cells.rna.mean() == pytest.approx(1.0, rel=0.05)
    assert cells.activity.mean() == pytest.approx(1.0, rel=0.05)
    assert np.abs(cells.lag).max() <= 0.3
    assert np.ptp(cells.lag) > 0.5


def test_rna_follows_its_chromatin_by_the_lag():
    design = TrajectoryDesign(num_cells=60_000, num_genes=6, mean_count=20.0, dispersion=0.0)
    cells = simulate_trajectory(design, seed=3)
    for gene in range(6):
        chromatin, expression = (x[:, gene].toarray().ravel() for x in (cells.activity, cells.rna))
        ratio = [
            chromatin[np.abs(cells.time - (when - cells.lag[gene])) < 0.01].mean()
            / expression[np.abs(cells.time - when) < 0.01].mean()
            for when in np.linspace(0.35, 0.65, 7)
        ]
        assert max(ratio) / min(ratio) < 1.08


def test_biphasic_genes_turn_half_way():
    cells = simulate_trajectory(TrajectoryDesign(num_cells=200, num_genes=8, biphasic_share=0.25), seed=0)
    assert (cells.lag != cells.later_lag).tolist() == [True, True] + [False] * 6
    assert (cells.lag[:2] == -cells.later_lag[:2]).all()


def test_recovery_is_what_a_hand_counts():
    truth = np.array([0.2, -0.2, 0.01, 0.1])
    found = recovery(
        lags_of([0.3, 0.1, 0.0, 0.2], [1.0, 1.0, 0.0, 0.0]),
        truth,
        without_lag=lags_of([0.0] * 4, [0.0, 1.0, 0.0, np.nan]),
    )
    assert found.sign_accuracy == 0.5
    assert found.recall == pytest.approx(1 / 3)
    assert found.false_calls == 0.25
    assert found.spearman == pytest.approx(0.8)


def test_nothing_called_and_nothing_tested_are_figures_too():
    nothing = lags_of([np.nan] * 3, [np.nan] * 3)
    assert recovery(nothing, np.ones(3), without_lag=nothing).spearman == 0
    assert recovery(nothing, np.ones(3), without_lag=nothing).sign_accuracy == 1


def test_a_design_that_cannot_be_is_refused():
    with pytest.raises(InputError, match="sizes above 0"):
        TrajectoryDesign(num_cells=0)
