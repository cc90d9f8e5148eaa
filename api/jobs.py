"""Validations of uploads: one at a time, each in a process of its own, private to who asked, and expiring."""

import asyncio
import json
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from api.errors import problem_of
from api.models.jobs import Job, JobState, UploadReport
from api.models.problems import Problem
from api.settings import ApiSettings
from graph.errors import ConflictError, DatabaseError, InputError, NotFoundError

MAX_WAITING = 20
"""Jobs of everybody that may wait; a further one is refused."""

SWEEP_S = 60.0
MAX_LINE = 64 * 1024 * 1024
"""Bytes of a report."""

Now = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class _Work:
    """What is known of one job; `owner` is the name of a key, None where nobody has one."""

    job_id: str
    owner: str | None
    created_at: datetime
    expires_at: datetime
    path: Path
    state: JobState = "waiting"
    message: str = "waiting for its turn"
    fraction: float | None = None
    report: UploadReport | None = None
    problem: Problem | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class JobBook:
    """All jobs of one process; they end with it, and their files with them."""

    def __init__(self, settings: ApiSettings, folder: Path, *, now: Now = _utc_now) -> None:
        self._settings, self._folder, self._now = settings, folder, now
        self._works: dict[str, _Work] = {}
        self._turn = asyncio.Semaphore(1)

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: ApiSettings) -> AsyncIterator[Self]:
        """Yield a book with a folder of its own; all work is stopped and all files go when it closes."""
        if settings.uploads_dir is not None:
            settings.uploads_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="cisgraph-uploads-", dir=settings.uploads_dir) as folder:
            book = cls(settings, Path(folder))
            sweeper = asyncio.create_task(book._sweep_for_ever())
            try:
                yield book
            finally:
                sweeper.cancel()
                await book._stop()

    def new_path(self) -> Path:
        """Return where an upload may be written; nobody else can guess it or read it.

        Raises
        ------
        ConflictError
            If too many jobs wait already.
        """
        if sum(work.state in {"waiting", "running"} for work in self._works.values()) >= MAX_WAITING:
            raise ConflictError(f"{MAX_WAITING} validations wait already", hint="ask again in some minutes")
        folder = self._folder / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        return folder / "network"

    def begin(self, path: Path, assignment: dict[str, Any], *, owner: str | None) -> str:
        """Begin to judge an upload; return the id of the job."""
        now = self._now()
        work = _Work(
            job_id=secrets.token_urlsafe(16),
            owner=owner,
            created_at=now,
            expires_at=now + timedelta(hours=self._settings.upload_hours),
            path=path,
        )
        self._works[work.job_id] = work
        work.task = asyncio.create_task(self._run(work, assignment))
        return work.job_id

    async def waited(self, job_id: str, *, owner: str | None, seconds: float) -> Job:
        """Return a job when it is done, or as it is after some seconds; raises what `job` raises."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._of(job_id, owner).done.wait()
        return self.job(job_id, owner=owner)

    def job(self, job_id: str, *, owner: str | None) -> Job:
        """Return a job as it is.

        Raises
        ------
        NotFoundError
            If there is none of this id that this owner may see.
        """
        work = self._of(job_id, owner)
        return Job(
            job_id=work.job_id,
            state=work.state,
            message=work.message,
            fraction=work.fraction,
            created_at=work.created_at.isoformat(),
            expires_at=work.expires_at.isoformat(),
            report=work.report,
            problem=work.problem,
        )

    def forget(self, job_id: str, *, owner: str | None) -> None:
        """Stop a job, and delete its file and its report; raises what `job` raises."""
        self._drop(self._of(job_id, owner))

    def sweep(self) -> None:
        """Delete what has expired."""
        for work in [work for work in self._works.values() if work.expires_at <= self._now()]:
            self._drop(work)

    def _of(self, job_id: str, owner: str | None) -> _Work:
        self.sweep()
        work = self._works.get(job_id)
        if work is None or work.owner != owner:
            raise NotFoundError(
                "no such job, or it is of another key, or it has expired",
                hint="upload the network again; a job is seen with the key that began it",
            )
        return work

    def _drop(self, work: _Work) -> None:
        del self._works[work.job_id]
        _delete(work.path)
        if work.task is not None:
            work.task.cancel()

    async def _run(self, work: _Work, assignment: dict[str, Any]) -> None:
        try:
            async with self._turn:
                work.state, work.message = "running", "starting"
                await self._judge(work, assignment)
        finally:
            _delete(work.path)
            if work.state != "done":
                work.state = "failed"
                work.problem = work.problem or _crash()
            work.done.set()

    async def _judge(self, work: _Work, assignment: dict[str, Any]) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.judging",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **self._settings.environment()},
            limit=MAX_LINE,
        )
        try:
            async with asyncio.timeout(self._settings.upload_timeout_s):
                await self._follow(work, process, assignment)
        except TimeoutError:
            late = InputError(
                f"the network was not judged within {self._settings.upload_timeout_s:g} s",
                hint="upload its best edges only, or use `cisgraph validate`",
            )
            work.problem = problem_of(late, path="/v1/validation")
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def _follow(
        self, work: _Work, process: asyncio.subprocess.Process, assignment: dict[str, Any]
    ) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process that was started with pipes has none")
        process.stdin.write(json.dumps({**assignment, "path": str(work.path)}).encode())
        process.stdin.close()
        async for line in process.stdout:
            told = json.loads(line, parse_constant=lambda _: None)
            if "report" in told:
                work.report = _report(told["report"])
                work.state, work.message, work.fraction = "done", "done", 1.0
            elif "problem" in told:
                work.problem = Problem.model_validate(told["problem"])
                work.message = "failed"
            else:
                work.message, work.fraction = told["message"], told["fraction"]
        await process.wait()

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self.sweep()

    async def _stop(self) -> None:
        tasks = [work.task for work in self._works.values() if work.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _report(figures: dict[str, Any]) -> UploadReport:
    network = figures["network"]
    return UploadReport(names=network["names"], warnings=network["warnings"], figures=figures)


def _delete(path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)


def _crash() -> Problem:
    error = DatabaseError("the judging process ended without a report", hint="upload the network again")
    return problem_of(error, path="/v1/validation")
