"""Regulators, and what they control."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import answers, exports, many, regions, relations
from api.dependencies import Filters, GeneInPath, OfConflicts, OfGenes, OfTriplets, Reader
from api.formats.negotiation import IN_FORMATS, negotiated
from api.models.edges import EdgeAnswer
from api.models.networks import ManyTargets, RegulatorsAsked
from api.models.regions import TripletAnswer
from api.models.relations import ConflictAnswer, SharedAnswer
from api.told import Told

router = APIRouter(tags=["edges"])


@router.get("/regulators/{regulator}/targets", response_model=EdgeAnswer, responses=IN_FORMATS)
async def read_targets(regulator: GeneInPath, filters: Filters, reader: Reader, request: Request) -> Response:
    """Return the predicted targets of a regulator, best first, with the evidence of all sources."""
    format_ = negotiated(filters.format, request)
    question = filters.question(regulator, rows="targets")
    if format_.name == "json":
        return Told(await answers.targets(reader, question))
    return exports.page(await reader.targets(question), format_)


@router.post("/regulators:targets")
async def read_targets_of_many(asked: RegulatorsAsked, reader: Reader, request: Request) -> ManyTargets:
    """Return the targets of up to 100 regulators; a name that is not understood has a problem instead."""
    return await many.targets_of_many(reader, asked, path=request.url.path)


@router.get("/regulators:shared")
async def read_shared_regulators(filters: OfGenes, reader: Reader) -> SharedAnswer:
    """Return who regulates several genes of a list, those of most genes first."""
    return await relations.shared(reader, filters)


@router.get("/triplets")
async def read_triplets(filters: OfTriplets, reader: Reader) -> TripletAnswer:
    """Return regulator - peak - gene triplets: the peak is linked to the gene and bound by the regulator."""
    return await regions.triplets(reader, filters)


@router.get("/conflicts")
async def read_conflicts(filters: OfConflicts, reader: Reader) -> ConflictAnswer:
    """Return the pairs of a regulator or a target of which sources say activation and repression."""
    return await relations.conflicts(reader, filters)
