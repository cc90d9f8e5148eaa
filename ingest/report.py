"""What a load did: rows read, kept and rejected, by source; loss, by data set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.changes import Change


@dataclass(frozen=True)
class SourceReport:
    """Account of one source; `num_read = num_kept + sum(rejected.values())`.

    Parameters
    ----------
    num_written
        What the source's count in the graph is: relationships, or nodes for lists of regulators.
    notes
        Further counts, such as sets that were not selected.
    is_changed
        False if the graph already held exactly this.
    changes
        What a new version changed, by table; empty on a first load.
    """

    source_id: str
    num_read: int
    num_kept: int
    num_written: int
    rejected: Mapping[str, int]
    notes: Mapping[str, int]
    seconds: float
    is_changed: bool
    rejected_path: Path
    changes: Mapping[str, Change] = field(default_factory=dict)


@dataclass(frozen=True)
class DatasetReport:
    """Account of one data set.

    Parameters
    ----------
    counts
        Cells, genes, peaks, contexts, NEAR and DETECTED_IN relationships, and what was lost on the way.
    rates
        Share of the start sites of protein-coding genes that peaks cover, by assembly.
    notes
        Where in the files the counts were, which thresholds held, how much memory was reckoned with.
    """

    dataset_id: str
    counts: Mapping[str, int]
    rates: Mapping[str, float]
    seconds: float
    is_changed: bool
    rejected_path: Path
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IngestReport:
    """Account of a whole load."""

    sources: Sequence[SourceReport]
    datasets: Sequence[DatasetReport]
    release_id: str
    seconds: float
    timings: Mapping[str, float] = field(default_factory=dict)
