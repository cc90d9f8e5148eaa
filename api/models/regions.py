"""Peaks, lags, triplets and regulons."""

from pydantic import BaseModel

from api.models.edges import NOTICE, AnsweringRun
from api.models.genes import GeneName
from graph.schema import LicenceClass, Sign


class RunContext(BaseModel):
    """A context of the answering run."""

    context_id: str
    name: str
    num_cells: int


class OfRun(BaseModel):
    """What every answer from a run carries; `has_more`: the limit cut something off."""

    run: AnsweringRun
    contexts: list[RunContext]
    has_more: bool
    next_cursor: str | None
    licence_class: LicenceClass
    notice: str = NOTICE


class Link(BaseModel):
    """How strongly a run links a gene to a peak in one context."""

    context_id: str
    weight: float
    activity_share: float | None
    attention: float | None
    correlation: float | None


class Binding(BaseModel):
    """A regulator that binds a peak, by ChIP-seq or by its motif."""

    regulator: str
    symbol: str | None
    source_id: str
    kind: str
    cell_type: str | None
    score: float | None


class GenePeak(BaseModel):
    """A candidate peak of a gene, 0-based and half-open; rank 1 is the nearest."""

    peak_id: str
    assembly: str
    chrom: str
    start: int
    end: int
    distance_bp: int
    rank: int
    links: list[Link]
    bound_by: list[Binding]


class PeakAnswer(OfRun):
    """The candidate peaks of a gene, nearest first."""

    gene: GeneName
    peaks: list[GenePeak]


class GeneLag(BaseModel):
    """How long a gene's transcription follows its chromatin, as one run found; null: not estimated.

    `low`, `high`: 95 % interval. `biphasic`: the lag has one sign early and the other late. Windows along
    time, their centres as shares of the whole of it; null for data of a few time points.
    """

    run_id: str
    dataset_id: str
    context_id: str
    context: str
    lag: float | None
    lag_unit: str | None
    lag_sign: Sign | None
    fdr: float | None
    low: float | None
    high: float | None
    biphasic: bool | None
    window_centres: list[float] | None
    window_lags: list[float] | None
    window_signs: list[float] | None
    licence_class: LicenceClass


class LagAnswer(BaseModel):
    """The chromatin lags of a gene, newest run first."""

    gene: GeneName
    lags: list[GeneLag]
    notice: str = NOTICE


class Triplet(BaseModel):
    """A regulator, a peak that it binds, and the gene that the peak is linked to."""

    context_id: str
    source: str
    source_symbol: str | None
    peak_id: str
    target: str
    target_symbol: str | None
    score: float
    sign: Sign
    link_weight: float
    bound_by: list[str]
    binding_score: float | None


class TripletAnswer(OfRun):
    """Regulator - peak - gene triplets, best predicted edge first."""

    triplets: list[Triplet]


class Regulon(BaseModel):
    """The targets of a regulator with one sign in one context, of which the gene is one.

    `peak_ids`: peaks linked to the gene that the regulator binds.
    """

    regulator: str
    symbol: str | None
    context_id: str
    sign: Sign
    score: float
    rank: int
    num_targets: int
    peak_ids: list[str]


class RegulonAnswer(OfRun):
    """The regulons that a gene is a member of, best score first."""

    gene: GeneName
    regulons: list[Regulon]
