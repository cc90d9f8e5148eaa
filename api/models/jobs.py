"""Long work: how far it is, and what came of it."""

from typing import Literal

from pydantic import BaseModel, JsonValue

from api.models.edges import NOTICE
from api.models.problems import Problem

JobState = Literal["waiting", "running", "done", "failed"]


class NameCoverage(BaseModel):
    """How the names of one side of a network were understood, and some that were not."""

    num_names: int
    num_found: int
    how: dict[str, int]
    not_understood: list[str]


class UploadReport(BaseModel):
    """How an uploaded network stands up to databases that it did not read, baselines beside it.

    `names` is by side (`source`, `target`); `figures` are what `cisgraph validate --json` prints.
    """

    names: dict[str, NameCoverage]
    warnings: list[str]
    figures: dict[str, JsonValue]
    notice: str = NOTICE


class Job(BaseModel):
    """A validation of an upload; only who began it sees it, until it expires."""

    job_id: str
    state: JobState
    message: str
    fraction: float | None
    created_at: str
    expires_at: str
    report: UploadReport | None = None
    problem: Problem | None = None
