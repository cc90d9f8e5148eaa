"""Tables: what ingest and model hand to the store, one row a node or relationship, each written once.

`source` and `target` hold the keys of the end nodes. Coordinates are 0-based and half-open. Relationships
that come from a source carry a `load_id`, which the load puts on: readers see those whose `load_id` is that
of their `Source`, so that a new version of a source replaces the old one at once. An empty list is a property
of a node, but not one of a relationship.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.schema import Label, RelationshipType

Kind = Literal["string", "integer", "float", "boolean", "strings", "floats"]


@dataclass(frozen=True)
class Table:
    """Columns of a bulk write, and which of them make a row unique.

    Parameters
    ----------
    name
        The label or relationship type that the rows become.
    columns
        Name of each column and its kind; `strings` and `floats` are lists.
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
        "annotation": "string",
        "annotation_release": "integer",
    },
    key=("gene_id",),
    optional=frozenset({"symbol", "name", "annotation", "annotation_release"}),
)
"""What an annotation says of genes; of several annotations the one of the highest release is shown."""

GENE_NAMES = Table(
    name="GeneNames",
    columns={
        "gene_id": "string",
        "symbol": "string",
        "aliases": "strings",
        "previous_symbols": "strings",
        "name_id": "string",
        "source_id": "string",
    },
    key=("gene_id",),
)
"""What a naming body (HGNC, MGI) calls genes that an annotation has; `name_id` is its accession."""

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
        "source_id": "string",
        "load_id": "string",
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
        "weight": "float",
        "load_id": "string",
    },
    key=("source", "target", "source_id", "sign"),
    optional=frozenset({"confidence", "complex", "weight"}),
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
        "load_id": "string",
    },
    key=("source", "target", "source_id", "experiment"),
    optional=frozenset({"score"}),
)

BINDINGS = Table(
    name=RelationshipType.BINDS,
    columns={
        "source": "string",
        "target": "string",
        "source_id": "string",
        "kind": "string",
        "experiment": "string",
        "cell_type": "string",
        "score": "float",
        "load_id": "string",
    },
    key=("source", "target", "source_id", "experiment"),
    optional=frozenset({"cell_type", "score"}),
)

GENE_SETS = Table(
    name=Label.GENE_SET,
    columns={
        "set_id": "string",
        "name": "string",
        "collection": "string",
        "derived_from_regulators": "boolean",
        "species": "string",
        "source_id": "string",
    },
    key=("set_id",),
)

MEMBERSHIPS = Table(
    name=RelationshipType.MEMBER_OF,
    columns={"source": "string", "target": "string", "source_id": "string", "load_id": "string"},
    key=("source", "target", "source_id"),
)

ORTHOLOGS = Table(
    name=RelationshipType.ORTHOLOG_OF,
    columns={
        "source": "string",
        "target": "string",
        "source_id": "string",
        "kind": "string",
        "confidence": "float",
        "load_id": "string",
    },
    key=("source", "target", "source_id"),
    optional=frozenset({"confidence"}),
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
        "activity_share": "float",
        "attention": "float",
        "correlation": "float",
    },
    key=("source", "target", "run_id", "context_id"),
    optional=frozenset({"activity_share", "attention", "correlation"}),
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
        "low": "float",
        "high": "float",
        "biphasic": "boolean",
        "window_centres": "floats",
        "window_lags": "floats",
        "window_signs": "floats",
    },
    key=("source", "target", "run_id"),
    optional=frozenset({"lag", "low", "high", "biphasic", "window_centres", "window_lags", "window_signs"}),
)
"""Chromatin lags; windows, with their middles as shares of the whole of time, where cells lie along it."""
