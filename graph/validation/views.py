"""What a method may see: the graph less the pairs that will be asked.

The rule. An exam names the pairs that are *hidden*: the test edges of an edge split, every pair of the unseen
regulators or targets of a group split, the novel pairs of the database that judges. Whatever is fitted
(features, degrees, negatives, early stopping, calibration) gets a view from which hidden pairs are removed
from **every source that carries them**, not only from the one that trains: a test edge of DoRothEA that
CollecTRI or ChIP-seq lists too is gone from those as well. A method that fits nothing, such as ChIP-seq or
another database taken as a network, reads its source whole, and `graph.validation.circularity` says what it
shares with the judge.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from graph.errors import ConflictError, InputError
from graph.validation.evidence import Evidence
from graph.validation.exams import MIN_POSITIVES, Exam
from graph.validation.splits import edge_split, novel_pairs, regulator_split, target_split
from graph.validation.universe import Codes, Universe

SPLITS = ("edge", "regulator", "target", "database")


@dataclass(frozen=True)
class TrainingView:
    """Evidence without the hidden pairs, and the edges that may be learnt from.

    Attributes
    ----------
    training_source
        Id of the database whose edges `train` are.
    train
        Codes that may be fitted to; none is hidden.
    evidence
        All sources; no hidden pair is in any of them. A view that hides nothing has no training edges.
    """

    universe: Universe
    training_source: str
    train: Codes
    evidence: Evidence


@dataclass(frozen=True)
class SplitExam:
    """An exam on pairs that a view hides.

    Attributes
    ----------
    split
        edge, regulator, target, or ``novel <database>``.
    train
        Training edges.
    hidden
        What nothing that is fitted may see.
    """

    split: str
    exam: Exam
    train: Codes
    hidden: Codes

    def view(self, evidence: Evidence, *, training_source: str) -> TrainingView:
        """Return what a method that is fitted may see."""
        return hidden_view(evidence, training_source=training_source, train=self.train, hidden=self.hidden)


def hidden_view(evidence: Evidence, *, training_source: str, train: Codes, hidden: Codes) -> TrainingView:
    """Return the evidence less the hidden pairs, with training edges among which none is hidden.

    Raises
    ------
    ConflictError
        A training edge is hidden.
    """
    num_seen = int(np.isin(train, hidden).sum())
    if num_seen:
        raise ConflictError(f"{num_seen:,} training edges are to be hidden", hint="split the edges first")
    return TrainingView(evidence.universe, training_source, np.unique(train), evidence.without(hidden))


def open_view(evidence: Evidence, *, training_source: str) -> TrainingView:
    """Return all evidence and no training edge: for methods that fit nothing."""
    none = np.empty(0, dtype=np.int64)
    return TrainingView(evidence.universe, training_source, none, evidence)


def split_exams(
    evidence: Evidence,
    *,
    training_source: str,
    splits: Collection[str] = SPLITS,
    seed: int,
    test_rate: float = 0.2,
    min_positives: int = MIN_POSITIVES,
) -> list[SplitExam]:
    """Return the exams of a training source: one a split, and one for each other curated database.

    Candidates are all pairs but training edges (edge, database), or the pairs of unseen regulators or targets
    (the two group splits). Swapped pairs are never pairs that any curated database lists. An exam with fewer
    positives than `min_positives` is left out; 0 returns them all, and `exams.large_enough` names those.

    Raises
    ------
    NotFoundError
        The training source has no evidence here.
    InputError
        A split is unknown, or leaves one side empty.
    """
    unknown = sorted(set(splits) - set(SPLITS))
    if unknown:
        raise InputError(f"expected splits among {', '.join(SPLITS)}, found {', '.join(unknown)}")
    makers = {"edge": _edge_exam, "regulator": _regulator_exam, "target": _target_exam}
    exams = [
        make(evidence, training_source, seed, test_rate) for name, make in makers.items() if name in splits
    ]
    if "database" in splits:
        others = [name for name in evidence.claims if name != training_source]
        exams += [database_exam(evidence, training_source=training_source, judge=name) for name in others]
    return [each for each in exams if len(each.exam.positives) >= min_positives]


def database_exam(evidence: Evidence, *, training_source: str, judge: str) -> SplitExam:
    """Return the exam that trains on all of one database and asks for the pairs of another that it lacks."""
    codes, told = evidence.codes(training_source), evidence.codes(judge)
    novel = novel_pairs(told, codes)
    exam = _exam(
        f"novel pairs of {judge}",
        judge,
        f"{_size(evidence.universe)}, without the pairs of {training_source}",
        positives=novel,
        excluded=codes,
        known=evidence.known(),
    )
    return SplitExam(
        f"novel {judge}", replace(exam, num_shared=len(told) - len(novel)), train=codes, hidden=novel
    )


def _edge_exam(evidence: Evidence, source: str, seed: int, test_rate: float) -> SplitExam:
    codes = evidence.codes(source)
    split = edge_split(codes, test_rate=test_rate, seed=seed)
    train, test = codes[split.train], codes[split.test]
    words = f"{_size(evidence.universe)}, without training edges"
    exam = _exam(
        f"held-out edges of {source}", source, words, positives=test, excluded=train, known=evidence.known()
    )
    return SplitExam("edge", exam, train=train, hidden=test)


def _regulator_exam(evidence: Evidence, source: str, seed: int, test_rate: float) -> SplitExam:
    codes, universe = evidence.codes(source), evidence.universe
    split = regulator_split(codes, universe, test_rate=test_rate, seed=seed)
    unseen = np.unique(codes[split.test] // universe.num_targets)
    seen = np.setdiff1d(np.arange(universe.num_regulators), unseen)
    exam = _exam(
        f"unseen regulators of {source}",
        source,
        f"{len(unseen)} unseen regulators x {universe.num_targets:,} genes",
        positives=codes[split.test],
        excluded=universe.regulator_codes(seen),
        known=evidence.known(),
    )
    exam = replace(exam, unseen="regulators")
    return SplitExam("regulator", exam, train=codes[split.train], hidden=universe.regulator_codes(unseen))


def _target_exam(evidence: Evidence, source: str, seed: int, test_rate: float) -> SplitExam:
    codes, universe = evidence.codes(source), evidence.universe
    split = target_split(codes, universe, test_rate=test_rate, seed=seed)
    seen = np.unique(codes[split.train] % universe.num_targets)
    unseen = np.setdiff1d(np.arange(universe.num_targets), seen)
    exam = _exam(
        f"unseen targets of {source}",
        source,
        f"{universe.num_regulators} regulators x {len(unseen):,} genes without a training edge",
        positives=codes[split.test],
        excluded=universe.target_codes(seen),
        known=evidence.known(),
    )
    exam = replace(exam, unseen="targets")
    return SplitExam("target", exam, train=codes[split.train], hidden=universe.target_codes(unseen))


def _exam(name: str, judge: str, words: str, *, positives: Codes, excluded: Codes, known: Codes) -> Exam:
    return Exam(
        name=name,
        judge=judge,
        cell_type="",
        context="all",
        universe=words,
        positives=positives,
        excluded=excluded,
        known=known,
        num_shared=0,
    )


def _size(universe: Universe) -> str:
    return f"{universe.num_regulators} regulators x {universe.num_targets:,} genes"
