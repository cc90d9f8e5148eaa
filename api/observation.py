"""Every request has an id, is measured, and leaves one line in the log."""

import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import template_of
from api.logs import LOGGER
from api.measures import Measures

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observation:
    """Tells `X-Request-ID` (the client's, if it is one), counts, and logs; never the key or the query."""

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        request_id = asked if REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        told = {"status": 500, "bytes": 0}

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                MutableHeaders(raw=message["headers"])["X-Request-ID"] = request_id
            else:
                told["bytes"] += len(message.get("body", b""))
            await send(message)

        started = time.perf_counter()
        self._measures.in_flight.inc()
        try:
            await self._app(scope, receive, observed)
        finally:
            self._measures.in_flight.dec()
            self._tell(scope, told, seconds=time.perf_counter() - started)

    def _tell(self, scope: Scope, told: dict[str, int], *, seconds: float) -> None:
        route = template_of(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._measures.answered(method, route, status=told["status"], seconds=seconds)
        self._measures.sent_bytes.inc(told["bytes"])
        line = {
            "request_id": scope["state"]["request_id"],
            "method": method,
            "path": scope["path"],
            "route": route,
            "client": scope["state"].get("client", ""),
            "milliseconds": round(1000 * seconds, 1),
            **told,
        }
        LOGGER.info("request", extra={"told": line})
