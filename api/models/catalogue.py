"""What is in the graph: contexts, data sets, sources."""

from pydantic import BaseModel, JsonValue

from graph.schema import LicenceClass


class Context(BaseModel):
    """A named set of a data set's cells."""

    context_id: str
    name: str
    dataset_id: str
    species: str
    obs_column: str
    num_cells: int
    default_run_ids: list[str]


class Dataset(BaseModel):
    """A paired data set; the hashes are those of the files as they were given."""

    dataset_id: str
    name: str
    species: str
    assembly: str
    num_cells: int
    num_genes: int
    num_peaks: int
    num_proteins: int = 0
    licence: str
    licence_class: LicenceClass
    citation: str
    time_column: str
    time_unit: str
    rna_sha256: str
    atac_sha256: str
    contexts: list[str]
    default_run_ids: list[str]


class Source(BaseModel):
    """Where evidence comes from, and what of it was kept; `rejected` counts rows by reason."""

    source_id: str
    name: str
    version: str
    licence: str
    licence_class: LicenceClass
    citation: str
    species: str
    sha256: str
    rows_read: int
    rows_kept: int
    rows_rejected: int
    rejected: dict[str, int]
    ingested_at: str | None


class ContextList(BaseModel):
    """All contexts."""

    contexts: list[Context]


class DatasetList(BaseModel):
    """All data sets."""

    datasets: list[Dataset]


class SourceList(BaseModel):
    """All sources."""

    sources: list[Source]


class Release(BaseModel):
    """A state of the evidence; `contents` tells version and hash of each source."""

    release_id: str
    created_at: str | None
    contents: dict[str, JsonValue]


class ReleaseList(BaseModel):
    """All releases, newest first."""

    releases: list[Release]


class Stats(BaseModel):
    """Numbers of nodes and relationships by kind; what a run is just writing is counted too."""

    nodes: dict[str, int]
    relationships: dict[str, int]
    release_id: str
