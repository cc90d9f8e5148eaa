import json

import numpy as np
import pytest

from graph.validation.detail import Sitting, best_edges, calibration, exam_detail
from graph.validation.exams import Exam
from graph.validation.metrics import auroc, rank
from graph.validation.universe import Universe

UNIVERSE = Universe.of([f"g{i}" for i in range(12)], [f"g{i}" for i in range(150)])


@pytest.fixture(scope="module")
def sitting():
    rng = np.random.default_rng(1)
    codes = np.setdiff1d(rng.choice(UNIVERSE.num_codes, 300, replace=False), UNIVERSE.self_codes())
    positives, train = np.sort(codes[:150]), np.sort(codes[150:])
    exam = Exam("made", "judge", "", "all", "", positives, train, codes, 0)
    scores = UNIVERSE.mask(positives) * rng.random(UNIVERSE.shape) + rng.random(UNIVERSE.shape) / 2
    scores[(rng.random(UNIVERSE.shape) < 0.6) & ~UNIVERSE.mask(positives[:120])] = 0  # not returned
    return Sitting(exam, UNIVERSE, scores, probabilities=False, levels=rng.random(150))


@pytest.fixture(scope="module")
def detail(sitting):
    return exam_detail(sitting, {"random": np.zeros(UNIVERSE.shape)}, name="mine", seed=45)


def test_all_of_it_is_json(detail):
    json.dumps(detail, allow_nan=False)


def test_regulators_are_told_once_with_all_their_figures(sitting, detail):
    rows = detail["by_regulator"]
    judged = np.unique(sitting.exam.positives // 150)
    assert sorted(row["regulator"] for row in rows) == sorted(UNIVERSE.regulators[t] for t in judged)
    assert sum(row["num_positives"] for row in rows) == len(sitting.exam.positives)
    assert all(
        row[key] is not None for row in rows for key in ("auroc", "swap_auroc", "matched_auroc", "top_p")
    )


def test_the_curve_of_the_network_holds_its_auroc(sitting, detail):
    candidates = sitting.candidates
    line = detail["curves"]["mine"]
    area = np.trapezoid(line["true_positive_rate"], line["false_positive_rate"])
    whole = auroc(rank(sitting.scores[candidates], sitting.labels[candidates]))
    assert area == pytest.approx(whole, abs=0.01)
    assert detail["curves"]["random"]["false_positive_rate"] == [0, 1]


def test_best_edges_are_returned_candidates_best_first(sitting):
    few = best_edges(sitting, limit=20)
    flat = np.where(sitting.candidates, sitting.scores, -1).ravel()
    assert flat[few].min() == np.sort(flat)[-20]
    every = best_edges(sitting)
    assert (sitting.scores.ravel()[every] > 0).all()
    assert not np.isin(every, sitting.exam.excluded).any()
    assert len(every) == np.sum(sitting.candidates & (sitting.scores > 0))


def test_a_true_network_passes_both_randomisations(detail):
    assert [test["keeps"] for test in detail["randomisation"]] == ["both", "out"]
    assert all(test["p"] < 0.5 and test["observed"] > test["mean"] for test in detail["randomisation"])


def test_probabilities_are_compared_with_what_is_seen_and_weights_with_their_place():
    rng = np.random.default_rng(2)
    p = rng.random(20_000)
    seen = rng.random(20_000) < p
    told = calibration(p, seen, probabilities=True)
    np.testing.assert_allclose(told["predicted"], told["observed"], atol=0.04)
    assert told["brier"] == pytest.approx(1 / 6, abs=0.01)
    placed = calibration(100 * p, seen, probabilities=False)
    np.testing.assert_allclose(placed["predicted"], np.arange(0.05, 1, 0.1), atol=0.001)
    assert not placed["is_probability"]


def test_a_network_without_weights_has_no_calibration():
    assert calibration(np.zeros(9), np.arange(9) < 2, probabilities=False)["count"] == []
