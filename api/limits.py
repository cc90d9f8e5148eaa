"""Who asks, how often, how much and for how long."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refusal
from api.keys import KeyRing
from api.rates import RateLimit

OPERATIONS = re.compile(r"(/v1)?/(health/(live|ready)|metrics|service-info)")
"""What orchestrators ask without a key, as often as they want."""

UPLOAD = "/v1/validation"


@dataclass(frozen=True)
class Bounds:
    """What a request may be.

    Parameters
    ----------
    max_body, max_upload
        Bytes of a body, and of an uploaded network.
    timeout_s, upload_timeout_s
        Until the answer begins; a stream that has begun may take longer.
    require_key
        Whether who has no key is refused.
    """

    max_body: int
    max_upload: int
    timeout_s: float
    upload_timeout_s: float
    require_key: bool = False


class Limits:
    """Refuses wrong keys (401), too many requests (429), long bodies (413), and gives up on time (503)."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing, rate: RateLimit, bounds: Bounds) -> None:
        self._app, self._keys, self._rate, self._bounds = app, keys, rate, bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say why not."""
        if scope["type"] != "http" or OPERATIONS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = scope["method"] == "POST" and scope["path"] == UPLOAD
        most = self._bounds.max_upload if is_upload else self._bounds.max_body
        refused = self._refused(scope, headers, most=most)
        if refused is not None:
            status, detail, more = refused
            await refusal(scope["path"], status, detail=detail, headers=more)(scope, receive, send)
            return
        seconds = self._bounds.upload_timeout_s if is_upload else self._bounds.timeout_s
        await self._in_time(scope, _bounded(receive, most), send, seconds=seconds)

    def _refused(
        self, scope: Scope, headers: Headers, *, most: int
    ) -> tuple[HTTPStatus, str, Mapping[str, str]] | None:
        """Return why a request is not answered; tell who asks in the state of one that is."""
        key = _key(headers)
        owner = self._keys.owner(key) if key else None
        if owner is None and (key or self._bounds.require_key):
            detail = "the API key is not known" if key else "expected an API key, found none"
            return HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"}
        client = f"key:{owner}" if owner else f"address:{(scope.get('client') or ('unknown',))[0]}"
        state = scope.setdefault("state", {})
        state["owner"], state["client"] = owner, client
        if wait := self._rate.wait_s(client):
            return HTTPStatus.TOO_MANY_REQUESTS, "too many requests", {"Retry-After": str(wait)}
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > most:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_long(most), {}
        return None

    async def _in_time(self, scope: Scope, receive: Receive, send: Send, *, seconds: float) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if not begun:
                begun = True
                deadline.reschedule(None)
            await send(message)

        try:
            async with asyncio.timeout(seconds) as deadline:
                await self._app(scope, receive, watched)
        except TimeoutError:
            if begun:
                raise
            detail = f"no answer within {seconds:g} s; ask for less: a context, a smaller limit"
            problem = refusal(scope["path"], HTTPStatus.SERVICE_UNAVAILABLE, detail=detail)
            await problem(scope, receive, send)


def _key(headers: Headers) -> str:
    scheme, _, text = headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def _bounded(receive: Receive, most: int) -> Receive:
    """Return a body that ends in an error behind so many bytes, whatever its header said."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_long(most))
        return message

    return counted


def _too_long(most: int) -> str:
    return f"the body is longer than {most:,} bytes"
