"""Whether a server answers over Bolt."""

import socket
import time

import psutil
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from graph.cypher import admin as statements
from graph.errors import LocalServerError
from graph.local.connection import Connection
from graph.local.home import Home
from graph.local.ports import HOST
from graph.local.process import is_alive

_PAUSE_S = 0.1


def answers(connection: Connection) -> bool:
    """Whether the server answers ``RETURN 1``.

    Raises
    ------
    LocalServerError
        The server answers, but refuses the password.
    """
    try:
        with GraphDatabase.driver(
            connection.uri, auth=(connection.user, connection.password), connection_timeout=5.0
        ) as driver:
            records, _, _ = driver.execute_query(statements.ANSWERS, database_=connection.database)
            return bool(records[0]["one"] == 1)
    except AuthError as error:
        raise LocalServerError(
            f"the Neo4j at {connection.uri} refuses its own password: {error.message}",
            hint="the file `password` in its home is not the one it was set up with: put that file back",
        ) from error
    except (DriverError, Neo4jError, OSError):
        return False


def await_answer(connection: Connection, *, home: Home, process: psutil.Process, timeout_s: float) -> None:
    """Return when the server answers over Bolt and listens for HTTP, which comes up last.

    Raises
    ------
    LocalServerError
        The process ended, or it does not answer in time; with the end of its log.
    """
    ports = [int(url.rpartition(":")[2]) for url in (connection.uri, connection.http_url)]
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if not is_alive(process):
            raise LocalServerError(
                f"Neo4j ended while it started; the end of {home.log}:\n{home.log_tail()}",
                hint="the last lines above name the cause",
            )
        if all(map(_listens, ports)) and answers(connection):
            return
        time.sleep(_PAUSE_S)
    raise LocalServerError(
        f"Neo4j (process {process.pid}) does not answer at {connection.uri} after {timeout_s:.0f} s; "
        f"the end of {home.log}:\n{home.log_tail()}",
        hint="a large store that was not closed cleanly takes longer: try again, the server goes on starting",
    )


def _listens(port: int) -> bool:
    # Cheaper than a driver, which would also retry by itself.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0
