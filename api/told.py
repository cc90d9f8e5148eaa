"""Answers whose rows need no look at each of their values."""

from typing import Any

from pydantic import TypeAdapter
from starlette.responses import Response

_JSON: TypeAdapter[object] = TypeAdapter(object)


class Told(Response):
    """An answer as JSON, of rows that our own statements return: a test holds them against the model."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - as in starlette
        """Return the text of an answer."""
        return _JSON.dump_json(content)
