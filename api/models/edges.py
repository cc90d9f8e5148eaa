"""Predicted edges, and the evidence beside them."""

from pydantic import BaseModel

from api.models.genes import Detection, GeneName
from graph.schema import LicenceClass, RunKind, Sign

NOTICE = "Scores are associations with evidence beside them, not proof of causation."


class Prior(BaseModel):
    """What one source says of a pair; sign 0 means that it tells none."""

    source_id: str
    sign: Sign
    confidence: str | None
    pmids: list[str]
    complex: str | None
    licence_class: LicenceClass | None


class Chip(BaseModel):
    """One ChIP-seq experiment that lists the target."""

    source_id: str
    experiment: str
    cell_type: str
    score: float | None
    licence_class: LicenceClass | None


class Evidence(BaseModel):
    """What the sources say of a pair; `matched_chip`: ChIP-seq in the context's own cell type."""

    priors: list[Prior]
    chip: list[Chip]
    matched_chip: bool


class Prediction(BaseModel):
    """What one run predicts of a pair in one context.

    `lag_sign` null means not estimated, 0 tested and not different from 0, 1 target after regulator.
    """

    run_id: str
    context_id: str
    context: str
    score: float
    uncertainty: float | None
    rank: int
    sign: Sign
    lag: float | None
    lag_unit: str | None
    lag_sign: Sign | None
    lag_fdr: float | None
    chromatin_lag: float | None
    evidence_count: int
    novel: bool
    source_detection: Detection | None
    target_detection: Detection | None


class OtherContext(BaseModel):
    """The same pair in another context of the run, where its score is not higher."""

    context_id: str
    context: str
    score: float
    uncertainty: float | None
    rank: int
    sign: Sign
    lag: float | None
    lag_unit: str | None
    lag_sign: Sign | None
    lag_fdr: float | None
    chromatin_lag: float | None


class Edge(Prediction):
    """A predicted edge from a regulator (source) to a gene (target), one a pair.

    It tells the context with the best score; `other_contexts` those others that were asked for, best first.
    """

    source: str
    source_symbol: str | None
    target: str
    target_symbol: str | None
    other_contexts: list[OtherContext]
    evidence: Evidence


class AnsweringRun(BaseModel):
    """The run that an answer comes from."""

    run_id: str
    kind: RunKind
    dataset_id: str
    licence_class: LicenceClass
    is_default: bool
    finished_at: str | None


class AnsweringContext(BaseModel):
    """A context that an answer is about; `detection` is that of the gene that was asked for."""

    context_id: str
    name: str
    num_cells: int
    detection: Detection | None


class EdgeAnswer(BaseModel):
    """A page of the predicted edges of one gene, best first."""

    gene: GeneName
    run: AnsweringRun
    contexts: list[AnsweringContext]
    edges: list[Edge]
    next_cursor: str | None
    licence_class: LicenceClass
    notice: str = NOTICE


class PairPrediction(Prediction):
    """A prediction, with the run that it comes from; `kind` tells baselines apart."""

    kind: RunKind
    dataset_id: str
    licence_class: LicenceClass
    is_default: bool


class Against(BaseModel):
    """A prediction whose sign is the opposite of the only sign that the sources tell."""

    run_id: str
    context_id: str
    sign: Sign


class SignConflicts(BaseModel):
    """Who says that the regulator activates, who that it represses."""

    among_priors: bool
    activating: list[str]
    repressing: list[str]
    predictions_against_priors: list[Against]


class BoundPeak(BaseModel):
    """A peak near the target that the regulator binds, by ChIP-seq or by its motif."""

    peak_id: str
    chrom: str
    start: int
    end: int
    distance_bp: int
    dataset_id: str
    source_id: str
    kind: str
    cell_type: str | None
    score: float | None


class PairAnswer(BaseModel):
    """Everything known of one regulator and one target."""

    source: GeneName
    target: GeneName
    predictions: list[PairPrediction]
    baselines: list[PairPrediction]
    priors: list[Prior]
    chip: list[Chip]
    peaks: list[BoundPeak]
    conflicts: SignConflicts
    licence_class: LicenceClass
    notice: str = NOTICE
