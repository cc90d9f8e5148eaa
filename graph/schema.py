"""The vocabulary of the graph: labels, relationship types, tables and records, each written once.

A `Table` is what ingest and model hand to the store: a data frame with these columns, one row a node or
relationship. `source` and `target` hold the keys of the end nodes. Records are the single nodes that
describe where the rows came from. Coordinates are 0-based and half-open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Kind = Literal["string", "integer", "float", "boolean", "strings"]
LicenceClass = Literal["open", "share-alike", "non-commercial", "academic"]
RunKind = Literal["prediction", "baseline", "lags"]
RunState = Literal["writing", "complete", "failed"]
Sign = Literal[-1, 0, 1]

LICENCE_CLASSES: tuple[LicenceClass, ...] = ("open", "share-alike", "non-commercial", "academic")
"""From the freest to the strictest."""

SCHEMA_VERSION = 1
"""Number of the newest migration that this code knows."""


class Label(StrEnum):
    """Node labels; a regulator is a `Gene` with the second label `Regulator`."""

    ASSEMBLY = "Assembly"
    COMPLEX = "Complex"
    CONTEXT = "Context"
    DATASET = "Dataset"
    GENE = "Gene"
    PEAK = "Peak"
    REGULATOR = "Regulator"
    RELEASE = "Release"
    RUN = "Run"
    SCHEMA = "SchemaVersion"
    SOURCE = "Source"


class RelationshipType(StrEnum):
    """Relationship types; evidence and predictions never share one."""

    BASELINE = "BASELINE"
    CHIP_TARGET = "CHIP_TARGET"
    DETECTED_IN = "DETECTED_IN"
    HAS_LAG = "HAS_LAG"
    HAS_MEMBER = "HAS_MEMBER"
    LINKED = "LINKED"
    LOCATED_ON = "LOCATED_ON"
    NEAR = "NEAR"
    PART_OF = "PART_OF"
    PRIOR = "PRIOR"
    REGULATES = "REGULATES"
    USED = "USED"


@dataclass(frozen=True)
class Table:
    """Columns of a bulk write, and which of them make a row unique.

    Parameters
    ----------
    name
        The label or relationship type that the rows become.
    columns
        Name of each column and its kind; `strings` is a list of strings.
    key
        Columns that identify a row; a second row with the same key is a duplicate.
    optional
        Columns that may hold nulls (or be missing from a frame).
    """

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    optional: frozenset[str] = field(default_factory=frozenset)


GENES = Table(
    name=Label.GENE,
    columns={
        "gene_id": "string",
        "symbol": "string",
        "aliases": "strings",
        "previous_symbols": "strings",
        "species": "string",
        "biotype": "string",
        "name": "string",
        "hgnc_id": "string",
    },
    key=("gene_id",),
    optional=frozenset({"symbol", "name", "hgnc_id"}),
)

LOCATIONS = Table(
    name=RelationshipType.LOCATED_ON,
    columns={
        "source": "string",
        "target": "string",
        "chrom": "string",
        "start": "integer",
        "end": "integer",
        "strand": "string",
        "tss": "integer",
    },
    key=("source", "target"),
)

REGULATORS = Table(
    name=Label.REGULATOR,
    columns={"gene_id": "string", "regulator_class": "string", "tf_family": "string", "source_id": "string"},
    key=("gene_id", "regulator_class"),
    optional=frozenset({"tf_family"}),
)

PEAKS = Table(
    name=Label.PEAK,
    columns={
        "peak_id": "string",
        "assembly": "string",
        "chrom": "string",
        "start": "integer",
        "end": "integer",
    },
    key=("peak_id",),
)

PRIORS = Table(
    name=RelationshipType.PRIOR,
    columns={
        "source": "string",
        "target": "string",
        "source_id": "string",
        "sign": "integer",
        "confidence": "string",
        "pmids": "strings",
        "complex": "string",
    },
    key=("source", "target", "source_id", "sign"),
    optional=frozenset({"confidence", "complex"}),
)

CHIP_TARGETS = Table(
    name=RelationshipType.CHIP_TARGET,
    columns={
        "source": "string",
        "target": "string",
        "source_id": "string",
        "experiment": "string",
        "cell_type": "string",
        "score": "float",
    },
    key=("source", "target", "source_id", "experiment"),
    optional=frozenset({"score"}),
)

NEAR = Table(
    name=RelationshipType.NEAR,
    columns={
        "source": "string",
        "target": "string",
        "dataset_id": "string",
        "distance_bp": "integer",
        "rank": "integer",
    },
    key=("source", "target", "dataset_id"),
)

DETECTIONS = Table(
    name=RelationshipType.DETECTED_IN,
    columns={
        "source": "string",
        "target": "string",
        "num_cells": "integer",
        "detection_rate": "float",
        "mean_count": "float",
    },
    key=("source", "target"),
)

LINKS = Table(
    name=RelationshipType.LINKED,
    columns={
        "source": "string",
        "target": "string",
        "run_id": "string",
        "context_id": "string",
        "weight": "float",
    },
    key=("source", "target", "run_id", "context_id"),
)

_EDGE_COLUMNS: dict[str, Kind] = {
    "source": "string",
    "target": "string",
    "run_id": "string",
    "context_id": "string",
    "score": "float",
    "uncertainty": "float",
    "rank": "integer",
    "sign": "integer",
    "lag": "float",
    "lag_unit": "string",
    "lag_sign": "integer",
    "lag_fdr": "float",
    "chromatin_lag": "float",
    "evidence_count": "integer",
    "novel": "boolean",
}
_EDGE_OPTIONAL = frozenset({"uncertainty", "lag", "lag_unit", "lag_sign", "lag_fdr", "chromatin_lag"})

REGULATIONS = Table(
    name=RelationshipType.REGULATES,
    columns=_EDGE_COLUMNS,
    key=("source", "target", "run_id", "context_id"),
    optional=_EDGE_OPTIONAL,
)

BASELINES = Table(
    name=RelationshipType.BASELINE,
    columns=_EDGE_COLUMNS,
    key=("source", "target", "run_id", "context_id"),
    optional=_EDGE_OPTIONAL,
)

GENE_LAGS = Table(
    name=RelationshipType.HAS_LAG,
    columns={
        "source": "string",
        "target": "string",
        "run_id": "string",
        "lag": "float",
        "lag_unit": "string",
        "lag_sign": "integer",
        "fdr": "float",
    },
    key=("source", "target", "run_id"),
    optional=frozenset({"lag"}),
)


@dataclass(frozen=True)
class Assembly:
    """A genome assembly; `aliases` are its other names, `chrom_sizes` bp by chromosome."""

    assembly_id: str
    species: str
    aliases: tuple[str, ...]
    chrom_sizes: Mapping[str, int]


@dataclass(frozen=True)
class Source:
    """Where evidence comes from, under which licence, and how many of its rows were kept.

    Parameters
    ----------
    sha256
        Hash of the file as it was read.
    rejected
        Number of rows left out, by reason.
    """

    source_id: str
    name: str
    version: str
    licence: str
    licence_class: LicenceClass
    citation: str
    species: str
    sha256: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows_rejected(self) -> int:
        """Number of rows left out; `rows_read = rows_kept + rows_rejected`."""
        return sum(self.rejected.values())


@dataclass(frozen=True)
class Dataset:
    """A paired data set; the matrices stay in files, cells x features.

    Parameters
    ----------
    rna_path, atac_path
        Prepared AnnData files: raw counts in `X`, `var_names` are gene ids and peak ids, same cells.
    rna_sha256, atac_sha256
        Hashes of the files as they were given by the user (not of the prepared ones).
    time_column
        Column of `obs` that holds real time points, empty without one.
    """

    dataset_id: str
    name: str
    species: str
    assembly: str
    num_cells: int
    num_genes: int
    num_peaks: int
    rna_path: str
    rna_sha256: str
    atac_path: str
    atac_sha256: str
    licence: str = ""
    licence_class: LicenceClass = "open"
    citation: str = ""
    time_column: str = ""
    time_unit: str = ""


@dataclass(frozen=True)
class Context:
    """A named set of a data set's cells: those whose `obs[obs_column]` is `name`, or all of them."""

    context_id: str
    dataset_id: str
    name: str
    obs_column: str
    num_cells: int


@dataclass(frozen=True)
class Run:
    """One training or baseline: what it was made with, and whether it is whole.

    Parameters
    ----------
    config, metrics
        JSON objects as text.
    scores_path
        Parquet file with all scores (the graph keeps the best edges only), empty without one.
    """

    run_id: str
    kind: RunKind
    dataset_id: str
    config: str
    seed: int
    code_version: str
    licence_class: LicenceClass
    scores_path: str = ""
    metrics: str = "{}"
    state: RunState = "writing"


def context_id(dataset_id: str, name: str) -> str:
    """Return the key of a context; it carries its data set."""
    return f"{dataset_id}/{name}"


def peak_id(assembly: str, chrom: str, start: int, end: int) -> str:
    """Return the key of a peak, such as `GRCh38:chr1:1000-1500` (0-based, half-open)."""
    return f"{assembly}:{chrom}:{start}-{end}"


def strictest(licence_classes: list[LicenceClass]) -> LicenceClass:
    """Return the strictest of some licence classes, `open` for none."""
    return max(licence_classes, key=LICENCE_CLASSES.index, default="open")
