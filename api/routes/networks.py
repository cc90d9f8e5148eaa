"""Networks to be looked at."""

from fastapi import APIRouter

from api import many
from api.dependencies import OfPicture, Reader
from api.models.networks import NetworkAnswer
from graph import networks
from graph.questions import EdgeQuestion

router = APIRouter(tags=["networks"])


@router.get("/network")
async def read_network(asked: OfPicture, reader: Reader) -> NetworkAnswer:
    """Return the best edges of some regulators, capped so that it can be drawn, as Cytoscape.js takes it."""
    question = EdgeQuestion(
        gene="",
        context=asked.context,
        run_id=asked.run,
        dataset_id=asked.dataset,
        min_score=asked.min_score,
        licence=asked.licence,
    )
    found = await networks.small_network(reader, asked.names(), question, max_nodes=asked.max_nodes)
    return many.picture(found)
