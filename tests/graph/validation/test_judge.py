from dataclasses import FrozenInstanceError, asdict, replace

import numpy as np
import pytest

from graph.errors import ConflictError, InputError
from graph.validation.baselines import degree_scores, neighbourhood_scores, random_scores
from graph.validation.judge import JudgeSettings, judge
from graph.validation.metrics import auprc, auroc, rank
from graph.validation.splits import edge_split
from graph.validation.swap import swap_auroc
from graph.validation.universe import Universe
from graph.validation.verdict_table import verdict_table

UNIVERSE = Universe.of([f"g{i}" for i in range(40)], [f"g{i}" for i in range(400)])


@pytest.fixture(scope="module")
def exam():
    """Edges of two programmes, so that regulators have neighbours, with famous targets among them."""
    rng = np.random.default_rng(7)
    programme = np.where(np.arange(40)[:, None] % 2 == np.arange(400) % 2, 1.0, 0.1)
    chance = (programme * rng.pareto(1.5, 400)).ravel()
    chance[UNIVERSE.self_codes()] = 0
    codes = np.sort(rng.choice(UNIVERSE.num_codes, size=1500, replace=False, p=chance / chance.sum()))
    split = edge_split(codes, seed=42)
    return {
        "positives": codes[split.test],
        "excluded": codes[split.train],
        "known_positives": codes,
        "seed": 42,
    }


@pytest.fixture(scope="module")
def verdicts(exam):
    train = exam["excluded"]
    scores = {
        "random": random_scores(UNIVERSE, seed=1),
        "degree": degree_scores(UNIVERSE, train),
        "neighbourhood": neighbourhood_scores(UNIVERSE, train),
        "truth": UNIVERSE.mask(exam["positives"]).astype(np.float32),
    }
    return {name: judge(matrix, UNIVERSE, **exam) for name, matrix in scores.items()}


def test_the_truth_is_perfect_and_chance_is_at_one_half(verdicts):
    truth, chance = verdicts["truth"], verdicts["random"]
    assert (truth.auroc, truth.swap_auroc, truth.macro_auroc, truth.macro_swap) == (1, 1, 1, 1)
    assert (truth.precision_at_100, truth.early_precision) == (1, 1)
    assert truth.auprc == pytest.approx(1)
    assert chance.auroc_interval.low < 0.5 < chance.auroc_interval.high
    assert chance.swap_interval.low < 0.5 < chance.swap_interval.high
    assert chance.ratio == pytest.approx(1, abs=0.3)


def test_fame_ranks_well_but_does_not_survive_the_swaps(verdicts):
    degree = verdicts["degree"]
    assert degree.auroc > 0.65
    assert degree.swap_auroc == degree.macro_swap == 0.5
    assert verdicts["neighbourhood"].swap_interval.low > 0.6


def test_figures_are_those_of_the_parts(exam, verdicts):
    candidates, labels = UNIVERSE.candidates(exam["excluded"]), UNIVERSE.mask(exam["positives"])
    scores = neighbourhood_scores(UNIVERSE, exam["excluded"])
    ranking = rank(scores[candidates], labels[candidates])
    verdict = verdicts["neighbourhood"]
    assert verdict.num_candidates == 40 * 400 - 40 - 1200
    assert verdict.num_positives == 300
    assert verdict.prevalence == pytest.approx(300 / verdict.num_candidates)
    assert (verdict.auroc, verdict.auprc) == (auroc(ranking), auprc(ranking))
    assert verdict.ratio == pytest.approx(verdict.auprc / verdict.prevalence)
    swaps = swap_auroc(
        scores, exam["positives"], universe=UNIVERSE, known=exam["known_positives"], seed=exam["seed"]
    )
    assert (verdict.swap_auroc, verdict.swap_interval) == (swaps.pooled, swaps.interval)


def test_only_the_order_of_scores_matters(exam, verdicts):
    scores = neighbourhood_scores(UNIVERSE, exam["excluded"]).astype(np.float64)
    assert judge(3 * scores - 7, UNIVERSE, **exam) == verdicts["neighbourhood"]


def test_training_edges_are_no_negatives(exam, verdicts):
    scores = UNIVERSE.mask(exam["positives"]).astype(np.float32)
    scores.flat[exam["excluded"]] = 2
    scores.flat[UNIVERSE.self_codes()] = 2
    assert judge(scores, UNIVERSE, **exam) == verdicts["truth"]


def test_excluded_regulators_are_not_judged(exam):
    judged = np.arange(0, 40, 2)
    others = UNIVERSE.regulator_codes(np.setdiff1d(np.arange(40), judged))
    positives = exam["positives"][(exam["positives"] // 400) % 2 == 0]
    verdict = judge(
        random_scores(UNIVERSE, seed=1),
        UNIVERSE,
        **exam | {"positives": positives, "excluded": np.union1d(others, exam["excluded"])},
    )
    num_train = np.sum((exam["excluded"] // 400) % 2 == 0)
    assert verdict.num_candidates == 20 * 400 - 20 - num_train
    assert verdict.num_regulators <= 20


def test_a_verdict_cannot_be_changed(verdicts):
    with pytest.raises(FrozenInstanceError):
        verdicts["degree"].auroc = 1.0


def test_coarser_settings_give_the_same_figures_with_fewer_swaps(exam):
    scores = random_scores(UNIVERSE, seed=3)
    coarse = judge(
        scores, UNIVERSE, **exam, settings=JudgeSettings(num_bootstraps=50, num_swaps=500, top_k=10)
    )
    assert coarse.num_swaps == 500
    assert coarse.auroc == judge(scores, UNIVERSE, **exam).auroc


def test_a_positive_that_was_trained_on_is_refused(exam):
    for wrong in (exam["excluded"][0], UNIVERSE.self_codes()[0]):
        positives = np.append(exam["positives"], wrong)
        with pytest.raises(
            ConflictError, match="no excluded or self pair among the positives, found 1 of 301"
        ):
            judge(random_scores(UNIVERSE, seed=1), UNIVERSE, **exam | {"positives": positives})


def test_unusable_input_is_refused(exam):
    scores = random_scores(UNIVERSE, seed=1)
    with pytest.raises(InputError, match="expected scores of shape"):
        judge(scores.T, UNIVERSE, **exam)
    with pytest.raises(InputError, match="expected finite scores"):
        judge(scores * np.nan, UNIVERSE, **exam)
    with pytest.raises(InputError, match="expected positives and negatives"):
        judge(scores, UNIVERSE, **exam | {"positives": np.array([])})


def test_nothing_to_exclude_and_nothing_else_known_is_allowed(exam):
    none = np.array([])
    verdict = judge(
        random_scores(UNIVERSE, seed=1),
        UNIVERSE,
        **exam | {"excluded": none, "known_positives": none},
        settings=JudgeSettings(num_bootstraps=50, num_swaps=500),
    )
    assert verdict.num_candidates == 40 * 400 - 40


def test_the_table_leads_with_swap_auroc_and_marks_the_best_baseline_of_each_metric(verdicts):
    rows = verdict_table(verdicts)
    assert [row["name"] for row in rows][:2] == ["truth", "neighbourhood"]
    marks = {row["name"]: row["best_baseline_in"] for row in rows}
    assert marks["truth"] == []
    assert "swap_auroc" in marks["neighbourhood"]
    best = max(("random", "degree", "neighbourhood"), key=lambda name: verdicts[name].auroc)
    assert "auroc" in marks[best]
    assert [row["is_baseline"] for row in rows][:2] == [False, True]


def test_a_row_holds_every_figure_and_the_bounds_of_intervals(verdicts):
    row = next(row for row in verdict_table(verdicts) if row["name"] == "degree")
    degree = verdicts["degree"]
    assert (row["auroc_interval_low"], row["auroc_interval_high"]) == degree.auroc_interval
    plain = {name: value for name, value in asdict(degree).items() if not name.endswith("interval")}
    assert plain.items() <= row.items()


def test_verdicts_of_different_exams_do_not_share_a_table(verdicts):
    other = replace(verdicts["degree"], num_positives=1)
    with pytest.raises(InputError, match="of one exam"):
        verdict_table(verdicts | {"other": other})


def test_a_network_without_swaps_comes_last_and_is_no_best_baseline(verdicts):
    rows = verdict_table(verdicts | {"neighbourhood": replace(verdicts["degree"], swap_auroc=float("nan"))})
    assert rows[-1]["name"] == "neighbourhood"
    assert "swap_auroc" not in rows[-1]["best_baseline_in"]
