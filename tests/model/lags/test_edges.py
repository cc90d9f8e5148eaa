import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse

from graph.errors import InputError
from model.lags import LagConfig, estimate_edge_lags, not_estimated
from model.lags.simulate import simulate_counts

NUM = 60
SIZES = (150, 250, 270)
LABEL = np.repeat([0, 1, 2], SIZES)
TIME = np.array([0.0, 1.0, 3.0])[LABEL]
DEPTH = np.random.default_rng(0).lognormal(sigma=0.6, size=LABEL.size)
EARLY, MIDDLE, LATE = np.array([0, 1, 1]), np.array([0, 0.5, 1]), np.array([0, 0, 1])
CONFIG = LagConfig(num_bootstraps=200, num_permutations=300)
PAIRS = np.stack([np.arange(NUM), NUM + np.arange(NUM)])
ALTERNATING = np.where(np.arange(NUM) % 2, 2.5, -2.5)


def levels(profile, log_fold, *, mean=1.5, log=False):
    """Return levels (NUM, 3) that follow a profile, on the linear or on the log scale."""
    fold = np.broadcast_to(log_fold, NUM)[:, None]
    return mean * (2 ** (fold * profile) if log else 1 + (2**fold - 1) * profile)


def estimate(regulators, targets, *, pairs=PAIRS, time=TIME, seed=0):
    both = np.concatenate([regulators, targets])
    counts = simulate_counts(both, LABEL, depth=DEPTH, dispersion=1.0, seed=seed)
    return estimate_edge_lags(counts, time, pairs, config=CONFIG, seed=seed, depth=DEPTH)


def called_share(lags):
    assert lags.tested.all()
    return np.mean(lags.lag_sign != 0)


def crossed(seed, num=600):
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(0, NUM, num), NUM + rng.integers(0, NUM, num)])


def test_unchanged_genes_get_no_sign():
    flat = levels(EARLY, 0.0)
    assert called_share(estimate(flat, flat, pairs=crossed(0))) <= 0.05


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("profile", [EARLY, MIDDLE, LATE])
def test_coupling_without_a_lag_gets_no_sign(profile, log):
    rng = np.random.default_rng(1)
    regulators = levels(profile, rng.uniform(0.5, 3, NUM), log=log)
    targets = levels(profile, rng.uniform(0.5, 3, NUM) * rng.choice([-1, 1], NUM), mean=0.7, log=log)
    assert called_share(estimate(regulators, targets, pairs=crossed(1))) <= 0.06


def test_a_gene_that_changes_has_no_order_with_one_that_does_not():
    assert called_share(estimate(levels(EARLY, 2.5), levels(EARLY, 0.0))) <= 0.05


@pytest.mark.parametrize(("late", "truth"), [(LATE, 1.5), (MIDDLE, 0.75)])
def test_early_regulators_lead_late_targets_activated_or_repressed(late, truth):
    lags = estimate(levels(EARLY, 2.5), levels(late, ALTERNATING))
    for half in (slice(0, None, 2), slice(1, None, 2)):
        assert np.mean(lags.lag_sign[half] == 1) > 0.8
    assert not (lags.lag_sign == -1).any()
    assert np.median(lags.lag) == pytest.approx(truth, abs=0.2)
    assert np.mean((lags.low <= truth + 1e-9) & (truth - 1e-9 <= lags.high)) > 0.75


def test_a_pulse_leads_a_late_target_and_one_that_is_over_is_not_called():
    pulse, over = np.array([0, 1, 0.4]), np.array([0, 1, 0])
    assert np.mean(estimate(levels(pulse, 2.5), levels(LATE, ALTERNATING)).lag_sign == 1) > 0.8
    assert called_share(estimate(levels(over, 2.5), levels(LATE, ALTERNATING))) <= 0.05


def test_more_counts_find_more_orders():
    shares = [
        np.mean(estimate(levels(EARLY, 1.0, mean=m), levels(LATE, 1.0, mean=m)).lag_sign == 1)
        for m in (0.02, 0.5, 3.0)
    ]
    assert shares[0] < shares[1] < shares[2]


def test_swapped_pairs_and_reversed_time_flip_every_sign():
    regulators, targets = levels(EARLY, 2.0), levels(LATE, ALTERNATING / 2)
    forward = estimate(regulators, targets)
    assert np.mean(forward.lag_sign == 1) > 0.3
    for flipped in (
        estimate(regulators, targets, pairs=PAIRS[::-1]),
        estimate(regulators, targets, time=3 - TIME),
    ):
        assert_array_equal(flipped.lag_sign, -forward.lag_sign)
        assert_allclose(flipped.lag, -forward.lag, atol=1e-6)
        assert_allclose(flipped.low, -forward.high, atol=1e-6)
        assert_allclose(flipped.p, forward.p, rtol=1e-3)


def test_permuted_times_lose_every_order():
    time = np.random.default_rng(2).permutation(TIME)
    assert called_share(estimate(levels(EARLY, 2.5), levels(LATE, 2.5), time=time)) <= 0.05


def test_neither_the_order_of_edges_nor_a_multiple_of_time_changes_a_p_value():
    regulators, targets = levels(EARLY, 1.0), levels(LATE, 1.0)
    lags = estimate(regulators, targets)
    shuffled = np.random.default_rng(3).permutation(NUM)
    assert_allclose(estimate(regulators, targets, pairs=PAIRS[:, shuffled]).p, lags.p[shuffled])
    minutes = estimate(regulators, targets, time=60 * TIME)
    assert_allclose(minutes.p, lags.p, rtol=1e-3)
    assert_allclose(minutes.lag, 60 * lags.lag, rtol=1e-4)


def test_p_is_the_largest_of_its_parts_and_signs_follow_the_fdr():
    lags = estimate(levels(EARLY, 1.5), levels(LATE, 1.0))
    assert (lags.p >= np.maximum(lags.p_leader, lags.p_follower)).all()
    assert_array_equal(lags.lag_sign, np.where(lags.fdr < 0.05, np.sign(lags.lag), 0))
    assert (lags.low <= lags.high).all()


def test_pairs_that_cannot_be_tested_say_why_and_leave_the_others_alone():
    both = np.concatenate([levels(EARLY, 2.5), levels(LATE, 2.5)])
    counts = simulate_counts(both, LABEL, depth=DEPTH, dispersion=1.0, seed=0).toarray()
    counts[:, 0], counts[:, NUM + 1] = 0, 7
    pairs = np.column_stack([PAIRS, [2, 2]])
    lags = estimate_edge_lags(sparse.csr_matrix(counts), TIME, pairs, config=CONFIG, seed=0, depth=DEPTH)
    assert np.flatnonzero(~lags.tested).tolist() == [0, 1, NUM]
    assert lags.reason[[0, 1, 2, NUM]].tolist() == [
        "leader: seen in fewer than 10 cells",
        "follower: the same count in all cells",
        "",
        "a gene against itself",
    ]
    for values in (lags.lag, lags.p, lags.fdr, lags.low, lags.p_leader):
        assert_array_equal(np.isnan(values), ~lags.tested)
    assert np.mean(lags.lag_sign[lags.tested] == 1) > 0.8


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        (np.zeros(LABEL.size), "1 time points, an order needs 3"),
        (np.minimum(TIME, 1), "2 time points, an order needs 3"),
        (np.where(np.arange(LABEL.size) < 5, 0, TIME + 1), "5 cells at time 0, expected 20"),
    ],
)
def test_too_few_time_points_or_cells_are_not_estimated(time, reason):
    lags = estimate(levels(EARLY, 1.0), levels(LATE, 1.0), time=time)
    assert np.isnan(lags.lag_sign).all()
    assert set(lags.reason) == {reason}


def test_no_time_and_no_edges_are_not_estimated():
    assert np.isnan(not_estimated(3).lag_sign).tolist() == [True] * 3
    assert set(not_estimated(3).reason) == {"the cells have no time"}
    empty = estimate(levels(EARLY, 1.0), levels(LATE, 1.0), pairs=np.empty((2, 0), dtype=int))
    assert empty.lag.shape == (0,)
    with pytest.raises(InputError):
        not_estimated(-1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pairs": [[0], [4]]}, "gene indices from 0 to 3"),
        ({"pairs": [0, 1]}, "pairs of gene indices"),
        ({"pairs": [[0.5], [1.0]]}, "pairs of gene indices"),
        ({"time": [0, 1]}, "one time for each of 6 cells"),
        ({"counts": -np.ones((6, 4))}, "negative or missing"),
        ({"depth": np.ones(5)}, "depth of 0 or more for each of 6 cells"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(change, message):
    given = {"counts": np.ones((6, 4)), "time": np.arange(6.0), "pairs": [[0], [1]], "depth": None} | change
    with pytest.raises(InputError, match=message):
        estimate_edge_lags(given["counts"], given["time"], given["pairs"], seed=0, depth=given["depth"])


def test_all_faults_of_the_settings_are_told_at_once():
    with pytest.raises(InputError) as caught:
        LagConfig(num_bootstraps=5, fdr=2.0, scales=())
    assert len(caught.value.faults) == 3


def test_the_arguments_are_left_as_they_were():
    counts = simulate_counts(levels(EARLY, 1.0), LABEL, depth=DEPTH, dispersion=1.0, seed=0)
    before = counts.copy()
    estimate_edge_lags(counts, TIME, [[0], [1]], config=CONFIG, seed=0)
    assert (counts != before).nnz == 0
