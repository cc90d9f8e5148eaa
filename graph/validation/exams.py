"""Exams of a run: held-out edges of its own source, and databases that it did not read, pulled by Cypher."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

import numpy as np
import pandas as pd

from graph.cypher import validate as statements
from graph.store import GraphStore
from graph.validation.baselines import membership_scores
from graph.validation.leakage import overlap, refuse_circular
from graph.validation.score_files import RunScores
from graph.validation.splits import novel_pairs
from graph.validation.universe import Codes, Matrix, Universe

MIN_POSITIVES = 20
"""An exam with fewer positives is left out: its intervals would say nothing."""


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


def exams_of(
    store: GraphStore,
    scores: RunScores,
    *,
    used_source_ids: Sequence[str],
    training_source: str,
    chip_contexts: Mapping[str, str],
) -> list[Exam]:
    """Return the exams of a run: its held-out edges, every other database, ChIP-seq of matched cell types.

    Parameters
    ----------
    used_source_ids
        What the run read; none of these judges it, but for the held-out edges of its training source.
    chip_contexts
        Context that ChIP-seq of a cell type judges, where the names differ; a context whose name is a cell
        type is matched anyway.
    """
    exams = [held_out_exam(scores, training_source)]
    for row in store.read(statements.PRIOR_JUDGES):
        if row["source_id"] not in used_source_ids:
            exams.append(
                prior_exam(store, scores, source_id=row["source_id"], used_source_ids=used_source_ids)
            )
    for row in store.read(statements.CHIP_JUDGES, regulator_ids=list(scores.universe.regulators)):
        cell_type = row["cell_type"]
        context = chip_contexts.get(cell_type, cell_type)
        if context in scores.scores and row["source_id"] not in used_source_ids:
            exams.append(
                chip_exam(store, scores, source_id=row["source_id"], cell_type=cell_type, context=context)
            )
    return [exam for exam in exams if len(exam.positives) >= MIN_POSITIVES]


def held_out_exam(scores: RunScores, training_source: str) -> Exam:
    """Return the exam on the edges that training, calibration and every degree never saw."""
    return Exam(
        name=f"held-out edges of {training_source}",
        judge=training_source,
        cell_type="",
        context="all",
        universe=f"{_size(scores.universe)}, without training and validation edges",
        positives=scores.test,
        excluded=np.concatenate([scores.train, scores.validation]),
        known=scores.known,
        num_shared=0,
    )


def prior_exam(
    store: GraphStore, scores: RunScores, *, source_id: str, used_source_ids: Sequence[str]
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
    rows = _read(store, statements.PRIOR_PAIRS, scores.universe, source_id=source_id)
    codes = scores.universe.encode(rows.explode("target")).codes
    return Exam(
        name=f"novel pairs of {source_id}",
        judge=source_id,
        cell_type="",
        context="all",
        universe=f"{_size(scores.universe)}, without the pairs that trained or were held out",
        positives=novel_pairs(codes, scores.known),
        excluded=scores.known,
        known=np.union1d(scores.known, codes),
        num_shared=overlap(scores.known, codes).num_shared,
    )


def chip_exam(store: GraphStore, scores: RunScores, *, source_id: str, cell_type: str, context: str) -> Exam:
    """Return the exam on ChIP-seq targets of one cell type, among the regulators assayed there."""
    universe = scores.universe
    codes, _ = chip_codes(store, universe, source_id=source_id, cell_type=cell_type)
    assayed = np.unique(codes // universe.num_targets)
    others = np.setdiff1d(np.arange(universe.num_regulators), assayed)
    barred = np.union1d(scores.known, universe.regulator_codes(others))
    return Exam(
        name=f"ChIP-seq in {cell_type}",
        judge=source_id,
        cell_type=cell_type,
        context=context,
        universe=f"{len(assayed)} assayed regulators x {universe.num_targets:,} genes, "
        "without the pairs that trained or were held out",
        positives=novel_pairs(codes, barred),
        excluded=barred,
        known=np.union1d(scores.known, codes),
        num_shared=overlap(scores.known, codes).num_shared,
    )


def chip_codes(
    store: GraphStore, universe: Universe, *, source_id: str, cell_type: str | None = None
) -> tuple[Codes, Matrix]:
    """Return the codes of a ChIP-seq library's pairs and the number of experiments that show each."""
    rows = _read(store, statements.CHIP_PAIRS, universe, source_id=source_id, cell_type=cell_type)
    pairs = rows.explode(["target", "num_experiments"])
    codes = universe.row_codes(pairs)
    proper = (codes >= 0) & ~np.isin(codes, universe.self_codes())
    return codes[proper], pairs["num_experiments"].to_numpy(dtype=np.float64)[proper]


def chip_scores(store: GraphStore, universe: Universe) -> Matrix:
    """Return ChIP-seq of all cell types as a network, weighted by the number of experiments."""
    codes, weights = [], []
    sources = {
        row["source_id"] for row in store.read(statements.CHIP_JUDGES, regulator_ids=[*universe.regulators])
    }
    for source_id in sorted(sources):
        found, num_experiments = chip_codes(store, universe, source_id=source_id)
        codes.append(found)
        weights.append(num_experiments)
    none = np.empty(0, dtype=np.int64)
    return membership_scores(universe, np.concatenate([none, *codes]), np.concatenate([none, *weights]))


def _read(
    store: GraphStore, statement: LiteralString, universe: Universe, **parameters: object
) -> pd.DataFrame:
    rows = store.read_frame(statement, regulator_ids=list(universe.regulators), **parameters)
    return rows.rename(columns={"targets": "target"})


def _size(universe: Universe) -> str:
    return f"{universe.num_regulators} regulators x {universe.num_targets:,} genes"
