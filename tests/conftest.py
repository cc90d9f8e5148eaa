"""Fixtures that all tests share: one real Neo4j a session."""

import os
from collections.abc import Iterator

import pytest
from neo4j import GraphDatabase

from graph.local import Connection, LocalServer
from graph.migrations import migrate
from graph.store import GraphStore

EMPTY = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"


@pytest.fixture(scope="session")
def neo4j_connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A real, empty Neo4j: `TEST_NEO4J_URI` (with `TEST_NEO4J_USER`, `TEST_NEO4J_PASSWORD`) or our own.

    The server of `TEST_NEO4J_URI` is emptied by the tests. Under pytest-xdist each worker has a server of its
    own (700 MB): run with `-n` only what does not ask for this fixture, or few workers.
    """
    if uri := os.environ.get("TEST_NEO4J_URI"):
        user = os.environ.get("TEST_NEO4J_USER", "neo4j")
        yield Connection(uri, user, os.environ["TEST_NEO4J_PASSWORD"])
        return
    server = LocalServer(tmp_path_factory.mktemp("neo4j"), heap_mb=512, page_cache_mb=128)
    connection = server.start()
    yield connection
    server.stop()


@pytest.fixture
def empty_neo4j(neo4j_connection: Connection) -> Connection:
    """The session's Neo4j without a node, a constraint or an index of ours."""
    auth = (neo4j_connection.user, neo4j_connection.password)
    with (
        GraphDatabase.driver(neo4j_connection.uri, auth=auth) as driver,
        driver.session(database=neo4j_connection.database) as session,
    ):
        session.run(EMPTY).consume()
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run("DROP CONSTRAINT $name", name=name).consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").value():
            session.run("DROP INDEX $name", name=name).consume()
    return neo4j_connection


@pytest.fixture
def empty_graph(neo4j_connection: Connection) -> Connection:
    """The session's Neo4j without a node, its schema up to date."""
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        store.write_autocommit(EMPTY)
        migrate(store)
    return neo4j_connection
