"""The one place where errors become problem+json (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.models.problems import FieldFault, Problem
from graph.errors import (
    CisgraphError,
    ConflictError,
    DatabaseAwayError,
    InputError,
    NotFoundError,
    ResourceError,
    SchemaVersionError,
)
from graph.gene_names import nearest

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

STATUS: Mapping[type[CisgraphError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DatabaseAwayError: HTTPStatus.SERVICE_UNAVAILABLE,
    SchemaVersionError: HTTPStatus.SERVICE_UNAVAILABLE,
    ResourceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    CisgraphError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Status by the nearest class of the error tree."""


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of an application a problem; none shows a stack trace."""
    app.exception_handler(CisgraphError)(_of_ours)
    app.exception_handler(RequestValidationError)(_of_validation)
    app.exception_handler(HTTPException)(_of_http)
    app.exception_handler(HTTPStatus.INTERNAL_SERVER_ERROR)(_of_defect)


def status_of(error: CisgraphError) -> HTTPStatus:
    """Return the status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem_of(error: CisgraphError, *, path: str) -> Problem:
    """Return an error as it is told about the address that was asked."""
    return _problem(
        path,
        status_of(error),
        detail=error.message,
        hint=error.hint or None,
        suggestions=list(error.suggestions) or None if isinstance(error, NotFoundError) else None,
        candidates=list(error.candidates) or None if isinstance(error, ConflictError) else None,
    )


async def _of_ours(request: Request, error: CisgraphError) -> Response:
    return _response(problem_of(error, path=request.url.path))


async def _of_validation(request: Request, error: RequestValidationError) -> Response:
    faults = [
        FieldFault(pointer="#/" + "/".join(str(part) for part in fault["loc"]), detail=fault["msg"])
        for fault in error.errors()
    ]
    named = ", ".join(fault.pointer.rpartition("/")[2] for fault in faults)
    problem = _problem(
        request.url.path,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        detail=f"not what was expected: {named}",
        hint=_nearest_filters(request, error),
        errors=faults,
    )
    return _response(problem)


def _nearest_filters(request: Request, error: RequestValidationError) -> str | None:
    """Return which filters of the route were meant by those that it does not have; None if it has all."""
    unknown = [
        str(fault["loc"][-1])
        for fault in error.errors()
        if fault["type"] == "extra_forbidden" and fault["loc"][0] == "query"
    ]
    if not unknown:
        return None
    operation = request.app.openapi()["paths"][template_of(request.scope)][request.method.lower()]
    known = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
    meant = [nearest(name, known)[0] for name in unknown]
    return f"did you mean {', '.join(dict.fromkeys(meant))}? /docs lists what can be asked"


def template_of(scope: Scope) -> str:
    """Return the route of a request with its prefix; a router tells its own part only."""
    path = getattr(scope.get("route"), "path", None)
    if path is None:
        return "unmatched"
    is_first_version = scope["path"].startswith("/v1/") and not path.startswith("/v1/")
    return f"/v1{path}" if is_first_version else str(path)


async def _of_http(request: Request, error: HTTPException) -> Response:
    problem = _problem(
        request.url.path,
        HTTPStatus(error.status_code),
        detail=error.detail,
        hint="/docs lists what can be asked",
    )
    response = _response(problem)
    response.headers.update(error.headers or {})
    return response


async def _of_defect(request: Request, _: Exception) -> Response:
    problem = _problem(
        request.url.path,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="a defect of cisgraph; the server's log tells more",
    )
    return _response(problem)


def refusal(
    path: str, status: HTTPStatus, *, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem of a request that no route has seen."""
    problem = _response(_problem(path, status, detail=detail))
    problem.headers.update(headers or {})
    return problem


def _problem(
    path: str,
    status: HTTPStatus,
    *,
    detail: str,
    hint: str | None = None,
    suggestions: list[str] | None = None,
    candidates: list[str] | None = None,
    errors: list[FieldFault] | None = None,
) -> Problem:
    return Problem(
        type=f"urn:cisgraph:{status.phrase.lower().replace(' ', '-')}",
        title=status.phrase,
        status=status,
        detail=detail,
        instance=path,
        hint=hint,
        suggestions=suggestions,
        candidates=candidates,
        errors=errors,
    )


def _response(problem: Problem) -> Response:
    away = problem.status == HTTPStatus.SERVICE_UNAVAILABLE
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Retry-After": str(RETRY_AFTER_S)} if away else None,
    )
