import numpy as np
import pytest

from graph.errors import InputError
from model.lags.published.enrichment import lag_enrichment
from model.lags.published.separation import matched, perturbation_shift, target_separation

NUM_GENES = 300
RNG = np.random.default_rng(0)
EXPRESSION = RNG.lognormal(size=NUM_GENES)
TARGET = np.arange(NUM_GENES) < 40


def test_the_background_is_expressed_as_the_targets_are_and_holds_none_of_them():
    target = np.quantile(EXPRESSION, 0.8) < EXPRESSION
    target &= RNG.uniform(size=NUM_GENES) < 0.4
    background = matched(target, EXPRESSION, seed=0)
    assert not target[background].any()
    assert len(set(background.tolist())) == background.size
    assert np.median(EXPRESSION[background]) > np.quantile(EXPRESSION, 0.7)


def test_targets_with_other_lags_are_separated_and_targets_with_like_lags_are_not():
    lag = RNG.normal(scale=0.1, size=NUM_GENES)
    apart = target_separation(lag + 0.2 * TARGET, TARGET, EXPRESSION, seed=0)
    assert apart.p < 1e-4
    assert apart.targets - apart.background == pytest.approx(0.2, abs=0.06)
    assert target_separation(lag, TARGET, EXPRESSION, seed=0).p > 0.01


def test_lags_that_follow_expression_do_not_separate_highly_expressed_targets():
    target = RNG.uniform(size=NUM_GENES) < 0.25 * (np.median(EXPRESSION) < EXPRESSION)
    lag = np.argsort(np.argsort(EXPRESSION)) / NUM_GENES
    naive = np.median(lag[target]) - np.median(lag[~target])
    told = target_separation(lag, target, EXPRESSION, seed=0)
    assert naive > 0.2
    assert abs(told.targets - told.background) < naive / 2


def test_genes_without_a_lag_are_left_out_and_too_few_are_told():
    lag = np.where(np.arange(NUM_GENES) < 37, np.nan, 0.1)
    told = target_separation(lag, TARGET, EXPRESSION, seed=0)
    assert told.obstacle.startswith("3 targets")
    assert np.isnan(told.p)
    with pytest.raises(InputError, match="one value, one mark and one level"):
        target_separation(lag, TARGET[:-1], EXPRESSION, seed=0)


def test_targets_that_move_after_a_knockout_are_found():
    delta = RNG.normal(scale=0.1, size=(200, NUM_GENES))
    perturbed = np.arange(200) < 80
    moved = delta + 0.1 * perturbed[:, None] * TARGET
    told = perturbation_shift(moved, perturbed, TARGET, EXPRESSION, seed=0)
    assert told.p < 1e-4
    assert told.fold > 3
    assert perturbation_shift(delta, perturbed, TARGET, EXPRESSION, seed=0).p > 0.01


def test_a_screen_without_perturbed_cells_is_refused():
    delta = np.zeros((5, NUM_GENES))
    with pytest.raises(InputError, match="perturbed cells and others, found 0 of 5"):
        perturbation_shift(delta, np.zeros(5), TARGET, EXPRESSION, seed=0)
    with pytest.raises(InputError, match="a mark a cell"):
        perturbation_shift(delta, np.zeros(4), TARGET, EXPRESSION, seed=0)


def test_a_set_of_the_genes_with_the_largest_lags_is_enriched_on_its_side_only():
    genes = [f"g{n}" for n in range(NUM_GENES)]
    lag = np.linspace(0.3, -0.3, NUM_GENES)
    sets = {"early": genes[:20], "late": genes[-20:], "spread": genes[::15], "small": genes[:3]}
    table = lag_enrichment(lag, genes, sets, num_genes=30).set_index(["side", "gene_set"])
    assert table.loc[("chromatin first", "early"), "fdr"] < 1e-6
    assert table.loc[("RNA first", "late"), "fdr"] < 1e-6
    assert table.loc[("RNA first", "early"), "hits"] == 0
    assert table.loc[("chromatin first", "spread"), "p"] > 0.05
    assert "small" not in table.index.get_level_values("gene_set")


def test_genes_without_a_lag_are_no_candidates_and_no_sets_are_an_empty_table():
    genes = [f"g{n}" for n in range(20)]
    lag = np.where(np.arange(20) < 10, np.nan, 0.1)
    assert lag_enrichment(lag, genes, {"all": genes}).loc[0, "size"] == 10
    assert lag_enrichment(lag, genes, {}).empty
