"""Takes a source out of the graph, with everything that only it said."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.errors import ConflictError, NotFoundError
from graph.store import GraphStore, Row
from ingest.load import count_written
from ingest.references import NAMING
from ingest.releases import write_release
from ingest.versions import remove_nodes, sweep


@dataclass(frozen=True)
class Removal:
    """What removing a source took away, and the release that the graph then is."""

    source_id: str
    num_removed: int
    release_id: str


def remove_source(store: GraphStore, source_id: str) -> Removal:
    """Delete a source and all that it wrote; a killed removal is finished by the next one.

    Raises
    ------
    NotFoundError
        If the graph has no such source.
    ConflictError
        If runs were trained on it, or other sources and data sets need the genes that it gave.
    """
    states = {row["source_id"]: row for row in store.read(statements.SOURCES)}
    if source_id not in states:
        raise NotFoundError(
            f"no source {source_id!r} in the graph",
            suggestions=list(states),
            hint="`cisgraph sources` lists them",
        )
    state = states[source_id]
    _require_unused(store, state, list(states.values()))
    tables = list(state["tables"] or statements.DELETE_OTHER_LOADS)
    num_removed = count_written(store, source_id, tables)
    store.write(write.HIDE_SOURCE, source_id=source_id)
    sweep(store, source_id, tables=tables, keep=None)
    remove_nodes(store, source_id)
    if state["stage"] == "annotation":
        store.write(statements.DELETE_UNUSED_ASSEMBLIES, species=state["species"])
        store.write(statements.OUTDATE_ANNOTATIONS, source_id=source_id, species=state["species"])
    store.write(statements.DELETE_SOURCE, source_id=source_id)
    return Removal(source_id, num_removed, write_release(store))


def _require_unused(store: GraphStore, state: Row, others: Sequence[Row]) -> None:
    source_id = state["source_id"]
    runs = [row["run_id"] for row in store.read(statements.RUNS_OF_SOURCE, source_id=source_id)]
    if runs:
        raise ConflictError(
            f"{source_id}: {len(runs)} runs were trained on it: {', '.join(runs[:5])}",
            hint="delete them first: `cisgraph runs delete RUN`",
        )
    needing = _needing(store, state, others)
    if needing:
        raise ConflictError(
            f"{source_id}: its genes and names are needed by {', '.join(needing)}",
            hint="remove these first",
        )


def _needing(store: GraphStore, state: Row, others: Sequence[Row]) -> list[str]:
    """Return the ids of the sources and data sets that need the genes or names of a source.

    Beside another annotation of the species, that is only data on an assembly which it alone describes.
    """
    if state["stage"] not in NAMING:
        return []
    same = [row for row in others if row["species"] == state["species"] and row is not state]
    datasets = [row for row in store.read(statements.DATASETS) if row["species"] == state["species"]]
    is_annotation = state["stage"] == "annotation"
    if is_annotation and any((row["stage"], row["state"]) == ("annotation", "complete") for row in same):
        rows = store.read(statements.ASSEMBLIES_OF, source_id=state["source_id"])
        own = {row["assembly_id"] for row in rows}
        return [row["dataset_id"] for row in datasets if row["assembly"] in own]
    later = NAMING[:1] if is_annotation else NAMING
    needing = [row["source_id"] for row in same if row["stage"] not in later]
    return needing + [row["dataset_id"] for row in datasets]
