"""What an error looks like: RFC 9457, `application/problem+json`."""

from pydantic import BaseModel


class FieldFault(BaseModel):
    """One field that was not what was expected; `pointer` is where, such as `#/query/limit`."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """Why a question has no answer, and what to do about it.

    `suggestions` are the nearest names that are in the graph, `candidates` what an ambiguous name means.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    hint: str | None = None
    suggestions: list[str] | None = None
    candidates: list[str] | None = None
    errors: list[FieldFault] | None = None
