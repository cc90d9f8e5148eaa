"""The graph that the settings mean, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from cisgraph.connection import connect_settings
from cisgraph.settings import Settings
from graph.kept_reads import KeptReads
from graph.local import Connection
from graph.progress import Progress
from graph.store import GraphStore


@contextmanager
def opened_store(settings: Settings, progress: Progress) -> Iterator[GraphStore]:
    """Yield a store on the server of the settings; the local one is started and left running."""
    with store_on(connect_settings(settings, progress), settings) as store:
        yield store


def store_on(connection: Connection, settings: Settings) -> GraphStore:
    """Return a store on a server that runs, which keeps evidence that it read; the caller closes it."""
    return GraphStore.connect(
        connection.uri,
        user=connection.user,
        password=connection.password,
        database=connection.database,
        kept=KeptReads(settings.reads_dir),
    )
