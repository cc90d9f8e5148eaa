"""Regulators, and what they control."""

from fastapi import APIRouter

from api import answers
from api.dependencies import Filters, GeneInPath, Reader
from api.models.edges import EdgeAnswer

router = APIRouter(prefix="/regulators", tags=["regulators"])


@router.get("/{regulator}/targets")
async def read_targets(regulator: GeneInPath, filters: Filters, reader: Reader) -> EdgeAnswer:
    """Return the predicted targets of a regulator, best first, with the evidence of all sources."""
    return await answers.targets(reader, filters.question(regulator))
