"""Runs, and how they stood up to validation."""

from typing import Literal

from pydantic import BaseModel, JsonValue

from api.models.edges import NOTICE
from graph.schema import LicenceClass, RunKind


class Run(BaseModel):
    """A complete run: what it was made with, and its metrics as it stored them."""

    run_id: str
    kind: RunKind
    dataset_id: str
    state: Literal["complete"]
    is_default: bool
    seed: int
    code_version: str
    licence_class: LicenceClass
    num_edges: int
    finished_at: str | None
    source_ids: list[str]
    config: dict[str, JsonValue]
    metrics: dict[str, JsonValue]


class ValidationAnswer(BaseModel):
    """How a run's edges compare with databases, baselines beside it; `metrics` as the run stored them."""

    run_id: str
    dataset_id: str
    kind: RunKind
    source_ids: list[str]
    metrics: dict[str, JsonValue]
    licence_class: LicenceClass
    notice: str = NOTICE


class RunList(BaseModel):
    """The complete runs, newest first."""

    runs: list[Run]
