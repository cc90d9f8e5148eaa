"""The vocabulary of the graph: labels, relationship types and the records that say where rows came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

LicenceClass = Literal["open", "share-alike", "non-commercial", "academic"]
RunKind = Literal["prediction", "baseline", "lags"]
RunState = Literal["writing", "complete", "failed"]
Sign = Literal[-1, 0, 1]

LICENCE_CLASSES: tuple[LicenceClass, ...] = ("open", "share-alike", "non-commercial", "academic")
"""From the freest to the strictest."""

SCHEMA_VERSION = 2
"""Number of the newest migration that this code knows."""


class Label(StrEnum):
    """Node labels; a regulator is a `Gene` with the second label `Regulator`."""

    ASSEMBLY = "Assembly"
    COMPLEX = "Complex"
    CONTEXT = "Context"
    DATASET = "Dataset"
    GENE = "Gene"
    GENE_SET = "GeneSet"
    PEAK = "Peak"
    REGULATOR = "Regulator"
    RELEASE = "Release"
    RUN = "Run"
    SCHEMA = "SchemaVersion"
    SOURCE = "Source"


class RelationshipType(StrEnum):
    """Relationship types; evidence and predictions never share one."""

    BASELINE = "BASELINE"
    BINDS = "BINDS"
    CHIP_TARGET = "CHIP_TARGET"
    DETECTED_IN = "DETECTED_IN"
    HAS_LAG = "HAS_LAG"
    HAS_MEMBER = "HAS_MEMBER"
    LINKED = "LINKED"
    LOCATED_ON = "LOCATED_ON"
    MEMBER_OF = "MEMBER_OF"
    NEAR = "NEAR"
    ORTHOLOG_OF = "ORTHOLOG_OF"
    PART_OF = "PART_OF"
    PRIOR = "PRIOR"
    REGULATES = "REGULATES"
    USED = "USED"


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
    assembly
        What its peaks are on; empty without peaks.
    rna_path, atac_path, protein_path
        Prepared AnnData files: raw counts in `X`, `var_names` are gene ids, peak ids and names of proteins,
        same cells; empty for a kind that it lacks.
    rna_sha256, atac_sha256, protein_sha256
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
    num_proteins: int = 0
    protein_path: str = ""
    protein_sha256: str = ""


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
