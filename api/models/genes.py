"""A gene as people name it, and where it is seen."""

from typing import Literal

from pydantic import BaseModel

MatchedBy = Literal["gene_id", "symbol", "symbol_in_other_case", "previous_symbol", "alias"]


class Detection(BaseModel):
    """In how many cells of a context a gene is seen."""

    num_cells: int
    detection_rate: float
    mean_count: float | None = None


class ContextDetection(Detection):
    """A detection, with the context that it is of; `context_num_cells` is all cells of it."""

    context_id: str
    context: str
    dataset_id: str
    context_num_cells: int


class Location(BaseModel):
    """Where a gene lies on one assembly, 0-based and half-open."""

    assembly: str
    chrom: str
    start: int
    end: int
    strand: str
    tss: int


class GeneName(BaseModel):
    """A gene, and by which of its names it was found."""

    gene_id: str
    symbol: str | None
    name: str | None
    species: str
    matched_by: MatchedBy
    is_regulator: bool
    regulator_classes: list[str]
    tf_family: str | None


class Gene(GeneName):
    """All that the annotation tells of a gene, and where it is seen."""

    biotype: str
    aliases: list[str]
    previous_symbols: list[str]
    locations: list[Location]
    detections: list[ContextDetection]
