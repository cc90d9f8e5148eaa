"""The first load of evidence and data sets into a local server: all edges at once, by the admin import."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from graph.bulk import BulkImport, can_carry
from graph.cypher import ingest as statements
from graph.local import LocalServer
from graph.tables import Table
from ingest.destination import Destination

WORTH_BYTES = 4_000_000
"""Files of evidence and cells (compressed) from which on the restart of the server pays."""


@contextmanager
def all_at_once(to: Destination, server: LocalServer | None, paths: Sequence[Path]) -> Iterator[Destination]:
    """Yield a destination whose edges are in the graph when the block ends.

    The edges of a first load go through the admin import if the server is ours, the files are large and the
    graph holds nothing that the import would not carry along; else they are written as they come.

    Parameters
    ----------
    server
        The local server; None for one that somebody else runs.
    paths
        The files of the load.
    """
    size = sum(path.stat().st_size for path in paths if path.is_file())
    if server is None or size < WORTH_BYTES or not _is_first(to) or not can_carry(to.store):
        yield to
        return
    with BulkImport(server, progress=to.progress) as bulk:
        num_added = 0

        def take(_: Destination, name: str, tables: Sequence[tuple[Table, pd.DataFrame]]) -> None:
            nonlocal num_added
            to.progress(f"setting down {name}")
            num_added += sum(bulk.add(table, frame) for table, frame in tables)

        yield replace(to, edges=take)
        if num_added:
            bulk.finish()


def _is_first(to: Destination) -> bool:
    sources = to.references.states().values()
    if any(row["state"] == "complete" and row["stage"] in ("evidence", "regions") for row in sources):
        return False
    return not any(row["state"] == "complete" for row in to.store.read(statements.DATASETS))
