"""What a question of a notebook may be narrowed by; the names and meanings of the API's own filters."""

from collections.abc import Mapping
from typing import Any, TypedDict, TypeVar

from pydantic import BaseModel, ValidationError

from graph.errors import InputError
from graph.gene_names import nearest
from graph.questions import LagSign
from graph.schema import LicenceClass

Filters = TypeVar("Filters", bound=BaseModel)


class InRun(TypedDict, total=False):
    """Which run and contexts answer: the default run of the one data set that is left, unless told."""

    context: str | None
    run: str | None
    dataset: str | None
    licence: LicenceClass | None


class InRunLimited(InRun, total=False):
    """The same, with the number of rows."""

    limit: int


class ExportFilter(InRun, total=False):
    """Which edges of a run are written."""

    min_score: float | None
    lag_sign: LagSign | None
    novel: bool | None


class EdgeFilter(InRun, total=False):
    """Which predicted edges; `limit=None` is all of them.

    `bound_in`: ChIP-seq in this cell type; `novel`: in no curated source; `source`: only pairs that it lists.
    """

    min_score: float | None
    lag_sign: LagSign | None
    min_chromatin_lag: float | None
    novel: bool | None
    source: str | None
    bound_in: str | None
    limit: int | None


def checked(kind: type[Filters], given: Mapping[str, Any]) -> Filters:
    """Return filters of a kind.

    Raises
    ------
    InputError
        If one of them is not known, with the nearest name, or has a value that means nothing.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        faults = [_fault(kind, each["type"], str(each["loc"][0]), each["msg"]) for each in error.errors()]
        raise InputError("the question has filters that cannot be used", faults=faults) from error


def _fault(kind: type[BaseModel], what: str, name: str, message: str) -> str:
    if what != "extra_forbidden":
        return f"{name}: {message}"
    known = list(kind.model_fields)
    return f"{name}: there is no such filter; did you mean {', '.join(nearest(name, known)[:2])}?"
