"""What answers depend on: the release of the evidence and the runs that are shown."""

import hashlib
import json
import time
from dataclasses import dataclass

from graph.cypher import catalogue
from graph.reader import GraphReader
from graph.store import Row

FRESH_S = 1.0
"""For so long a state that was read is taken for the present one."""


@dataclass(frozen=True)
class DataState:
    """The release, and a digest that changes with sources, data sets and runs.

    Parameters
    ----------
    release_id
        Empty before the first release.
    """

    release_id: str
    digest: str


class StateWatch:
    """The present state of a graph, read at most once a second."""

    def __init__(self, reader: GraphReader) -> None:
        self._reader = reader
        self._state: DataState | None = None
        self._read_at = 0.0

    async def current(self) -> DataState:
        """Return the state; raises what a read raises."""
        now = time.monotonic()
        if self._state is None or now - self._read_at > FRESH_S:
            (row,) = await self._reader.rows(catalogue.STATE)
            self._state, self._read_at = state_of(row), now
        return self._state


def state_of(row: Row) -> DataState:
    """Return the state that a row of `graph.cypher.catalogue.STATE` tells."""
    text = json.dumps(row, sort_keys=True).encode()
    return DataState(
        release_id=row["releases"][0] if row["releases"] else "", digest=hashlib.sha256(text).hexdigest()[:20]
    )


async def releases(reader: GraphReader) -> list[Row]:
    """Return the releases, newest first; `contents` is what each source had."""
    rows = await reader.rows(catalogue.RELEASES)
    return [{**row, "contents": json.loads(row["contents"] or "{}")} for row in rows]


async def stats(reader: GraphReader) -> Row:
    """Return the numbers of nodes and relationships by kind."""
    (row,) = await reader.rows(catalogue.STATS)
    return row
