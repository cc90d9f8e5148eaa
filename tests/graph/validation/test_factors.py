import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from graph.errors import InputError
from graph.validation.factors import expression_strata, factor_table, stratified_auroc
from graph.validation.swap import regulator_swaps, score_swaps, swap_pairs
from graph.validation.universe import Universe

UNIVERSE = Universe.of([f"t{i}" for i in range(10)], [f"g{i}" for i in range(200)])


@pytest.fixture(scope="module")
def asked():
    """Expressed targets are bound by all; t0 is scored by its own binding, the others by expression."""
    rng = np.random.default_rng(3)
    levels = rng.gamma(1.0, 1.0, 200)
    labels = rng.random((10, 200)) < 0.05 + 0.25 * (levels > 1)
    scores = np.tile(levels, (10, 1)) + 1e-6 * rng.random((10, 200))
    scores[0] = labels[0] + rng.random(200)
    return levels, labels, scores


def table_of(asked, scores=None, *, matched=True):
    levels, labels, own = asked
    everything = np.ones(UNIVERSE.shape, dtype=bool)
    pairs = swap_pairs(np.flatnonzero(labels), universe=UNIVERSE, known=np.array([], int), seed=1)
    return factor_table(
        own if scores is None else scores,
        labels,
        everything,
        universe=UNIVERSE,
        pairs=pairs,
        levels=levels if matched else None,
    )


def test_auroc_of_a_factor_is_that_of_scikit_learn(asked):
    _, labels, scores = asked
    table = table_of(asked).set_index("regulator")
    for t, name in enumerate(UNIVERSE.regulators):
        assert table.loc[name, "auroc"] == pytest.approx(roc_auc_score(labels[t], scores[t]))


def test_expression_passes_the_plain_figure_but_not_the_matched_one(asked):
    table = table_of(asked).set_index("regulator")
    others = table.drop("t0")
    assert others["auroc"].mean() > 0.65
    assert others["matched_auroc"].mean() == pytest.approx(0.5, abs=0.05)
    assert others["swap_auroc"].mean() == pytest.approx(0.5, abs=0.06)
    assert table.loc["t0", "matched_auroc"] > 0.9
    assert table.index[0] == "t0"


def test_equal_scores_are_no_evidence(asked):
    table = table_of(asked, np.zeros(UNIVERSE.shape), matched=False)
    assert (table["p"] == 1).all()
    assert (table["auroc"] == 0.5).all()
    assert table["matched_auroc"].isna().all()


def test_regulator_swaps_are_the_parts_of_the_macro_average(asked):
    _, labels, scores = asked
    positives = np.flatnonzero(labels)
    pairs = swap_pairs(positives, universe=UNIVERSE, known=np.array([], int), seed=1)
    assert np.mean(regulator_swaps(scores, pairs)) == pytest.approx(
        score_swaps(scores, pairs, seed=1, min_edges=1).macro
    )


def test_strata_are_tenths_and_equal_levels_share_one():
    strata = expression_strata(np.arange(100.0))
    assert np.bincount(strata).tolist() == [10] * 10
    assert set(expression_strata(np.ones(50))) == {0}


def test_stratified_auroc_compares_within_strata_only():
    values, labels = np.array([9.0, 1, 5, 2, 7]), np.array([True, False, True, False, False])
    assert stratified_auroc(values, labels, np.array([0, 0, 1, 1, 1])) == pytest.approx(2 / 3)
    assert np.isnan(stratified_auroc(values, labels, np.arange(5)))


def test_levels_of_other_genes_are_refused(asked):
    with pytest.raises(InputError, match="one level a target"):
        table_of((asked[0][:5], *asked[1:]))
