"""Where loads write to: the graph, the folder of prepared matrices and reports, and what takes the edges."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from graph.progress import Progress
from graph.store import GraphStore, RowCount
from graph.tables import Table
from ingest.changes import Change
from ingest.references import References

Accept = Callable[[str, Mapping[str, Change]], bool]
"""Told what a new version of a source would change; False keeps the old version."""


def accept_all(source_id: str, changed: Mapping[str, Change]) -> bool:
    """Accept every change."""
    return True


def counted(to: "Destination", message: str, num_rows: int) -> RowCount:
    """Return a callback that tells the progress which fraction of some rows was written."""
    done = 0

    def on_batch(num_batch: int) -> None:
        nonlocal done
        done += num_batch
        to.progress(f"{message}: {done:,} of {num_rows:,} rows", done / num_rows)

    return on_batch


def write_tables(to: "Destination", name: str, tables: Sequence[tuple[Table, pd.DataFrame]]) -> None:
    """Write tables in batches."""
    for table, frame in tables:
        message = f"writing {name} ({table.name})"
        to.store.write_table(table, frame, on_batch=counted(to, message, len(frame)))


WriteTables = Callable[["Destination", str, Sequence[tuple[Table, pd.DataFrame]]], None]
"""Writes the rows of tables that belong to the source or data set of this name."""


@dataclass(frozen=True)
class Destination:
    """Where loads write to.

    Parameters
    ----------
    home
        Folder of prepared matrices (`datasets/`) and rejected rows (`rejected/`).
    accept
        Asked before a version that the graph holds is replaced.
    edges
        What takes peaks and relationships: `write_tables`, or a first load that writes all of them at once.
    """

    store: GraphStore
    references: References
    home: Path
    progress: Progress
    accept: Accept = accept_all
    edges: "WriteTables" = write_tables

    def rejected_path(self, identifier: str) -> Path:
        """Return where the rejected rows of a source or data set lie."""
        return self.home / "rejected" / f"{identifier}.tsv"

    def mapped_path(self, identifier: str) -> Path:
        """Return where the rows of a source lie whose names were retired or aliases, and what they mean."""
        return self.home / "rejected" / f"{identifier}.mapped.tsv"
