"""Exams of a run: held-out edges of its own source, and databases that it did not read, pulled by Cypher."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from graph.cypher import validate as statements
from graph.store import GraphStore
from graph.validation.baselines import membership_scores
from graph.validation.evidence import BoundPairs, Evidence, read_chip
from graph.validation.leakage import overlap, refuse_circular
from graph.validation.score_files import RunScores
from graph.validation.splits import novel_pairs
from graph.validation.universe import Codes, Matrix, Universe

MIN_POSITIVES = 20
"""An exam with fewer positives is left out, and named: its intervals would say nothing."""


@dataclass(frozen=True)
class Exam:
    """What a run is asked.

    Parameters
    ----------
    judge
        Id of the source that judges.
    cell_type
        Cell type of the ChIP-seq that judges, empty for other judges.
    context
        Context whose scores are judged.
    universe
        Which pairs are candidates, in words.
    positives, excluded, known
        Codes of the pairs that are right, of those that are no candidates, and of all that are known true.
    num_shared
        Pairs of the judge that are among the run's own edges; they are excluded.
    unseen
        What training never saw of every candidate, where that is the point of the exam.
    """

    name: str
    judge: str
    cell_type: str
    context: str
    universe: str
    positives: Codes
    excluded: Codes
    known: Codes
    num_shared: int
    unseen: Literal["", "regulators", "targets"] = ""


def large_enough(exams: Iterable[Exam]) -> tuple[list[Exam], list[dict[str, Any]]]:
    """Return the exams with at least 20 positives, and of each other one what JSON holds of it.

    Returns
    -------
    exams
        Those that are judged.
    not_judged
        ``name``, ``judge``, ``cell_type``, ``num_positives`` and ``min_positives`` of the others.
    """
    judged, others = [], []
    for exam in exams:
        if len(exam.positives) >= MIN_POSITIVES:
            judged.append(exam)
            continue
        others.append(
            {
                "name": exam.name,
                "judge": exam.judge,
                "cell_type": exam.cell_type,
                "num_positives": len(exam.positives),
                "min_positives": MIN_POSITIVES,
            }
        )
    return judged, others


def exams_of(
    store: GraphStore,
    scores: RunScores,
    evidence: Evidence,
    *,
    used_source_ids: Sequence[str],
    training_source: str,
    chip_contexts: Mapping[str, str],
) -> list[Exam]:
    """Return the exams of a run: its held-out edges, every other database, ChIP-seq of matched cell types.

    Some may have too few positives, see `large_enough`.

    Parameters
    ----------
    evidence
        What all sources say of the universe of the scores.
    used_source_ids
        What the run read; none of these judges it, but for the held-out edges of its training source.
    chip_contexts
        Context that ChIP-seq of a cell type judges, where the names differ; a context whose name is a cell
        type is matched anyway.
    """
    exams = [held_out_exam(scores, evidence, training_source)]
    for source_id in evidence.claims:
        if source_id not in used_source_ids:
            exams.append(prior_exam(scores, evidence, source_id=source_id, used_source_ids=used_source_ids))
    for row in store.read(statements.CHIP_JUDGES, regulator_ids=list(scores.universe.regulators)):
        cell_type = row["cell_type"]
        context = chip_contexts.get(cell_type, cell_type)
        if context in scores.scores and row["source_id"] not in used_source_ids:
            bound = read_chip(store, row["source_id"], scores.universe, cell_type=cell_type)
            exams.append(
                chip_exam(
                    scores, evidence, bound, judge=row["source_id"], cell_type=cell_type, context=context
                )
            )
    return exams


def held_out_exam(scores: RunScores, evidence: Evidence, training_source: str) -> Exam:
    """Return the exam on the edges that training, calibration and every degree never saw."""
    return Exam(
        name=f"held-out edges of {training_source}",
        judge=training_source,
        cell_type="",
        context="all",
        universe=f"{_size(scores.universe)}, without training and validation edges",
        positives=scores.test,
        excluded=np.concatenate([scores.train, scores.validation]),
        known=np.union1d(scores.known, evidence.known()),
        num_shared=0,
    )


def prior_exam(
    scores: RunScores, evidence: Evidence, *, source_id: str, used_source_ids: Sequence[str]
) -> Exam:
    """Return the exam on the pairs of a database that are not among the run's own edges.

    Those are the levels of the training source that trained: with DoRothEA A and B, a pair of its level C
    may count as novel.

    Raises
    ------
    ConflictError
        If the run read the database.
    """
    refuse_circular(used_source_ids, [source_id])
    codes = evidence.codes(source_id)
    return Exam(
        name=f"novel pairs of {source_id}",
        judge=source_id,
        cell_type="",
        context="all",
        universe=f"{_size(scores.universe)}, without the pairs that trained or were held out",
        positives=novel_pairs(codes, scores.known),
        excluded=scores.known,
        known=np.union1d(scores.known, evidence.known()),
        num_shared=overlap(scores.known, codes).num_shared,
    )


def chip_exam(
    scores: RunScores, evidence: Evidence, bound: BoundPairs, *, judge: str, cell_type: str, context: str
) -> Exam:
    """Return the exam on ChIP-seq targets of one cell type, among the regulators assayed there."""
    universe = scores.universe
    assayed = np.unique(bound.codes // universe.num_targets)
    others = np.setdiff1d(np.arange(universe.num_regulators), assayed)
    barred = np.union1d(scores.known, universe.regulator_codes(others))
    return Exam(
        name=f"ChIP-seq of {judge} in {cell_type}",
        judge=judge,
        cell_type=cell_type,
        context=context,
        universe=f"{len(assayed)} assayed regulators x {universe.num_targets:,} genes, "
        "without the pairs that trained or were held out",
        positives=novel_pairs(bound.codes, barred),
        excluded=barred,
        known=np.concatenate([scores.known, evidence.known(), bound.codes]),
        num_shared=overlap(scores.known, bound.codes).num_shared,
    )


def chip_scores(evidence: Evidence) -> Matrix:
    """Return ChIP-seq of all cell types as a network, weighted by the number of experiments."""
    none = np.empty(0, dtype=np.int64)
    codes = np.concatenate([none, *(bound.codes for bound in evidence.chip.values())])
    weights = np.concatenate([none, *(bound.num_experiments for bound in evidence.chip.values())])
    return membership_scores(evidence.universe, codes, weights)


def _size(universe: Universe) -> str:
    return f"{universe.num_regulators} regulators x {universe.num_targets:,} genes"
