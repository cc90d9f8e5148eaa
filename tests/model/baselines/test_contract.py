"""What every baseline answers, whatever it does."""

from dataclasses import replace

import numpy as np
import pytest

from graph.errors import NotFoundError
from graph.validation.universe import Universe
from graph.validation.views import hidden_view, split_exams
from model.baselines.catalogue import BASELINES, NAMES, by_name, chosen, may_sit
from model.baselines.contract import Given
from model.baselines.database import database

ALL = [*BASELINES, database("other")]


def given_to(baseline, given, evidence):
    """What a method may see of an edge exam."""
    (asked,) = split_exams(evidence, training_source="main", splits=["edge"], seed=45)
    view = asked.view(evidence, training_source="main")
    return replace(given, view=view) if baseline.learns else given


@pytest.mark.parametrize("baseline", ALL, ids=lambda each: each.name)
def test_scores_are_finite_float32_of_the_universe_and_the_same_for_a_seed(baseline, given, evidence):
    seen = given_to(baseline, given, evidence)
    scores, again = (baseline.score(seen, 45) for _ in range(2))
    assert scores.shape == seen.universe.shape
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert np.array_equal(scores, again)
    assert np.ptp(scores) > 0


@pytest.mark.parametrize("baseline", ALL, ids=lambda each: each.name)
def test_what_is_given_is_left_as_it_was(baseline, given, evidence):
    seen = given_to(baseline, given, evidence)
    before = [seen.view.train.copy(), seen.cells.expression.copy(), seen.cells.accessibility.toarray()]
    baseline.score(seen, 45)
    after = [seen.view.train, seen.cells.expression, seen.cells.accessibility.toarray()]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("name", ["pearson", "spearman", "grnboost2", "ridge"])
def test_what_reads_cells_finds_planted_edges_and_not_shuffled_ones(name, given, truth):
    (baseline,) = chosen([name], by_name([]))
    labels = given.universe.mask(truth)[:-1]  # the last regulator is not shown
    shuffled = np.random.default_rng(4).permuted(given.cells.expression, axis=0)
    for cells, low, high in (
        (given.cells, 0.8, 1.0),
        (replace(given.cells, expression=shuffled), 0.35, 0.65),
    ):
        scores = baseline.score(replace(given, cells=cells), 45)[:-1]
        positives, negatives = scores[labels], scores[~labels]
        auroc = np.mean(positives[:, None] > negatives) + 0.5 * np.mean(positives[:, None] == negatives)
        assert low <= auroc <= high


@pytest.mark.parametrize("name", ["pearson", "spearman", "grnboost2", "ridge"])
def test_a_regulator_that_the_cells_do_not_show_and_a_constant_gene_score_nothing(name, given):
    (baseline,) = chosen([name], by_name([]))
    expression = given.cells.expression.copy()
    expression[:, 40] = 3.3
    scores = baseline.score(replace(given, cells=replace(given.cells, expression=expression)), 45)
    assert not scores[-1].any()
    assert np.abs(scores[:, 40]).max() < 1e-6


@pytest.mark.parametrize("name", ["grnboost2", "ridge"])
def test_a_regulator_does_not_explain_itself(name, given):
    (baseline,) = chosen([name], by_name([]))
    scores = baseline.score(given, 45)
    assert not scores[np.arange(11), np.arange(11)].any()


def test_signs_are_those_of_the_correlation_and_of_the_database(given, truth, evidence):
    (pearson,) = chosen(["pearson"], by_name([]))
    signs = pearson.signs(given)
    shown = truth[truth // 80 < 11]
    assert np.mean(signs.ravel()[shown] == 1) > 0.8
    assert np.mean(signs != 0) < 0.2
    told = database("other").signs(given).ravel()
    assert np.array_equal(np.flatnonzero(told), evidence.codes("other"))


def test_no_source_that_a_method_reads_judges_it(given, evidence):
    (asked,) = (e for e in split_exams(evidence, training_source="main", splits=["database"], seed=45))
    by_chip = replace(asked.exam, judge="encode")
    assert not may_sit(database("other"), asked.exam, given)
    assert may_sit(database("main"), asked.exam, given)
    chip, nearest, degree = chosen(["chip", "nearest-peak", "degree"], by_name([]))
    assert not may_sit(chip, by_chip, given)
    assert not may_sit(nearest, by_chip, given)
    assert may_sit(degree, replace(asked.exam, judge="main"), given)


def test_names_choose_and_unknown_ones_are_told():
    assert [each.name for each in chosen([], by_name(["x"]))] == [*NAMES, "database:x"]
    assert [each.name for each in chosen(["chip", "degree"], by_name([]))] == ["chip", "degree"]
    with pytest.raises(NotFoundError, match="no method genie3"):
        chosen(["genie3"], by_name([]))


def test_nothing_to_learn_from_gives_no_order(given, evidence):
    view = hidden_view(evidence, training_source="main", train=np.array([], int), hidden=np.array([], int))
    for baseline in (each for each in BASELINES if each.learns):
        assert np.ptp(baseline.score(replace(given, view=view), 45)) == 0


def test_a_universe_of_one_regulator_is_scored(cells, evidence):
    one = Universe(("g0",), evidence.universe.targets)
    small = replace(
        evidence, universe=one, claims={"main": evidence.claims["main"].query("code < 80")}, chip={}
    )
    view = hidden_view(small, training_source="main", train=small.codes("main"), hidden=np.array([], int))
    seen = Given(view, replace(cells, regulator_target=np.array([0])), {})
    for baseline in BASELINES:
        assert baseline.score(seen, 45).shape == (1, 80)
