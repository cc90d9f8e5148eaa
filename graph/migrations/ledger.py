"""Brings the schema of a graph up to this code's version; repeating it changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from graph.cypher import schema as statements
from graph.errors import SchemaVersionError
from graph.migrations import m0001_initial, m0002_loads
from graph.store import GraphStore


@dataclass(frozen=True)
class Migration:
    """One numbered step; `apply` can be repeated."""

    version: int
    name: str
    apply: Callable[[GraphStore], None]


MIGRATIONS = (
    Migration(version=1, name="initial", apply=m0001_initial.apply),
    Migration(version=2, name="loads", apply=m0002_loads.apply),
)


def schema_version(store: GraphStore) -> int:
    """Return the version of a graph's schema, 0 for an empty database."""
    return store.read(statements.READ_VERSION)[0]["version"] or 0


def migrate(store: GraphStore) -> int:
    """Apply the migrations that a graph lacks; return the version that it has then.

    Raises
    ------
    SchemaVersionError
        If the graph was made by a newer cisgraph.
    """
    present = schema_version(store)
    newest = MIGRATIONS[-1].version
    if present > newest:
        raise SchemaVersionError(
            f"the graph has schema version {present}, this cisgraph knows up to {newest}",
            hint="upgrade cisgraph, or use another database",
        )
    for migration in MIGRATIONS[present:]:
        migration.apply(store)
        store.write(statements.RECORD_VERSION, version=migration.version, name=migration.name)
    return newest
