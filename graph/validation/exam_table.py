"""One exam sat by several methods, as a table that JSON can hold."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from graph.validation.exams import Exam
from graph.validation.judge import STANDARD, JudgeSettings, judge, verdict_table
from graph.validation.universe import Matrix, Universe


def exam_table(
    exam: Exam,
    methods: Mapping[str, Matrix],
    *,
    universe: Universe,
    baselines: Collection[str],
    seed: int,
    settings: JudgeSettings = STANDARD,
) -> dict[str, Any]:
    """Return what an exam asked and how each method did, best swap AUROC first; NaN as None.

    Parameters
    ----------
    methods
        Scores ``(T, G)`` by name, in one universe.
    baselines
        Names among them that are baselines; the best of these is marked in each metric.
    """
    verdicts = {
        name: judge(
            values,
            universe,
            positives=exam.positives,
            excluded=exam.excluded,
            known_positives=exam.known,
            seed=seed,
            settings=settings,
        )
        for name, values in methods.items()
    }
    any_verdict = next(iter(verdicts.values()))
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
        "rows": [json_row(row) for row in verdict_table(verdicts, baselines=baselines)],
    }


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
