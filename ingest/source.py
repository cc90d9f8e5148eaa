"""What a source is: who made it, under which licence, and how its files become checked rows.

A new source is one file in `ingest/sources` with a `SourceSpec`, and one line in `ingest/catalogue.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, LiteralString

import pandas as pd

from graph.schema import Assembly, Source
from graph.tables import Table
from ingest.names import Names

Stage = Literal["annotation", "regulators", "evidence"]
"""What must be loaded first: names of genes, then lists of regulators, then edges between them."""

LISTED_CLASSES = ("transcription_factor", "chromatin_regulator")
"""Regulator classes that lists of regulators give."""


@dataclass(frozen=True)
class Reference:
    """What the graph already says: what names mean, and which genes are listed as regulators."""

    names: Names
    regulators: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Checked:
    """Rows of a source that may be written, and an account of all others.

    Parameters
    ----------
    tables
        In the order of writing.
    rejected
        Columns `ingest.rejections.COLUMNS`.
    num_read, num_kept
        Rows of the file, `num_read = num_kept + len(rejected)`. One row may become several relationships.
    notes
        Further counts that a reader of the report should know, such as sets that were not selected.
    complexes
        Gene ids of the members of protein complexes, by complex.
    """

    tables: Sequence[tuple[Table, pd.DataFrame]]
    rejected: pd.DataFrame
    num_read: int
    num_kept: int
    notes: Mapping[str, int] = field(default_factory=dict)
    complexes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    assemblies: Sequence[Assembly] = ()


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
    count
        Statement that counts what the source wrote, parameter `$source_id`.
    wipe
        Statements that take away what the source wrote, each safe to repeat.
    """

    record: Source
    stage: Stage
    columns: Sequence[str]
    files: Sequence[str]
    parse: Parse
    count: LiteralString
    wipe: Sequence[LiteralString]

    @property
    def source_id(self) -> str:
        """Key of the source in the graph."""
        return self.record.source_id
