"""Fixtures that all tests share: one real Neo4j a session."""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings
from neo4j import GraphDatabase

from graph.cypher import write
from graph.local import Connection, LocalServer
from graph.migrations import migrate
from graph.store import GraphStore

# The same examples every time: a gate that fails by chance says nothing of the commit that it fails on.
# `make test ARGS=--hypothesis-profile=default` looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

# Relationships first: one regulator may have more of them than a transaction of a small heap holds.
EMPTY = (
    "MATCH ()-[e]->() CALL (e) { DELETE e } IN TRANSACTIONS OF 10000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS",
)


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
        for statement in EMPTY:
            session.run(statement).consume()
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run("DROP CONSTRAINT $name", name=name).consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").value():
            session.run("DROP INDEX $name", name=name).consume()
    return neo4j_connection


@pytest.fixture(scope="session")
def wipe() -> Callable[[GraphStore], None]:
    """Delete all nodes and relationships of a graph; constraints and indexes stay."""

    def wipe_store(store: GraphStore) -> None:
        for statement in EMPTY:
            store.write_autocommit(statement)

    return wipe_store


WriteSource = Callable[..., None]


@pytest.fixture(scope="session")
def write_source() -> WriteSource:
    """Write a source as complete; its `load_id` is its id, and what is not said has a default."""

    def write_one(store: GraphStore, source_id: str, **said: object) -> None:
        texts = dict.fromkeys(("version", "licence", "citation", "fingerprint", "sha256"), "x")
        facts = {
            **texts,
            **dict.fromkeys(("rejected", "notes", "changes"), "{}"),
            **dict.fromkeys(("rows_read", "rows_kept", "num_written"), 1),
            "rows_rejected": 0,
            "name": source_id,
            "licence_class": "open",
            "species": "human",
            "stage": "evidence",
            "tables": [],
            "load_id": source_id,
        }
        store.write(write.BEGIN_LOAD, source_id=source_id, load_id=source_id)
        store.write(write.FINISH_LOAD, source_id=source_id, **{**facts, **said})
        store.write(write.END_LOAD, source_id=source_id)

    return write_one


@pytest.fixture
def empty_graph(neo4j_connection: Connection, wipe: Callable[[GraphStore], None]) -> Connection:
    """The session's Neo4j without a node, its schema up to date."""
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        wipe(store)
        migrate(store)
    return neo4j_connection
