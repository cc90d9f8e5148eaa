"""What is in the graph."""

from fastapi import APIRouter

from api.dependencies import Reader
from api.models.catalogue import ContextList, DatasetList, SourceList

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
