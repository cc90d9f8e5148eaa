from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse

from graph.errors import InputError
from model.lags.simulate import TrajectoryDesign, recovery, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig

DESIGN = TrajectoryDesign(num_cells=3_000, num_genes=80, mean_count=0.5)
CONFIG = TrajectoryConfig(
    window_centres=(0.2, 0.5, 0.8), num_shifts=4, length_scales=(0.15, 0.25), program_sds=(0.0, 0.5, 1.5, 4.5)
)


def estimate(cells, **changes):
    given = {"rna": cells.rna, "activity": cells.activity, "time": cells.time} | changes
    return estimate_trajectory_lags(given["rna"], given["activity"], given["time"], config=CONFIG, seed=0)


@pytest.fixture(scope="module")
def cells():
    return simulate_trajectory(DESIGN, seed=1)


@pytest.fixture(scope="module")
def lags(cells):
    return estimate(cells)


@pytest.fixture(scope="module")
def lags_of_none():
    return estimate(simulate_trajectory(replace(DESIGN, max_lag=0.0), seed=2))


def test_known_lags_are_recovered_and_genes_without_one_are_not_called(cells, lags, lags_of_none):
    found = recovery(lags, cells.lag, without_lag=lags_of_none)
    assert found.spearman >= 0.9
    assert found.sign_accuracy >= 0.97
    assert found.recall >= 0.6
    assert found.false_calls <= 0.06


def test_intervals_cover_the_truth(cells, lags):
    assert np.mean((lags.low <= cells.lag) & (cells.lag <= lags.high)) > 0.85
    assert (lags.low <= lags.lag).all()
    assert (lags.lag <= lags.high).all()


def test_swapped_modalities_flip_every_sign(cells, lags):
    swapped = estimate(cells, rna=cells.activity, activity=cells.rna)
    assert (lags.lag_sign != 0).mean() > 0.5
    both = (swapped.lag_sign != 0) & (lags.lag_sign != 0)
    assert both.sum() >= 0.95 * (lags.lag_sign != 0).sum()
    assert_array_equal(swapped.lag_sign[both], -lags.lag_sign[both])
    assert np.corrcoef(swapped.lag, -lags.lag)[0, 1] > 0.98


def test_reversed_time_flips_every_sign(cells, lags):
    reversed_ = estimate(cells, time=1 - cells.time)
    both = (reversed_.lag_sign != 0) & (lags.lag_sign != 0)
    assert both.sum() >= 0.95 * (lags.lag_sign != 0).sum()
    assert_array_equal(reversed_.lag_sign[both], -lags.lag_sign[both])


@pytest.mark.parametrize("kind", ["cells shuffled", "another gene's RNA"])
def test_unrelated_series_get_no_sign(cells, kind):
    shuffled = np.random.default_rng(3).permutation(DESIGN.num_cells)
    rna = cells.rna[shuffled] if kind == "cells shuffled" else cells.rna[:, np.roll(np.arange(80), 1)]
    assert np.mean(estimate(cells, rna=rna).lag_sign != 0) <= 0.06


def test_lags_are_in_the_unit_of_time(cells, lags):
    hours = estimate(cells, time=24 * cells.time)
    assert_allclose(hours.lag, 24 * lags.lag, rtol=1e-6)
    assert_allclose(hours.windows.lag, 24 * lags.windows.lag, rtol=1e-6)
    assert_allclose(hours.fdr, lags.fdr, rtol=1e-6)


def test_windows_of_a_steady_lag_agree_with_it(cells, lags):
    called = lags.windows.sign != 0
    assert called.mean() > 0.05
    right = lags.windows.sign == np.sign(cells.lag)[:, None]
    assert right[called].mean() > 0.9
    assert lags.biphasic.mean() <= 0.05


def test_genes_that_cannot_be_tested_say_why_and_leave_nothing_undefined(cells):
    rna, activity = cells.rna.toarray(), cells.activity.toarray()
    rna[:, 0], activity[:, 1] = 3, 0
    found = estimate(cells, rna=sparse.csr_matrix(rna), activity=sparse.csr_matrix(activity))
    assert found.reason[:3].tolist() == [
        "follower: the same count in all cells",
        "leader: seen in fewer than 10 cells",
        "",
    ]
    for values in (found.lag, found.fdr, found.p, found.low, found.lag_sign, found.windows.lag[:, 0]):
        assert np.isnan(values[:2]).all()
        assert np.isfinite(values[2:]).all()


@pytest.mark.parametrize(
    ("num_cells", "time", "reason"),
    [(5, None, "5 cells, a trajectory needs 200"), (300, 1.0, "1 distinct times, a trajectory needs 50")],
)
def test_few_cells_and_one_time_point_are_not_estimated(cells, num_cells, time, reason):
    times = cells.time[:num_cells] if time is None else np.full(num_cells, time)
    found = estimate(cells, rna=cells.rna[:num_cells], activity=cells.activity[:num_cells], time=times)
    assert np.isnan(found.lag_sign).all()
    assert set(found.reason) == {reason}
    assert not found.biphasic.any()


def test_inputs_that_do_not_fit_are_refused(cells):
    with pytest.raises(InputError, match="same cells and genes"):
        estimate(cells, rna=cells.rna[:-1])
    with pytest.raises(InputError, match="finite time for each"):
        estimate(cells, time=cells.time[:-1])
    with pytest.raises(InputError, match="finite time for each"):
        estimate(cells, time=np.full(DESIGN.num_cells, np.nan))


def test_all_faults_of_the_settings_are_told_at_once():
    with pytest.raises(InputError) as caught:
        TrajectoryConfig(num_bins=2, min_cells=1, max_lag=0.9, fdr=0.0, program_sds=(1.0,))
    assert len(caught.value.faults) == 5
