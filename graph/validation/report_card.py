"""Judges a run in all its exams, baselines beside it, and writes the figures on the run."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from graph import runs
from graph.errors import InputError
from graph.progress import Progress, silent
from graph.store import GraphStore
from graph.validation.baselines import degree_scores, neighbourhood_scores, random_scores
from graph.validation.calibration import brier_skill, calibration_error, reliability_curve
from graph.validation.exams import Exam, chip_scores, exams_of
from graph.validation.judge import judge, verdict_table
from graph.validation.score_files import RunScores, read_scores
from graph.validation.universe import Matrix

MODEL = "cisgraph"
BASELINES = ("random", "degree", "neighbourhood", "correlation", "chip")
NUM_CALIBRATED = 10_000
"""Best held-out candidates whose calibration is drawn."""


def validate_run(
    store: GraphStore,
    run_id: str,
    *,
    chip_contexts: Mapping[str, str],
    seed: int = 42,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Judge a complete run, store the figures in its metrics, and return them.

    Returns
    -------
    dict
        `validation`: one table an exam; `calibration_curve`: of the held-out edges.

    Raises
    ------
    NotFoundError
        If the run, or the file with its scores, is gone.
    InputError
        If the run is not complete.
    """
    run = runs.get(store, run_id)
    if run["state"] != "complete":
        raise InputError(f"run {run_id} is {run['state']}, only a complete run can be judged")
    scores = read_scores(Path(run["scores_path"]))
    training_source = json.loads(run["config"])["source_id"]
    exams = exams_of(
        store,
        scores,
        used_source_ids=run["source_ids"],
        training_source=training_source,
        chip_contexts=chip_contexts,
    )
    baselines = baseline_scores(store, scores, seed=seed)
    tables = []
    for number, exam in enumerate(exams):
        progress(f"judging: {exam.name}", number / len(exams))
        tables.append(_table(exam, scores, baselines, seed=seed))
    figures = {"validation": tables, "calibration_curve": _calibration(scores)}
    runs.set_metrics(store, run_id, {**json.loads(run["metrics"]), **figures})
    return figures


def baseline_scores(store: GraphStore, scores: RunScores, *, seed: int) -> dict[str, Matrix]:
    """Return the scores of every baseline; what is fitted sees training and validation edges only."""
    shown = np.concatenate([scores.train, scores.validation])
    return {
        "random": random_scores(scores.universe, seed=seed),
        "degree": degree_scores(scores.universe, shown),
        "neighbourhood": neighbourhood_scores(scores.universe, shown),
        "correlation": scores.correlation,
        "chip": chip_scores(store, scores.universe),
    }


def _table(exam: Exam, scores: RunScores, baselines: Mapping[str, Matrix], *, seed: int) -> dict[str, Any]:
    methods = {MODEL: scores.scores[exam.context], **baselines}
    if exam.cell_type:
        del methods["chip"]
    verdicts = {
        name: judge(
            values,
            scores.universe,
            positives=exam.positives,
            excluded=exam.excluded,
            known_positives=exam.known,
            seed=seed,
        )
        for name, values in methods.items()
    }
    verdict = verdicts[MODEL]
    return {
        "name": exam.name,
        "judge": exam.judge,
        "cell_type": exam.cell_type,
        "context": exam.context,
        "universe": exam.universe,
        "num_shared": exam.num_shared,
        "num_positives": verdict.num_positives,
        "num_candidates": verdict.num_candidates,
        "num_regulators": verdict.num_regulators,
        "prevalence": verdict.prevalence,
        "rows": [_json_row(row) for row in verdict_table(verdicts, baselines=BASELINES)],
    }


def _json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row that JSON can hold: NaN becomes null."""
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value for name, value in row.items()
    }


def _calibration(scores: RunScores) -> dict[str, Any]:
    """Return the reliability of the 10,000 best held-out candidates.

    A score is the probability p that the training source lists the pair. Of its edges a share was trained on
    and is no candidate, and only the test edges are labels: p shown / (1 - p removed) is what they can show.
    """
    num_known = len(scores.known)
    removed = np.concatenate([scores.train, scores.validation])
    candidates = scores.universe.candidates(removed)
    labels = scores.universe.mask(scores.test)[candidates]
    p = scores.scores["all"][candidates].astype(np.float64)
    expected = p * (len(scores.test) / num_known) / (1 - p * (len(removed) / num_known))
    best = np.argsort(-expected, kind="stable")[:NUM_CALIBRATED]
    curve = reliability_curve(expected[best], labels[best], num_bins=10)
    return {
        "predicted": curve.predicted.tolist(),
        "observed": curve.observed.tolist(),
        "count": curve.sizes.tolist(),
        "brier_skill": float(brier_skill(expected, labels)),
        "calibration_error": float(calibration_error(expected[best], labels[best])),
    }
