"""The Neo4j that the settings mean."""

from cisgraph.settings import Settings
from graph.errors import InputError
from graph.local import Connection, LocalServer
from graph.progress import Progress, silent


def connect_settings(settings: Settings, progress: Progress | None = None) -> Connection:
    """How to reach the server of ``NEO4J_URI``, or without it the local server, started and left running.

    Raises
    ------
    InputError
        ``NEO4J_URI`` is set and ``NEO4J_PASSWORD`` is not.
    LocalServerError
        The local server cannot be installed or started.
    """
    server = local_server(settings)
    return server.start(progress or silent) if server else _remote(settings)


def local_server(settings: Settings) -> LocalServer | None:
    """The local server of the settings; None if ``NEO4J_URI`` names another one."""
    return LocalServer(settings.neo4j_home) if settings.neo4j_uri is None else None


def remote_connection(settings: Settings) -> Connection | None:
    """How to reach the server of ``NEO4J_URI``; None when it is not set.

    Raises
    ------
    InputError
        ``NEO4J_URI`` is set and ``NEO4J_PASSWORD`` is not.
    """
    return None if settings.neo4j_uri is None else _remote(settings)


def _remote(settings: Settings) -> Connection:
    if settings.neo4j_password is None:
        raise InputError(
            f"NEO4J_URI names {settings.neo4j_uri}, but NEO4J_PASSWORD is not set",
            hint="set NEO4J_PASSWORD (and NEO4J_USER if it is not neo4j), or unset NEO4J_URI",
        )
    return Connection(
        uri=str(settings.neo4j_uri),
        user=settings.neo4j_user,
        password=settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
    )
