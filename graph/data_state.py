"""What answers depend on: the release of the evidence and the runs that are shown."""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar, cast

from graph.cypher import catalogue
from graph.errors import DatabaseAwayError
from graph.store import Row

FRESH_S = 1.0
"""For so long a state that was read is taken for the present one."""

MAX_REMEMBERED = 2_000
"""Genes and scopes that are kept of one state, some kB each: genes with their detections in one data set."""

T = TypeVar("T")


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
    """The present state of a graph, read at most once a second however many ask at the same time.

    Parameters
    ----------
    read
        Returns the rows of a statement.
    clock
        Seconds that never go back.
    """

    def __init__(
        self, read: Callable[..., Awaitable[list[Row]]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._clock = read, clock
        self._found: DataState | DatabaseAwayError | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def current(self) -> DataState:
        """Return the state.

        Raises
        ------
        DatabaseAwayError
            If no server answers, or none did within this second: who asks meanwhile does not wait once more.
        """
        if not self._is_fresh():
            async with self._reading:
                if not self._is_fresh():
                    await self._look()
        if isinstance(self._found, DatabaseAwayError):
            raise DatabaseAwayError(self._found.message, hint=self._found.hint) from self._found
        return cast("DataState", self._found)

    async def _look(self) -> None:
        started = self._clock()
        try:
            (row,) = await self._read(catalogue.STATE)
        except DatabaseAwayError as error:
            self._found, self._read_at = error, self._clock()
        else:
            self._found, self._read_at = state_of(row), started

    def _is_fresh(self) -> bool:
        return self._found is not None and self._clock() - self._read_at <= FRESH_S


class Memory:
    """What names meant in one state of the data; all is forgotten when the state changes.

    Parameters
    ----------
    most
        Things that are remembered; when there are more, all are forgotten.
    """

    def __init__(self, watch: StateWatch, *, most: int = MAX_REMEMBERED) -> None:
        self._watch, self._most = watch, most
        self._digest = ""
        self._found: dict[Hashable, object] = {}

    def __len__(self) -> int:
        return len(self._found)

    async def recall(self, key: Hashable, find: Callable[[], Awaitable[T]]) -> T:
        """Return what was found under a key, else find it; an error is not kept."""
        digest = (await self._watch.current()).digest
        if digest != self._digest or len(self._found) >= self._most:
            self._digest, self._found = digest, {}
        found = self._found  # of this state, even if another one comes while we look
        if key not in found:
            found[key] = await find()
        return cast("T", found[key])


def state_of(row: Row) -> DataState:
    """Return the state that a row of `graph.cypher.catalogue.STATE` tells."""
    text = json.dumps(row, sort_keys=True).encode()
    return DataState(
        release_id=row["releases"][0] if row["releases"] else "", digest=hashlib.sha256(text).hexdigest()[:20]
    )
