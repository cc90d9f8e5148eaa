"""What is in the graph as it is answered, to HTTP, notebooks and the command line."""

from api.models.catalogue import ContextList, DatasetList, ReleaseList, SourceList
from api.models.runs import RunList
from graph import contents
from graph.reader import GraphReader


async def runs(reader: GraphReader) -> RunList:
    """Return the complete runs, newest first."""
    return RunList.model_validate({"runs": await reader.runs()})


async def contexts(reader: GraphReader) -> ContextList:
    """Return the contexts of all data sets."""
    return ContextList.model_validate({"contexts": await reader.contexts()})


async def datasets(reader: GraphReader) -> DatasetList:
    """Return the data sets."""
    return DatasetList.model_validate({"datasets": await reader.datasets()})


async def sources(reader: GraphReader) -> SourceList:
    """Return the sources, their licences, and how many of their rows were kept."""
    return SourceList.model_validate({"sources": await reader.sources()})


async def releases(reader: GraphReader) -> ReleaseList:
    """Return the releases of the evidence, newest first."""
    return ReleaseList.model_validate({"releases": await contents.releases(reader)})
