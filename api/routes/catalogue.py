"""What is in the graph."""

from fastapi import APIRouter

from api import contents, relations
from api.dependencies import OfTwoContexts, Reader, Watch
from api.models.catalogue import ContextList, DatasetList, ReleaseList, SourceList, Stats
from api.models.relations import ContextDifference
from graph.contents import stats

router = APIRouter(tags=["catalogue"])


@router.get("/contexts")
async def read_contexts(reader: Reader) -> ContextList:
    """Return the contexts of all data sets."""
    return await contents.contexts(reader)


@router.get("/contexts:compare")
async def compare_contexts(pair: OfTwoContexts, reader: Reader) -> ContextDifference:
    """Return what one run predicts in two contexts, of one regulator or of all, and where they differ."""
    return await relations.between_contexts(reader, pair)


@router.get("/datasets")
async def read_datasets(reader: Reader) -> DatasetList:
    """Return the data sets."""
    return await contents.datasets(reader)


@router.get("/sources")
async def read_sources(reader: Reader) -> SourceList:
    """Return the sources, their licences, and how many of their rows were kept."""
    return await contents.sources(reader)


@router.get("/releases")
async def read_releases(reader: Reader) -> ReleaseList:
    """Return the releases of the evidence, newest first."""
    return await contents.releases(reader)


@router.get("/stats")
async def read_stats(reader: Reader, watch: Watch) -> Stats:
    """Return how much of what the graph holds."""
    told = await stats(reader)
    return Stats.model_validate({**told, "release_id": (await watch.current()).release_id})
