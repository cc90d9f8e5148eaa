"""What a source is: who made it, under which licence, and how its files become checked rows.

A new source is one file in `ingest/sources` with a `SourceSpec`, and one line in `ingest/catalogue.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from graph.schema import Assembly, Source
from graph.tables import Table
from ingest.identifiers import require_identifier
from ingest.names import Names

Stage = Literal["annotation", "names", "regulators", "evidence", "regions"]
"""Order of loading: genes, names, lists of regulators, edges; after data sets what binds their peaks."""

LISTED_CLASSES = ("transcription_factor", "chromatin_regulator")
"""Regulator classes that lists of regulators give."""


def _no_rows(*columns: str) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame(columns=pd.Index(columns))


@dataclass(frozen=True)
class Reference:
    """What the graph already says of one species; nothing of another is ever in it.

    Parameters
    ----------
    names
        What names of genes mean.
    regulators
        Genes that lists of regulators have.
    genes
        `gene_id`, `symbol`, `annotated_symbol`, `aliases`, `previous_symbols`, `biotype`, `name_id`,
        `annotation_release` of all genes.
    locations
        `gene_id`, `biotype`, `assembly_id`, `chrom`, `start`, `end`, `strand`, `tss`, on all assemblies.
    peaks
        `peak_id`, `assembly`, `chrom`, `start`, `end` of all data sets; for the stage `regions` only.
    detected
        `gene_id`, `context`, `num_cells`, `detection_rate`; for the stage `regions` only.
    other_names
        Names of the species that a source of orthologs also speaks of.
    """

    names: Names
    regulators: frozenset[str] = frozenset()
    genes: pd.DataFrame = field(default_factory=_no_rows("gene_id", "symbol", "biotype"))
    locations: pd.DataFrame = field(default_factory=_no_rows("gene_id", "assembly_id", "chrom", "tss"))
    peaks: pd.DataFrame = field(default_factory=_no_rows("peak_id", "assembly", "chrom", "start", "end"))
    detected: pd.DataFrame = field(default_factory=_no_rows("gene_id", "context", "num_cells"))
    other_names: Mapping[str, Names] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """Rows of a source that may be written, and an account of all others.

    Parameters
    ----------
    tables
        In the order of writing, without `load_id`, which the load puts on.
    rejected
        Columns `ingest.rejections.COLUMNS`.
    num_read, num_kept
        Rows of the file, `num_read = num_kept + len(rejected)`. One row may become several relationships.
    notes
        Further counts that a reader of the report should know, such as sets that were not selected.
    complexes
        Gene ids of the members of protein complexes, by complex.
    mapped
        Rows that were kept with a remark (a retired symbol, an alias), columns as `rejected`.
    """

    tables: Sequence[tuple[Table, pd.DataFrame]]
    rejected: pd.DataFrame
    num_read: int
    num_kept: int
    notes: Mapping[str, int] = field(default_factory=dict)
    complexes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    assemblies: Sequence[Assembly] = ()
    mapped: pd.DataFrame = field(default_factory=_no_rows("file", "row", "identifier", "reason", "detail"))


Parse = Callable[[Sequence[Path], Reference], Checked]


@dataclass(frozen=True)
class SourceSpec:
    """One source of evidence or vocabulary.

    Parameters
    ----------
    record
        Name, version, licence and citation; the counts and the hash are filled in by the load.
    columns
        Columns that its first file must have; empty for files that are no tables.
    files
        Where the files lie below a data folder, in the order in which `parse` takes them.
    parse
        Files -> checked rows; reads nothing else and writes nothing.
    writes
        Tables that it fills; what it wrote is counted, compared, replaced and removed by them.
    other_species
        Species whose names it needs besides those of its record.
    settings
        What a user chose for `parse`, such as thresholds; another choice is another load.
    """

    record: Source
    stage: Stage
    columns: Sequence[str]
    files: Sequence[str]
    parse: Parse
    writes: Sequence[Table]
    other_species: Sequence[str] = ()
    settings: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_identifier(self.source_id, of="source")

    @property
    def source_id(self) -> str:
        """Key of the source in the graph."""
        return self.record.source_id
