"""From settings to a database that can be asked; nothing heavy is imported before it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cisgraph.notebook.database import Database


def connect(
    uri: str | None = None, *, user: str = "neo4j", password: str | None = None, database: str = "neo4j"
) -> Database:
    """Return the graph, ready to be asked.

    Without an address it is the one of `NEO4J_URI`, and without that the local Neo4j of `CISGRAPH_HOME`,
    which is started if it does not run, as the command line does.

    Raises
    ------
    DatabaseAwayError
        If no server answers.
    DatabaseError
        If the credentials are refused, or the graph has another schema than this cisgraph knows.
    InputError
        If there is an address and no password.
    LocalServerError
        If the local server cannot be installed or started.

    Examples
    --------
    >>> import cisgraph as cg
    >>> db = cg.connect()                                               # doctest: +SKIP
    >>> db.targets("GATA1", context="K562").to_pandas()                 # doctest: +SKIP
    """
    from cisgraph.connection import connect_settings
    from cisgraph.notebook.database import Database
    from cisgraph.settings import load_settings
    from graph.errors import InputError
    from graph.local import Connection

    if uri is None:
        return Database(connect_settings(load_settings()))
    if password is None:
        raise InputError(f"expected a password for {uri}, found none", hint='connect(uri, password="...")')
    return Database(Connection(uri=uri, user=user, password=password, database=database))
