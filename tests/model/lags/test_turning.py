from dataclasses import replace

import numpy as np
import pytest

from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.turning import Turning, find_biphasic, turning_lags

DESIGN = TrajectoryDesign(num_cells=5_000, num_genes=120, mean_count=1.0, biphasic_share=0.25)


def turning(probability):
    return Turning(probability, np.zeros((2, probability.size)))


def f1_score(truth, said):
    return 2 * (truth & said).sum() / (truth.sum() + said.sum())


def test_biphasic_genes_are_found():
    cells = simulate_trajectory(DESIGN, seed=2)
    lags = estimate_trajectory_lags(cells.rna, cells.activity, cells.time, seed=0)
    assert f1_score(cells.lag != cells.later_lag, lags.biphasic) >= 0.8
    assert lags.turning[lags.biphasic].min() > lags.turning[~lags.biphasic].mean()


@pytest.mark.parametrize("max_lag", [0.3, 0.0])
def test_genes_whose_lag_does_not_turn_are_not_called(max_lag):
    cells = simulate_trajectory(replace(DESIGN, biphasic_share=0.0, max_lag=max_lag), seed=2)
    lags = estimate_trajectory_lags(cells.rna, cells.activity, cells.time, seed=0)
    assert lags.biphasic.mean() <= 0.02


def test_turns_have_opposite_signs_before_and_after():
    turns = turning_lags()
    assert (turns[:, 0] * turns[:, 1] < 0).all()
    assert np.isin(-turns[:, 0], turns[:, 1]).all()


def test_the_mean_doubt_of_the_called_stays_below_the_level():
    probability = np.array([0.99, 0.97, 0.93, 0.85, 0.1])
    probability, fdr = np.append(probability, np.zeros(5)), np.zeros(10)
    assert (
        find_biphasic(turning(probability), coupled_fdr=fdr, level=0.05).tolist() == [True] * 3 + [False] * 7
    )
    assert (
        find_biphasic(turning(probability), coupled_fdr=fdr, level=0.07).tolist() == [True] * 4 + [False] * 6
    )


def test_pairs_that_are_not_coupled_are_never_biphasic():
    uncoupled = np.array([0.01, 0.5, 0.01, 0.01])
    called = find_biphasic(turning(np.array([0.99, 0.999, 0.0, 0.0])), coupled_fdr=uncoupled, level=0.05)
    assert called.tolist() == [True, False, False, False]


def test_where_most_genes_seem_to_turn_the_order_of_the_cells_is_bent_and_none_is_called():
    bent = turning(np.full(10, 0.99))
    assert not find_biphasic(bent, coupled_fdr=np.zeros(10), level=0.05).any()
    assert (bent.mean_course(np.full(10, 0.2)) == 0.2).all()


def test_the_course_of_a_lag_is_between_steady_and_turned_by_how_likely_the_turn_is():
    known = Turning(np.array([0.0, 0.25, 1.0]), np.array([[0.2, 0.2, 0.2], [-0.2, -0.2, -0.2]]))
    np.testing.assert_allclose(known.mean_course(np.full(3, 0.1)), [[0.1, 0.125, 0.2], [0.1, 0.025, -0.2]])


def test_the_lag_along_time_is_nearer_to_the_truth_than_that_of_windows():
    cells = simulate_trajectory(DESIGN, seed=2)
    lags = estimate_trajectory_lags(cells.rna, cells.activity, cells.time, seed=0)
    truth = np.where(lags.times < 0.5, cells.lag[:, None], cells.later_lag[:, None])
    assert np.abs(lags.course - truth).mean() < 0.8 * np.abs(lags.windows.at(lags.times) - truth).mean()
