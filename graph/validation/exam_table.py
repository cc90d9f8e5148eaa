"""One exam sat by several methods, as a table that JSON can hold."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from graph.validation.exams import Exam
from graph.validation.hypergeometric import pooled_enrichment, regulator_enrichment
from graph.validation.judge import STANDARD, JudgeSettings, judge_paper
from graph.validation.paper import Paper, exam_paper
from graph.validation.universe import Matrix, Universe
from graph.validation.verdict_table import verdict_table

NUM_THREADS = 2
"""Methods that are judged at once; each needs some 30 bytes a candidate."""


def exam_table(
    exam: Exam,
    methods: Mapping[str, Matrix],
    *,
    universe: Universe,
    baselines: Collection[str],
    seed: int,
    settings: JudgeSettings = STANDARD,
    paper: Paper | None = None,
) -> dict[str, Any]:
    """Return what an exam asked and how each method did, best swap AUROC first; NaN as None.

    Where training never saw the regulators, each row also holds `unseen_enrichment`: the hypergeometric test
    of `graph.validation.hypergeometric.pooled_enrichment`.

    Parameters
    ----------
    methods
        Scores ``(T, G)`` by name, in one universe.
    baselines
        Names among them that are baselines; the best of these is marked in each metric.
    paper
        Of `paper_of` with the same seed, where it is there already.
    """
    if paper is None:
        paper = paper_of(exam, universe, seed=seed, num_swaps=settings.num_swaps)
    judged = partial(judge_paper, paper=paper, seed=seed, settings=settings)
    with ThreadPoolExecutor(NUM_THREADS) as pool:  # most of it are sorts and sums, which run side by side
        verdicts = dict(zip(methods, pool.map(judged, methods.values()), strict=True))
    any_verdict = next(iter(verdicts.values()))
    rows = [json_row(row) for row in verdict_table(verdicts, baselines=baselines)]
    if exam.unseen == "regulators":
        rows = [{**row, "unseen_enrichment": _enrichment(methods[row["name"]], paper)} for row in rows]
    return {
        "name": exam.name,
        "judge": exam.judge,
        "cell_type": exam.cell_type,
        "context": exam.context,
        "universe": exam.universe,
        "num_shared": exam.num_shared,
        "num_positives": any_verdict.num_positives,
        "num_candidates": any_verdict.num_candidates,
        "num_regulators": any_verdict.num_regulators,
        "prevalence": any_verdict.prevalence,
        "rows": rows,
    }


def paper_of(exam: Exam, universe: Universe, *, seed: int, num_swaps: int = STANDARD.num_swaps) -> Paper:
    """Return what everybody who sits an exam is asked."""
    return exam_paper(
        universe,
        positives=exam.positives,
        excluded=exam.excluded,
        known_positives=exam.known,
        seed=seed,
        num_swaps=num_swaps,
    )


def _enrichment(scores: Matrix, paper: Paper) -> dict[str, Any]:
    table = regulator_enrichment(scores, paper.labels, paper.candidates, universe=paper.universe)
    return json_row(asdict(pooled_enrichment(table)))


def json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row that JSON can hold: NaN becomes null, numpy's numbers Python's."""
    return {name: _plain(value) for name, value in row.items()}


def json_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON can hold them."""
    return [json_row({str(name): value for name, value in row.items()}) for row in table.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
