"""Networks to be looked at."""

from fastapi import APIRouter

from api import many
from api.dependencies import OfPicture, Reader
from api.models.networks import NetworkAnswer

router = APIRouter(tags=["networks"])


@router.get("/network")
async def read_network(asked: OfPicture, reader: Reader) -> NetworkAnswer:
    """Return the best edges of some regulators, capped so that it can be drawn, as Cytoscape.js takes it."""
    return await many.picture(reader, asked)
