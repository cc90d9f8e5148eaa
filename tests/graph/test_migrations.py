import pytest

from graph.cypher import schema as statements
from graph.errors import SchemaVersionError
from graph.migrations import migrate, schema_version
from graph.schema import SCHEMA_VERSION
from graph.store import GraphStore


@pytest.fixture
def store(empty_neo4j):
    c = empty_neo4j
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        yield store


def schema_of(store: GraphStore) -> set[str]:
    names = store.read("SHOW CONSTRAINTS YIELD name") + store.read("SHOW INDEXES YIELD name")
    return {row["name"] for row in names}


def test_migrating_twice_leaves_the_same_schema(store):
    assert schema_version(store) == 0
    assert migrate(store) == SCHEMA_VERSION
    once = schema_of(store)
    assert migrate(store) == SCHEMA_VERSION
    assert schema_of(store) == once
    assert {"gene_id", "run_id", "gene_names", "regulates_run"} <= once


def test_a_half_done_migration_is_finished(store):
    store.write_autocommit(statements.CONSTRAINTS[0])
    migrate(store)
    assert schema_version(store) == SCHEMA_VERSION


def test_a_graph_of_a_newer_version_is_refused(store):
    migrate(store)
    store.write(statements.RECORD_VERSION, version=SCHEMA_VERSION + 1, name="from the future")
    with pytest.raises(SchemaVersionError, match=f"version {SCHEMA_VERSION + 1}"):
        migrate(store)
