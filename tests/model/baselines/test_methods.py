"""Numbers of single methods against slow or hand-made ones."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge

from graph.validation.evidence import BoundPairs
from graph.validation.views import hidden_view
from model.baselines import boosting, chip, factorisation, nearest_peak, ridge
from model.baselines.correlation import spearman
from model.baselines.database import database


@pytest.mark.parametrize("num_metacells", [8, 30])
def test_ridge_is_that_of_scikit_learn_on_both_sides_of_the_dual(num_metacells):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(num_metacells, 12)), rng.normal(size=(num_metacells, 5))
    a = rng.random((num_metacells, 5))
    found = ridge.coefficients(x, y, a)
    for g in range(5):
        model = Ridge(alpha=ridge.PENALTY * num_metacells, fit_intercept=False)
        np.testing.assert_allclose(found[:, g], model.fit(x * a[:, g : g + 1], y[:, g]).coef_, atol=1e-10)


def test_accessibility_of_a_target_is_that_of_its_peaks_over_its_mean(cells):
    opened = np.array([[1.0, 3, 0], [3, 5, 0]])
    near = np.array([[0, 0, 2], [0, 1, 2]])  # target 0: peaks 0 and 1; target 2: a closed one
    small = replace(
        cells, expression=cells.expression[:2, :3], accessibility=sp.csc_array(opened), near_index=near
    )
    found = ridge.target_accessibility(small)
    np.testing.assert_allclose(found, [[2 / 3, 0, 0], [4 / 3, 0, 0]])


def test_a_target_without_open_peaks_has_no_ridge_coefficient(given):
    near = given.cells.near_index[:, given.cells.near_index[0] != 50]
    scores = ridge.score(replace(given, cells=replace(given.cells, near_index=near)), 45)
    assert not scores[:, 50].any()
    assert scores[:, 51].any()


def test_spearman_is_that_of_scipy_with_ties(given):
    rounded = np.round(given.cells.expression, 1)
    cells = replace(given.cells, expression=rounded)
    scores = spearman(replace(given, cells=cells), 45)
    for t, g in ((0, 20), (3, 41), (10, 5)):
        assert scores[t, g] == pytest.approx(abs(spearmanr(rounded[:, t], rounded[:, g])[0]), abs=1e-5)


def test_importances_of_a_target_add_up_to_one(given):
    scores = boosting.score(given, 45)
    totals = scores.sum(axis=0)
    assert np.all(np.isclose(totals, 1, atol=1e-5) | (totals == 0))
    assert np.isclose(totals, 1, atol=1e-5).mean() > 0.9


def test_too_few_metacells_explain_nothing(given):
    cells = replace(
        given.cells,
        expression=given.cells.expression[:6],
        accessibility=given.cells.accessibility[:6],
    )
    assert not boosting.score(replace(given, cells=cells), 45).any()


def test_factorisation_completes_the_targets_that_alike_regulators_share(given, evidence):
    rng = np.random.default_rng(1)
    block = np.array([t * 80 + g for t in range(12) for g in range(20 + 20 * (t % 2), 40 + 20 * (t % 2))])
    missing = rng.permutation(block)[:40]
    train = np.setdiff1d(block, missing)
    view = hidden_view(evidence, training_source="main", train=train, hidden=missing)
    scores = factorisation.score(replace(given, view=view), 45).ravel()
    outside = np.setdiff1d(np.arange(960), block)
    assert np.mean(scores[missing][:, None] > scores[outside]) > 0.95


def test_chip_counts_experiments(given, evidence):
    scores = chip.score(given, 45).ravel()
    bound = evidence.chip["encode"]
    assert np.array_equal(np.flatnonzero(scores), bound.codes)
    np.testing.assert_allclose(scores[bound.codes], bound.num_experiments)


def test_the_nearest_peak_weighs_binding_and_binding_there_is_preferred_to_lists(given):
    opened = given.cells.accessibility.toarray()
    opened[:, 2 * 30] = 0  # the nearest peak of target 30 is closed
    cells = replace(given.cells, accessibility=sp.csc_array(opened))
    codes = np.array([5, 30, 95])
    there = {"peaks": BoundPairs(codes, np.array([1.0, 1.0, 3.0]))}
    seen = replace(given, cells=cells, bound=there)
    scores = nearest_peak.score(seen, 45).ravel()
    assert np.flatnonzero(scores).tolist() == [5, 95]
    assert scores[95] / scores[5] == pytest.approx(
        np.log1p(3) / np.log1p(1) * opened[:, 2 * 15].mean() / opened[:, 10].mean(), rel=1e-4
    )
    assert nearest_peak.sources(seen) == {"peaks"}
    assert nearest_peak.sources(given) == {"encode"}


def test_a_target_without_a_peak_is_bound_nowhere(given):
    near = given.cells.near_index[:, given.cells.near_index[0] != 7]
    there = {"peaks": BoundPairs(np.array([7]), np.array([1.0]))}
    seen = replace(given, cells=replace(given.cells, near_index=near), bound=there)
    assert not nearest_peak.score(seen, 45).any()


def test_a_database_is_its_pairs_with_papers_first(given, evidence):
    scores = database("other").score(given, 45).ravel()
    assert np.array_equal(np.flatnonzero(scores), evidence.codes("other"))
    assert set(scores[scores > 0]) == {1.0, 2.0, 3.0}
