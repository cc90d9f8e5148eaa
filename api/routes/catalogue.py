"""What is in the graph."""

from fastapi import APIRouter

from api.dependencies import Reader, Watch
from api.models.catalogue import ContextList, DatasetList, ReleaseList, SourceList, Stats
from graph import data_state

router = APIRouter(tags=["catalogue"])


@router.get("/contexts")
async def read_contexts(reader: Reader) -> ContextList:
    """Return the contexts of all data sets."""
    return ContextList.model_validate({"contexts": await reader.contexts()})


@router.get("/datasets")
async def read_datasets(reader: Reader) -> DatasetList:
    """Return the data sets."""
    return DatasetList.model_validate({"datasets": await reader.datasets()})


@router.get("/sources")
async def read_sources(reader: Reader) -> SourceList:
    """Return the sources, their licences, and how many of their rows were kept."""
    return SourceList.model_validate({"sources": await reader.sources()})


@router.get("/releases")
async def read_releases(reader: Reader) -> ReleaseList:
    """Return the releases of the evidence, newest first."""
    return ReleaseList.model_validate({"releases": await data_state.releases(reader)})


@router.get("/stats")
async def read_stats(reader: Reader, watch: Watch) -> Stats:
    """Return how much of what the graph holds."""
    told = await data_state.stats(reader)
    return Stats.model_validate({**told, "release_id": (await watch.current()).release_id})
