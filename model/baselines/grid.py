"""The whole grid: every method on every split, several seeds, with intervals and the best baseline marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph.errors import ConflictError
from graph.progress import Progress, silent
from graph.validation.exam_table import exam_table
from graph.validation.exams import held_out_exam, prior_exam
from graph.validation.judge import RANKED_METRICS, STANDARD, JudgeSettings
from graph.validation.score_files import RunScores
from graph.validation.universe import Matrix
from graph.validation.views import SplitExam, open_view, split_exams
from model.baselines.catalogue import may_sit
from model.baselines.contract import Baseline
from model.baselines.reading import Bench

INTERVALS = {
    "swap_auroc": "swap_interval",
    "auroc": "auroc_interval",
    "ratio": "ratio_interval",
    "top100_enrichment": "top100_interval",
}


@dataclass
class Grid:
    """Sits exams; scores that do not depend on what is hidden are computed once a seed.

    Attributes
    ----------
    baselines
        Methods by whom every other is measured.
    """

    bench: Bench
    baselines: Sequence[Baseline]
    settings: JudgeSettings = STANDARD
    _kept: dict[tuple[str, int], Matrix] = field(default_factory=dict)

    def tables(
        self, *, splits: Collection[str], seeds: Sequence[int], progress: Progress = silent
    ) -> list[dict[str, Any]]:
        """Return one table a split and seed; see `graph.validation.exam_table`."""
        tables = []
        for number, seed in enumerate(seeds):
            exams = split_exams(
                self.bench.evidence, training_source=self.bench.training_source, splits=splits, seed=seed
            )
            for place, exam in enumerate(exams):
                done = (number + place / len(exams)) / len(seeds)
                progress(f"{exam.exam.name}, seed {seed}", done)
                tables.append(self.table(exam, seed=seed))
        return tables

    def run_tables(
        self, scores: RunScores, *, run_id: str, used_source_ids: Sequence[str], seed: int
    ) -> list[dict[str, Any]]:
        """Return the tables of a run's own held-out edges and of each database that it did not read.

        Baselines learn from the edges that the run learnt from.

        Raises
        ------
        ConflictError
            The run was made on another universe than the bench.
        """
        if scores.universe != self.bench.universe:
            raise ConflictError(
                f"run {run_id} has another universe ({scores.universe.shape}) than the benchmark "
                f"({self.bench.universe.shape})",
                hint="benchmark the run's own data set and training source",
            )
        evidence = self.bench.evidence
        judges = [name for name in evidence.claims if name not in used_source_ids]
        exams = [
            held_out_exam(scores, evidence, self.bench.training_source),
            *(
                prior_exam(scores, evidence, source_id=name, used_source_ids=used_source_ids)
                for name in judges
            ),
        ]
        shown = np.concatenate([scores.train, scores.validation])
        return [
            self.table(
                SplitExam(f"{run_id}: {exam.name}", exam, shown, np.union1d(exam.positives, scores.test)),
                seed=seed,
                others={run_id: scores.scores["all"]},
            )
            for exam in exams
            if len(exam.positives)
        ]

    def table(
        self, asked: SplitExam, *, seed: int, others: Mapping[str, Matrix] | None = None
    ) -> dict[str, Any]:
        """Return the table of one exam, of all baselines that may sit it, and of others."""
        methods = {**(others or {})} | self._scores(asked, seed=seed)
        table = exam_table(
            asked.exam,
            methods,
            universe=self.bench.universe,
            baselines=competitors(self.baselines),
            seed=seed,
            settings=self.settings,
        )
        return {"split": asked.split, "seed": seed, **table}

    def _scores(self, asked: SplitExam, *, seed: int) -> dict[str, Matrix]:
        source = self.bench.training_source
        everything = self.bench.given(open_view(self.bench.evidence, training_source=source))
        hiding = self.bench.given(asked.view(self.bench.evidence, training_source=source))
        scores = {}
        for baseline in self.baselines:
            if not may_sit(baseline, asked.exam, everything):
                continue
            if baseline.learns:
                scores[baseline.name] = baseline.score(hiding, seed)
                continue
            key = (baseline.name, seed)
            if key not in self._kept:
                self._kept[key] = baseline.score(everything, seed)
            scores[baseline.name] = self._kept[key]
        return scores


def competitors(baselines: Sequence[Baseline]) -> list[str]:
    """Return the names of the methods that count where the best baseline is named."""
    return [each.name for each in baselines if each.competes]


def summary(tables: Sequence[Mapping[str, Any]], *, baselines: Collection[str]) -> list[dict[str, Any]]:
    """Return one row a split and method: means over seeds, the best baseline of each metric marked.

    Returns
    -------
    rows
        ``split``, ``method``, ``is_baseline``, ``num_seeds``, ``best_baseline_in``; each metric as its mean
        over seeds, ``<metric>_by_seed``, and where it has an interval ``<metric>_low`` and ``<metric>_high``:
        means over seeds of the bounds of the bootstrap over regulators. Best swap AUROC of a split first.
    """
    rows = []
    for split in dict.fromkeys(table["split"] for table in tables):
        here = [table for table in tables if table["split"] == split]
        names = dict.fromkeys(row["name"] for table in here for row in table["rows"])
        found = [_row(split, name, here, is_baseline=name in baselines) for name in names]
        for metric in RANKED_METRICS:
            judged = [row for row in found if row["is_baseline"] and row[metric] is not None]
            best = max((row[metric] for row in judged), default=None)
            for row in judged:
                if row[metric] == best:
                    row["best_baseline_in"].append(metric)
        rows += sorted(found, key=lambda row: -1.0 if row["swap_auroc"] is None else -row["swap_auroc"])
    return rows


def _row(split: str, name: str, tables: Sequence[Mapping[str, Any]], *, is_baseline: bool) -> dict[str, Any]:
    mine = [row for table in tables for row in table["rows"] if row["name"] == name]
    row: dict[str, Any] = {
        "split": split,
        "method": name,
        "is_baseline": is_baseline,
        "num_seeds": len(mine),
        "best_baseline_in": [],
    }
    for metric in RANKED_METRICS:
        row[metric] = _mean([each[metric] for each in mine])
        row[f"{metric}_by_seed"] = [each[metric] for each in mine]
    for metric, interval in INTERVALS.items():
        for side in ("low", "high"):
            row[f"{metric}_{side}"] = _mean([each[f"{interval}_{side}"] for each in mine])
    return row


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
