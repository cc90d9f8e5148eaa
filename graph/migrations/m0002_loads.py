"""Gene sets have a key; places of genes belong to the load of a source: those of older graphs are dropped."""

from graph.cypher import schema as statements
from graph.store import GraphStore


def apply(store: GraphStore) -> None:
    """Create the constraint of gene sets, and delete the places that no load wrote."""
    for statement in statements.GENE_SETS:
        store.write_autocommit(statement)
    store.write_autocommit(statements.DELETE_UNSOURCED_LOCATIONS)
