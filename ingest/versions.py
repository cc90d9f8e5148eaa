"""Versions of a source in the graph: a new one is written beside the old one, shown at once, the old removed.

Readers see the relationships whose `load_id` is the one of their source. A load that was killed leaves others
behind, which nobody sees and the next load of the source sweeps away.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.schema import Assembly
from graph.store import GraphStore, Row, Step
from graph.tables import GENES, Table
from ingest.rejections import by_reason
from ingest.source import Checked, SourceSpec


def load_id_of(spec: SourceSpec, fingerprint: str, *, shown: str | None = None) -> str:
    """Return the id of a load: the source, and what decides its content.

    Where readers see a load of just that id, which is to be repaired, another one of the same content.
    """
    load_id = f"{spec.source_id}@{fingerprint[:12]}"
    return f"{load_id}+" if load_id == shown else load_id


def table_names(spec: SourceSpec) -> list[str]:
    """Return the names of the tables that a source fills."""
    return [str(table.name) for table in spec.writes]


def sweep(store: GraphStore, source_id: str, *, tables: Sequence[str], keep: str | None) -> None:
    """Delete the relationships that a source wrote in any load but `keep`; with None, in all of them."""
    for name in tables:
        if name in statements.DELETE_OTHER_LOADS:
            store.write_autocommit(statements.DELETE_OTHER_LOADS[name], source_id=source_id, load_id=keep)


def nodes_before_edges(
    store: GraphStore, checked: Checked, *, is_first: bool
) -> list[tuple[Table, pd.DataFrame]]:
    """Return the nodes that must be there before edges point at them.

    On a first load these are all. Later only genes that are new: what the present ones say changes when the
    new version is shown, not before.
    """
    nodes = [(table, frame) for table, frame in checked.tables if table.name in write.STATEMENTS]
    if is_first:
        return nodes
    present = set(store.read_frame(statements.GENE_IDS)["gene_id"])
    return [
        (table, frame[~frame["gene_id"].isin(present)] if table is GENES else frame) for table, frame in nodes
    ]


def show(store: GraphStore, spec: SourceSpec, checked: Checked, facts: Row, *, is_first: bool) -> None:
    """Make the new version the one that readers see, in one transaction."""
    steps: list[Step] = []
    if not is_first:
        steps += [(statement, {"source_id": spec.source_id}) for statement in statements.UNDO]
        steps += [(table, frame) for table, frame in checked.tables if table.name in write.STATEMENTS]
    steps += _complexes(checked.complexes, spec.source_id)
    steps.append((write.FINISH_LOAD, {**facts, **_record(spec, checked)}))
    store.write_atomic(steps)


def remove_nodes(store: GraphStore, source_id: str) -> None:
    """Take back what a source said about nodes, and delete the nodes that nothing speaks of any more."""
    store.write_atomic([(statement, {"source_id": source_id}) for statement in statements.UNDO])
    remove_orphans(store, source_id)


def remove_orphans(store: GraphStore, source_id: str) -> None:
    """Delete gene sets and genes that nothing points at any more."""
    store.write(statements.DELETE_EMPTY_SETS, source_id=source_id)
    store.write_autocommit(statements.DELETE_UNLOCATED_GENES)


def write_assembly(store: GraphStore, assembly: Assembly) -> None:
    """Write the node of an assembly; the lists `chroms` and `chrom_sizes` go together."""
    store.write(
        write.ASSEMBLY,
        assembly_id=assembly.assembly_id,
        species=assembly.species,
        aliases=list(assembly.aliases),
        chroms=list(assembly.chrom_sizes),
        chrom_sizes=list(assembly.chrom_sizes.values()),
    )


def _complexes(complexes: Mapping[str, Sequence[str]], source_id: str) -> list[Step]:
    return [
        (write.COMPLEX, {"complex_id": name, "gene_ids": list(gene_ids), "source_id": source_id})
        for name, gene_ids in complexes.items()
    ]


def _record(spec: SourceSpec, checked: Checked) -> Row:
    record = asdict(spec.record)
    names = ("source_id", "name", "version", "licence", "licence_class", "citation", "species")
    return {
        **{name: record[name] for name in names},
        "stage": spec.stage,
        "tables": table_names(spec),
        "rows_read": checked.num_read,
        "rows_kept": checked.num_kept,
        "rows_rejected": len(checked.rejected),
        "rejected": json.dumps(by_reason(checked.rejected)),
        "notes": json.dumps(checked.notes),
    }
