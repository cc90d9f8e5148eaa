"""What every estimate along a trajectory owes its callers, whatever it computes."""

from typing import get_args

import numpy as np
import pytest
from scipy import sparse

from graph.errors import InputError
from model.lags.estimators import EstimatorName, estimator_named
from model.lags.simulate import TrajectoryDesign, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig

CONFIG = TrajectoryConfig(window_centres=(0.2, 0.5, 0.8), num_shifts=4, length_scales=(0.2,))
CELLS = simulate_trajectory(TrajectoryDesign(num_cells=600, num_genes=12, mean_count=2.0), seed=1)


@pytest.fixture(params=get_args(EstimatorName))
def estimate(request):
    def run(**changes):
        given = {"rna": CELLS.rna, "activity": CELLS.activity, "time": CELLS.time} | changes
        return estimate_trajectory_lags(
            given["rna"], given["activity"], given["time"], config=CONFIG, seed=0,
            estimator=estimator_named(request.param),
        )  # fmt: skip

    return run


def with_column(counts, column, value):
    changed = counts.toarray()
    changed[:, column] = value
    return sparse.csr_matrix(changed)


def test_a_constant_gene_and_an_empty_peak_set_are_null_with_a_reason_and_all_others_are_numbers(estimate):
    lags = estimate(rna=with_column(CELLS.rna, 0, 3), activity=with_column(CELLS.activity, 1, 0))
    assert lags.reason[:3].tolist() == [
        "follower: the same count in all cells", "leader: seen in fewer than 10 cells", "",
    ]  # fmt: skip
    for values in (lags.lag, lags.low, lags.high, lags.lag_sign, lags.fdr, lags.p, lags.course[:, 0]):
        assert np.isnan(values[:2]).all()
        assert np.isfinite(values[2:]).all()
    assert np.isfinite(lags.windows.lag[2:]).all()
    assert set(lags.lag_sign[2:]) <= {-1.0, 0.0, 1.0}
    assert not lags.biphasic[:2].any()


def test_a_single_gene_that_can_be_tested_is_tested(estimate):
    alone = estimate(rna=CELLS.rna[:, :1], activity=CELLS.activity[:, :1])
    assert np.isfinite(alone.lag).all()
    assert np.isfinite(alone.fdr).all()


@pytest.mark.parametrize(
    ("size", "time", "reason"),
    [(5, None, "5 cells, a trajectory needs 200"), (600, 1.0, "1 distinct times, a trajectory needs 50")],
)
def test_five_cells_and_one_time_point_are_null_with_a_reason(estimate, size, time, reason):
    times = CELLS.time[:size] if time is None else np.full(size, time)
    lags = estimate(rna=CELLS.rna[:size], activity=CELLS.activity[:size], time=times)
    assert set(lags.reason) == {reason}
    assert np.isnan(lags.lag_sign).all()
    assert np.isnan(lags.at_cells(times, np.arange(12))).all()


def test_no_genes_are_no_lags(estimate):
    assert estimate(rna=CELLS.rna[:, :0], activity=CELLS.activity[:, :0]).lag.size == 0


def test_negative_times_are_times_and_a_missing_one_is_refused(estimate):
    before = estimate(time=CELLS.time - 5)
    assert np.isfinite(before.lag).all()
    missing = np.where(np.arange(600) == 3, np.nan, CELLS.time)
    with pytest.raises(InputError, match="1 of them missing"):
        estimate(time=missing)


def test_negative_counts_are_refused(estimate):
    with pytest.raises(InputError, match="raw counts, found negative"):
        estimate(rna=with_column(CELLS.rna, 0, -1))


def test_the_lag_of_a_cell_lies_between_those_of_its_bins_in_the_unit_of_time(estimate):
    lags = estimate(time=24 * CELLS.time)
    genes = np.array([2, 0])
    at_cells = lags.at_cells(24 * CELLS.time, genes)
    assert at_cells.shape == (600, 2)
    assert at_cells.min() >= lags.course[genes].min() - 1e-5
    assert at_cells.max() <= lags.course[genes].max() + 1e-5
    first = CELLS.time.argmin()
    np.testing.assert_allclose(at_cells[first], lags.course[genes, 0], rtol=1e-5)


def test_the_attention_model_takes_its_preset_and_its_prior():
    asked = estimator_named("attention", preset="gpu", prior="cross-correlation")
    assert (asked.settings.device, asked.settings.prior) == ("cuda", "cross-correlation")
    assert estimator_named("attention").settings.device == "cpu"
