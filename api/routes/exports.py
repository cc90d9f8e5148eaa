"""Whole networks, streamed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from api import exports
from api.dependencies import IdInPath, Reader
from api.filters import ExportFilters
from api.formats.negotiation import CONTENT, negotiated

router = APIRouter(prefix="/exports", tags=["networks"])

ANSWER = {"description": "The network", "content": {"application/json": {"schema": {}}, **CONTENT}}


@router.get("/{run}", response_class=StreamingResponse, responses={200: ANSWER})
async def export_run(
    run: IdInPath, filters: Annotated[ExportFilters, Query()], request: Request, reader: Reader
) -> StreamingResponse:
    """Return all edges of a run, in any format, streamed with bounded memory."""
    return await exports.whole_run(reader, filters.of_run(run), negotiated(filters.format, request))
