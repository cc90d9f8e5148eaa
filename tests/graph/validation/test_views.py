"""Splits, what they hide, and the law that fame is worth exactly one half in all of them."""

import numpy as np
import pandas as pd
import pytest

from graph.errors import ConflictError, InputError
from graph.validation.baselines import degree_scores, random_scores
from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.exam_table import exam_table
from graph.validation.exams import large_enough
from graph.validation.swap import score_swaps, swap_auroc, swap_pairs
from graph.validation.universe import Universe
from graph.validation.views import hidden_view, open_view, split_exams

UNIVERSE = Universe.of([f"g{i}" for i in range(50)], [f"g{i}" for i in range(400)])
SPLITS = ("edge", "regulator", "target", "novel other")
SEEDS = (45, 46, 47)


def claims(codes):
    rows = {"code": codes, "sign": np.ones(len(codes), np.int8), "pmids": [[] for _ in codes]}
    return pd.DataFrame(rows)


def famous(rng, size):
    """Edges between heavy-tailed regulators and targets, as curated databases have them."""
    chance = np.outer(rng.pareto(1.2, 50) + 0.1, rng.pareto(1.2, 400) + 0.1).ravel()
    chance[UNIVERSE.self_codes()] = 0
    return np.sort(rng.choice(UNIVERSE.num_codes, size, replace=False, p=chance / chance.sum()))


@pytest.fixture(scope="module")
def evidence():
    rng = np.random.default_rng(1)
    train = famous(rng, 1500)
    other = np.union1d(rng.choice(train, 300, replace=False), famous(rng, 900))
    bound = np.union1d(rng.choice(train, 300, replace=False), famous(rng, 500))
    return Evidence(
        UNIVERSE,
        {"main": claims(train), "other": claims(other)},
        {"chip": BoundPairs(bound, np.ones(len(bound)))},
    )


def exams(evidence, seed=45):
    return {each.split: each for each in split_exams(evidence, training_source="main", seed=seed)}


def test_every_split_has_its_exam(evidence):
    assert tuple(exams(evidence)) == SPLITS


@pytest.mark.parametrize("split", SPLITS)
def test_hidden_pairs_are_in_no_source_of_the_view_and_cover_the_questions(evidence, split):
    asked = exams(evidence)[split]
    view = asked.view(evidence, training_source="main")
    assert np.isin(asked.exam.positives, asked.hidden).all()
    seen = [view.train, *(view.evidence.codes(name) for name in ("main", "other", "chip"))]
    assert not any(np.isin(codes, asked.hidden).any() for codes in seen)
    assert len(view.train) == len(np.setdiff1d(evidence.codes("main"), asked.hidden))
    # Nothing but the hidden pairs is gone.
    for name in ("main", "other", "chip"):
        assert np.array_equal(view.evidence.codes(name), np.setdiff1d(evidence.codes(name), asked.hidden))


def test_groups_that_are_asked_have_no_training_edge(evidence):
    found = exams(evidence)
    unseen = np.unique(found["regulator"].exam.positives // 400)
    assert not np.isin(found["regulator"].train // 400, unseen).any()
    unseen = np.unique(found["target"].exam.positives % 400)
    assert not np.isin(found["target"].train % 400, unseen).any()


def test_candidates_are_only_what_was_asked(evidence):
    for asked in exams(evidence).values():
        candidates = np.flatnonzero(UNIVERSE.candidates(asked.exam.excluded))
        assert np.isin(asked.exam.positives, candidates).all()
        assert not np.isin(asked.train, candidates).any()


def test_swapped_pairs_are_known_in_no_database(evidence):
    for asked in exams(evidence).values():
        assert np.isin(evidence.codes("other"), asked.exam.known).all()


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("seed", SEEDS)
def test_fame_is_worth_exactly_one_half_on_every_split(evidence, split, seed):
    asked = exams(evidence, seed)[split]
    everything = degree_scores(UNIVERSE, evidence.codes("main"))
    in_degree = np.tile(UNIVERSE.mask(evidence.known()).sum(axis=0).astype(np.float32), (50, 1))
    degree = degree_scores(UNIVERSE, asked.train)
    for scores in (degree, -degree, in_degree, -in_degree, everything):
        result = swap_auroc(
            scores,
            asked.exam.positives,
            universe=UNIVERSE,
            known=np.union1d(asked.exam.known, asked.exam.excluded),
            seed=seed,
        )
        assert result.num_pairs > 100
        assert result.pooled == pytest.approx(0.5, abs=1e-9)
        assert result.macro == pytest.approx(0.5, abs=1e-9) or result.num_macro_regulators == 0


@pytest.mark.parametrize("split", SPLITS)
def test_a_perfect_model_gets_one_and_random_scores_one_half_on_every_split(evidence, split):
    asked = exams(evidence)[split]
    exam = asked.exam
    pairs = swap_pairs(exam.positives, universe=UNIVERSE, known=exam.known, seed=45, num_samples=20_000)
    perfect = score_swaps(UNIVERSE.mask(exam.positives).astype(np.float32), pairs, seed=45)
    assert (perfect.pooled, *perfect.interval) == (1, 1, 1)
    shuffled = np.random.default_rng(2).permuted(UNIVERSE.mask(exam.positives), axis=1).astype(np.float32)
    assert score_swaps(shuffled, pairs, seed=45).pooled == pytest.approx(0.5, abs=0.06)
    held = 0
    for seed in range(25):
        low, high = score_swaps(
            random_scores(UNIVERSE, seed=seed), pairs, seed=seed, num_bootstraps=200
        ).interval
        held += low <= 0.5 <= high
    assert held >= 20


def test_a_training_edge_that_is_hidden_is_refused(evidence):
    codes = evidence.codes("main")
    with pytest.raises(ConflictError, match="3 training edges are to be hidden"):
        hidden_view(evidence, training_source="main", train=codes, hidden=codes[:3])


def test_an_open_view_has_everything_but_training_edges(evidence):
    view = open_view(evidence, training_source="main")
    assert len(view.train) == 0
    assert np.array_equal(view.evidence.codes("other"), evidence.codes("other"))


def test_a_split_that_is_none_is_told(evidence):
    with pytest.raises(
        InputError, match="expected splits among edge, regulator, target, database, found time"
    ):
        split_exams(evidence, training_source="main", splits=["time"], seed=1)


def test_small_exams_are_left_out_but_can_be_named(evidence):
    few = Evidence(UNIVERSE, {"main": evidence.claims["main"], "small": claims(np.array([1, 2, 3]))})
    shown = split_exams(few, training_source="main", splits=["database"], seed=45)
    every = split_exams(few, training_source="main", splits=["database"], seed=45, min_positives=0)
    assert not shown
    judged, others = large_enough(each.exam for each in every)
    assert not judged
    assert [(each["judge"], each["min_positives"]) for each in others] == [("small", 20)]
    assert others[0]["num_positives"] == len(every[0].exam.positives)


def test_unseen_regulators_are_tested_for_enrichment_and_no_other_split_is(evidence):
    scores = {"degree": random_scores(UNIVERSE, seed=1)}
    for split, asked in exams(evidence).items():
        table = exam_table(asked.exam, scores, universe=UNIVERSE, baselines=["degree"], seed=45)
        assert ("unseen_enrichment" in table["rows"][0]) == (split == "regulator")
    told = exam_table(
        exams(evidence)["regulator"].exam, scores, universe=UNIVERSE, baselines=["degree"], seed=45
    )["rows"][0]["unseen_enrichment"]
    assert told["fold"] == pytest.approx(told["hits"] / told["expected"])
    assert 0 < told["p"] <= 1
