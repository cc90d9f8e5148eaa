"""Uniqueness of every identifier, indexes for the look-ups, full text over the names of genes."""

from graph.cypher import schema as statements
from graph.store import GraphStore

INDEX_TIMEOUT_S = 300


def apply(store: GraphStore) -> None:
    """Create constraints and indexes, and wait until they serve."""
    for statement in (*statements.CONSTRAINTS, *statements.INDEXES, *statements.FULL_TEXT):
        store.write_autocommit(statement)
    store.write_autocommit(statements.AWAIT_INDEXES, timeout_s=INDEX_TIMEOUT_S)
