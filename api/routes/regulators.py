"""Regulators, and what they control."""

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from api import answers, exports, many
from api.dependencies import Filters, GeneInPath, OfTriplets, Reader
from api.formats.negotiation import IN_FORMATS, negotiated
from api.models.edges import EdgeAnswer
from api.models.networks import ManyTargets, RegulatorsAsked
from api.models.regions import TripletAnswer
from graph import regions

router = APIRouter(tags=["edges"])


@router.get("/regulators/{regulator}/targets", response_model=EdgeAnswer, responses=IN_FORMATS)
async def read_targets(
    regulator: GeneInPath, filters: Filters, reader: Reader, request: Request
) -> EdgeAnswer | StreamingResponse:
    """Return the predicted targets of a regulator, best first, with the evidence of all sources."""
    format_ = negotiated(filters.format, request)
    question = filters.question(regulator)
    if format_.name == "json":
        return await answers.targets(reader, question)
    return exports.page(await reader.targets(question), format_)


@router.post("/regulators:targets")
async def read_targets_of_many(asked: RegulatorsAsked, reader: Reader, request: Request) -> ManyTargets:
    """Return the targets of up to 100 regulators; a name that is not understood has a problem instead."""
    return await many.targets_of_many(reader, asked, path=request.url.path)


@router.get("/triplets")
async def read_triplets(filters: OfTriplets, reader: Reader) -> TripletAnswer:
    """Return regulator - peak - gene triplets: the peak is linked to the gene and bound by the regulator."""
    asked = regions.TripletQuestion(filters.regulator, filters.target, filters.question())
    scope, rows, has_more = await regions.triplets(reader, asked)
    return TripletAnswer.model_validate({**many.of_run(scope, has_more=has_more), "triplets": rows})
