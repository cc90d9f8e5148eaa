"""One regulator and one target."""

from fastapi import APIRouter

from api import answers
from api.dependencies import GeneInPath, LicenceInQuery, Reader
from api.models.edges import PairAnswer

router = APIRouter(prefix="/edges", tags=["edges"])


@router.get("/{regulator}/{target}")
async def read_pair(
    regulator: GeneInPath, target: GeneInPath, reader: Reader, licence: LicenceInQuery = None
) -> PairAnswer:
    """Return everything known of a pair: predictions by run, priors, ChIP, bound peaks, conflicts of sign."""
    return await answers.pair(reader, regulator, target, licence=licence)
