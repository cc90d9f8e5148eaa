"""Judges a run in all its exams, baselines beside it, and writes the figures on the run."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from graph import runs
from graph.cypher import training as training_statements
from graph.errors import InputError
from graph.progress import Progress, silent
from graph.schema import context_id
from graph.store import GraphStore
from graph.validation.baselines import degree_scores, neighbourhood_scores, random_scores
from graph.validation.calibration import brier_skill, calibration_error, calibration_slope, reliability_curve
from graph.validation.circularity import circularity_table
from graph.validation.contrasts import contrasts
from graph.validation.detail import Sitting, exam_detail
from graph.validation.evidence import Evidence, read_evidence
from graph.validation.exam_table import exam_table, json_rows
from graph.validation.exams import Exam, chip_scores, exams_of, large_enough
from graph.validation.intervals import Floats
from graph.validation.score_files import RunScores, read_scores
from graph.validation.seeds import REPORTED_SEED
from graph.validation.universe import Matrix, Universe

MODEL = "cisgraph"
BASELINES = ("random", "degree", "neighbourhood", "correlation", "chip")
NUM_CALIBRATED = 10_000
"""Best held-out candidates whose calibration is drawn."""


def validate_run(
    store: GraphStore,
    run_id: str,
    *,
    chip_contexts: Mapping[str, str],
    seed: int = REPORTED_SEED,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Judge a complete run, store the figures in its metrics, and return them.

    Returns
    -------
    dict
        `validation`: one table an exam; `not_judged`: exams with too few positives; `contrasts`: two
        contexts each, see `graph.validation.contrasts`;
        `calibration_curve` of the held-out edges, but for baselines.

    Raises
    ------
    NotFoundError
        If the run, or the file with its scores, is gone.
    InputError
        If the run is not complete.
    """
    sitting = sit(store, run_id, chip_contexts=chip_contexts, seed=seed)
    return judge_run(store, sitting, seed=seed, progress=progress)


def judge_run(
    store: GraphStore, sitting: "RunSitting", *, seed: int, progress: Progress = silent
) -> dict[str, Any]:
    """Judge a run that sits its exams; see `validate_run`."""
    tables = []
    for number, exam in enumerate(sitting.exams):
        progress(f"judging: {exam.name}", number / len(sitting.exams))
        tables.append(
            exam_table(
                exam,
                {sitting.name: sitting.scores.scores[exam.context], **sitting.baselines_of(exam)},
                universe=sitting.scores.universe,
                baselines=BASELINES,
                seed=seed,
            )
        )
    figures: dict[str, Any] = {"validation": tables, "not_judged": list(sitting.not_judged)}
    by_context = contrasts(sitting.scores.scores, sitting.exams, seed=seed)
    figures["contrasts"] = json_rows(pd.DataFrame([asdict(each) for each in by_context]))
    if sitting.run["kind"] == "prediction":  # scores of baselines are no probabilities
        figures["calibration_curve"] = _calibration(sitting.scores)
    metrics = {**json.loads(sitting.run["metrics"]), **figures}
    runs.set_metrics(store, sitting.run["run_id"], metrics)
    return figures


def run_details(sitting: "RunSitting", *, seed: int, progress: Progress = silent) -> dict[str, Any]:
    """Return what tables of metrics cannot say of a run; nothing is stored.

    Returns
    -------
    dict
        `details`: one an exam, in the order of `judge_run`; `circularity`: what databases share.
    """
    details = []
    for number, exam in enumerate(sitting.exams):
        progress(f"drawing: {exam.name}", number / len(sitting.exams))
        asked = Sitting(
            exam,
            sitting.scores.universe,
            sitting.scores.scores[exam.context],
            levels=sitting.levels.get(exam.context),
        )
        details.append(exam_detail(asked, sitting.baselines_of(exam), name=sitting.name, seed=seed))
    return {"details": details, "circularity": json_rows(circularity_table(sitting.evidence.claims))}


@dataclass(frozen=True)
class RunSitting:
    """A run, who sits beside it, and what they are asked.

    Attributes
    ----------
    name
        What the run is called in tables: the model, or the method of a baseline run.
    not_judged
        Exams with too few positives, see `graph.validation.exams.large_enough`.
    levels
        By context that is judged: share of its cells that show each target, ``(G,)``.
    """

    run: Mapping[str, Any]
    name: str
    scores: RunScores
    evidence: Evidence
    exams: list[Exam]
    baselines: Mapping[str, Matrix]
    not_judged: Sequence[Mapping[str, Any]] = ()
    levels: Mapping[str, Floats] = field(default_factory=dict)

    def baselines_of(self, exam: Exam) -> dict[str, Matrix]:
        """Return the baselines that sit an exam: ChIP-seq never where ChIP-seq judges."""
        judged_by_chip = {"chip"} if exam.cell_type else set()
        return {name: values for name, values in self.baselines.items() if name not in judged_by_chip}


def sit(store: GraphStore, run_id: str, *, chip_contexts: Mapping[str, str], seed: int) -> RunSitting:
    """Return everything that judges a complete run.

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
    config = json.loads(run["config"])
    scores = read_scores(Path(run["scores_path"]))
    evidence = read_evidence(store, scores.universe)
    exams, not_judged = large_enough(
        exams_of(
            store,
            scores,
            evidence,
            used_source_ids=run["source_ids"],
            training_source=config["source_id"],
            chip_contexts=chip_contexts,
        )
    )
    is_model = run["kind"] == "prediction"
    return RunSitting(
        run=run,
        name=MODEL if is_model else f"{config['method']} (this run)",
        scores=scores,
        evidence=evidence,
        exams=exams,
        baselines=baseline_scores(scores, evidence, seed=seed),
        not_judged=not_judged,
        levels=detection_levels(
            store, run["dataset_id"], scores.universe, contexts={each.context for each in exams}
        ),
    )


def detection_levels(
    store: GraphStore, dataset_id: str, universe: Universe, *, contexts: Collection[str]
) -> dict[str, Floats]:
    """Return the share of cells that show each target, ``(G,)``, in each context with any such share."""
    levels = {}
    for name in sorted(contexts):
        genes = store.read_frame(
            training_statements.DETECTED_GENES, context_id=context_id(dataset_id, name), min_cells=1
        )
        if len(genes):
            rates = genes.set_index("gene_id")["detection_rate"]
            levels[name] = rates.reindex(universe.targets).fillna(0).to_numpy(dtype=np.float64)
    return levels


def baseline_scores(scores: RunScores, evidence: Evidence, *, seed: int) -> dict[str, Matrix]:
    """Return the scores of every baseline; what is fitted sees training and validation edges only."""
    shown = np.concatenate([scores.train, scores.validation])
    measured = {} if scores.correlation is None else {"correlation": scores.correlation}
    return {
        "random": random_scores(scores.universe, seed=seed),
        "degree": degree_scores(scores.universe, shown),
        "neighbourhood": neighbourhood_scores(scores.universe, shown),
        **measured,
        "chip": chip_scores(evidence),
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
    shown = len(scores.test) / num_known
    expected = np.minimum(p * shown / (1 - p * (len(removed) / num_known)), 1)  # rounding where p is 1
    best = np.argsort(-expected, kind="stable")[:NUM_CALIBRATED]
    curve = reliability_curve(expected[best], labels[best], num_bins=10)
    return {
        "predicted": curve.predicted.tolist(),
        "observed": curve.observed.tolist(),
        "count": curve.sizes.tolist(),
        "brier_skill": float(brier_skill(expected, labels)),
        "slope": calibration_slope(expected, labels),
        "calibration_error": float(calibration_error(expected[best], labels[best])),
    }
