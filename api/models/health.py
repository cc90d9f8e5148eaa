"""Whether this process lives, and can answer."""

from typing import Literal

from pydantic import BaseModel


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """The database answers too, and has the schema that this code knows."""

    status: Literal["ready"] = "ready"
    schema_version: int
