"""ETag, 304 and `X-Data-Release`, from the state of the data."""

import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.data_state import DataState
from graph.errors import CisgraphError

TAG = re.compile(r'"[^"]*"')
ANSWERS_FROM_DATA = re.compile(r"/v1/(?!health/|jobs/|metrics|service-info)")


class Freshness:
    """Tells each answer's release, and spares those that a client has; asks the database once a second.

    An answer may be newer than its tag but never older, so a tag that still matches is that of the data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 304, or mark what is answered."""
        state = await _state(scope) if _is_of_data(scope) else None
        if state is None:
            await self._app(scope, receive, send)
            return
        headers = {"etag": etag(state, scope), "x-data-release": state.release_id}
        asked = Headers(scope=scope).get("if-none-match", "")
        if headers["etag"] in TAG.findall(asked):
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": 304, "headers": [*raw, VARY]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                told = MutableHeaders(raw=message["headers"])
                told.update(headers)
                told.add_vary_header("Accept")
            await send(message)

        await self._app(scope, receive, marked)


VARY = (b"vary", b"Accept")


def etag(state: DataState, scope: Scope) -> str:
    """Return the tag of an address in one state of the data and one format."""
    accept = Headers(scope=scope).get("accept", "")
    asked = "\n".join([state.digest, scope["path"], scope["query_string"].decode("latin-1"), accept])
    return f'"{hashlib.sha256(asked.encode()).hexdigest()[:24]}"'


def _is_of_data(scope: Scope) -> bool:
    is_read = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
    return is_read and ANSWERS_FROM_DATA.match(scope["path"]) is not None


async def _state(scope: Scope) -> DataState | None:
    """Return the state; None if it cannot be told, which the route will say better."""
    try:
        state: DataState = await scope["app"].state.watch.current()
    except CisgraphError:
        return None
    return state
