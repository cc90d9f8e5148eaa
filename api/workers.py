"""Processes that run analysts' statements: few, replaced when one hangs or dies."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Any, Self

from graph.analyst import Caps
from graph.errors import DatabaseAwayError, InputError
from graph.guard import check_read_only

NUM_WORKERS = 2
MAX_WAITING = 8
GRACE_S = 10.0
"""Beyond the server's own limit: to start, to plan, and to hand over the answer."""

MAX_LINE = 32 * 1024 * 1024


class Workers:
    """Runs statements, a few at a time.

    Parameters
    ----------
    environment
        Where the database is.
    """

    def __init__(self, environment: Mapping[str, str], *, caps: Caps) -> None:
        self._environment, self._caps = dict(environment), caps
        self._free: asyncio.Queue[asyncio.subprocess.Process | None] = asyncio.Queue()
        self._waiting = 0
        for _ in range(NUM_WORKERS):
            self._free.put_nowait(None)  # started when it is needed

    @classmethod
    @asynccontextmanager
    async def opened(cls, environment: Mapping[str, str], *, caps: Caps) -> AsyncIterator[Self]:
        """Yield workers; all of them are ended when it closes."""
        workers = cls(environment, caps=caps)
        try:
            yield workers
        finally:
            while not workers._free.empty():
                await _end(workers._free.get_nowait())

    async def run(self, statement: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return `{"answer": ...}`, or `{"problem": ...}` with what the statement's author can act on.

        Raises
        ------
        InputError
            If the statement is refused before it is sent, or does not end in time.
        DatabaseAwayError
            If too many statements wait, or the process died.
        """
        check_read_only(statement)
        if self._waiting >= MAX_WAITING:
            raise DatabaseAwayError(
                f"{MAX_WAITING} statements wait already", hint="ask again in some seconds"
            )
        self._waiting += 1
        try:
            process = await self._free.get()
        finally:
            self._waiting -= 1
        answered = False
        try:
            process = process or await self._start()
            asked = {"statement": statement, "parameters": dict(parameters), "caps": asdict(self._caps)}
            answer = await self._ask(process, json.dumps(asked))
            answered = True
        finally:  # also where the client went away: what it began is ended
            if not answered:
                _kill(process)
            self._free.put_nowait(process if answered else None)
        return answer

    async def _ask(self, process: asyncio.subprocess.Process, line: str) -> dict[str, Any]:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process that was started with pipes has none")
        seconds = self._caps.timeout_s + GRACE_S
        try:
            async with asyncio.timeout(seconds):
                process.stdin.write(line.encode() + b"\n")
                await process.stdin.drain()
                told = await process.stdout.readline()
        except TimeoutError as error:
            raise InputError(f"the statement did not end within {seconds:g} s") from error
        except (ConnectionError, ValueError) as error:
            raise DatabaseAwayError("the process that ran the statement ended") from error
        if not told:
            raise DatabaseAwayError("the process that ran the statement ended", hint="return less at once")
        answer: dict[str, Any] = json.loads(told)
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.analyst",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **self._environment},
            limit=MAX_LINE,
        )


def _kill(process: asyncio.subprocess.Process | None) -> None:
    if process is not None and process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def _end(process: asyncio.subprocess.Process | None) -> None:
    _kill(process)
    if process is not None:
        await process.wait()
