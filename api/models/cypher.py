"""Analysts' own Cypher."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from graph.guard import MAX_CHARACTERS


class Statement(BaseModel):
    """One statement that reads, with its parameters."""

    model_config = ConfigDict(extra="forbid")

    statement: Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]
    parameters: Annotated[dict[str, JsonValue], Field(max_length=100)] = {}


class Rows(BaseModel):
    """What a statement returned; `truncated`: rows were cut off."""

    columns: list[str]
    rows: list[list[JsonValue]]
    truncated: bool
