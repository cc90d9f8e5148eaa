"""Loads a source: read, compared with the graph, written beside the old version, shown."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Self

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.errors import ConflictError, InputError
from graph.store import GraphStore, Row
from graph.tables import LOCATIONS, Table
from ingest.changes import Change, changes
from ingest.destination import Destination, write_tables
from ingest.hashing import file_sha256, fingerprint
from ingest.rejections import by_reason, write_rejected
from ingest.report import SourceReport
from ingest.source import Checked, SourceSpec
from ingest.versions import (
    load_id_of,
    nodes_before_edges,
    remove_nodes,
    remove_orphans,
    show,
    sweep,
    table_names,
    write_assembly,
)


@dataclass(frozen=True)
class Reading:
    """A source as it was read, and what the graph holds of it.

    Parameters
    ----------
    state
        The source's node, empty if there is none.
    num_written
        Relationships that its rows became, or nodes if it is a list of them.
    """

    spec: SourceSpec
    checked: Checked
    fingerprint: str
    sha256: str
    state: Row
    num_written: int = 0

    @property
    def is_first(self) -> bool:
        """Whether readers see no version of the source yet."""
        return self.shown_load_id is None

    def without_edges(self) -> Self:
        """Return the reading as it is kept until its edges, which are written, are shown."""
        nodes = [(table, frame) for table, frame in self.checked.tables if "load_id" not in table.columns]
        return replace(self, checked=replace(self.checked, tables=nodes), num_written=num_rows(self.checked))

    @property
    def load_id(self) -> str:
        """Id of the load that would write it; never that of the load which readers see."""
        return load_id_of(self.spec, self.fingerprint, shown=self.shown_load_id)

    @property
    def shown_load_id(self) -> str | None:
        """Id of the load that readers see now."""
        shown: str | None = self.state.get("load_id")
        return shown


def load_source(to: Destination, spec: SourceSpec, paths: Sequence[Path]) -> SourceReport:
    """Load a source unless the graph holds exactly this already; return the account of its rows.

    Raises
    ------
    InputError
        If a file is not what is expected, or none of its rows can be used; the graph is unchanged then.
    NotFoundError
        If the genes of its species are not in the graph.
    ConflictError
        If the change was not accepted; the graph is unchanged then.
    """
    return begin_source(to, spec, paths)()


def begin_source(to: Destination, spec: SourceSpec, paths: Sequence[Path]) -> Callable[[], SourceReport]:
    """Read a source and write its edges, which nobody sees yet; return what shows them. See `load_source`."""
    started = time.perf_counter()
    state = to.references.states().get(spec.source_id, {})
    hashes, mark = identified(to, spec, paths)
    if _is_unchanged(to.store, spec, state, mark):
        report = _unchanged(to, spec, state, seconds=time.perf_counter() - started)
        return lambda: report
    reading = Reading(spec, parsed(to, spec, paths), mark, hashes[0], state)
    rejected_path = write_rejected(reading.checked.rejected, to.rejected_path(spec.source_id))
    write_rejected(reading.checked.mapped, to.mapped_path(spec.source_id))
    changed = _accepted(to, reading)
    _write(to, reading)
    reading = reading.without_edges()
    report = SourceReport(
        source_id=spec.source_id,
        num_read=reading.checked.num_read,
        num_kept=reading.checked.num_kept,
        num_written=reading.num_written,
        rejected=by_reason(reading.checked.rejected),
        notes=reading.checked.notes,
        seconds=time.perf_counter() - started,
        is_changed=True,
        rejected_path=rejected_path,
        changes=changed,
    )
    return lambda: _shown(to, reading, report)


def identified(to: Destination, spec: SourceSpec, paths: Sequence[Path]) -> tuple[list[str], str]:
    """Return the hashes of a source's files, and the fingerprint of all that decides what it writes."""
    to.progress(f"reading {spec.record.name}")
    hashes = [file_sha256(path) for path in paths]
    record = spec.record
    said = [spec.source_id, record.version, record.licence, record.licence_class, dict(spec.settings)]
    return hashes, fingerprint(said, hashes, to.references.before(spec))


def parsed(to: Destination, spec: SourceSpec, paths: Sequence[Path]) -> Checked:
    """Return a source's checked rows.

    Raises
    ------
    InputError
        If a file is not what is expected, or none of its rows can be used.
    """
    checked = spec.parse(paths, to.references.reference(spec))
    if checked.num_kept == 0:
        _refuse_all(checked, paths[0])
    return checked


def with_load(checked: Checked, load_id: str) -> list[tuple[Table, pd.DataFrame]]:
    """Return the relationships of a source, marked with the load that writes them."""
    return [
        (table, frame.assign(load_id=load_id))
        for table, frame in checked.tables
        if "load_id" in table.columns
    ]


def num_rows(checked: Checked) -> int:
    """Return how many relationships the rows of a source become, or nodes if it is a list of them."""
    edges = [frame for table, frame in checked.tables if "load_id" in table.columns]
    if edges:
        return sum(len(frame) for frame in edges)
    ids = [frame["gene_id"] for _, frame in checked.tables if "gene_id" in frame]
    return int(pd.concat(ids).nunique()) if ids else 0


def count_written(store: GraphStore, source_id: str, tables: Sequence[str]) -> int:
    """Return how many relationships a source wrote, or nodes if it is a list of them."""
    names = [name for name in tables if name in statements.DELETE_OTHER_LOADS]
    names = names or [name for name in tables if name in statements.COUNT]
    return sum(store.read(statements.COUNT[name], source_id=source_id)[0]["num_written"] for name in names)


def _accepted(to: Destination, reading: Reading) -> Mapping[str, Change]:
    """Return what the new version changes.

    Raises
    ------
    ConflictError
        If that was not accepted.
    """
    shown = reading.shown_load_id
    if shown is None:
        return {}
    to.progress(f"comparing {reading.spec.record.name} with the version in the graph")
    changed = changes(to.store, reading.checked.tables, load_id=shown)
    if any(each.num_all for each in changed.values()) and not to.accept(reading.spec.source_id, changed):
        raise ConflictError(
            f"{reading.spec.source_id}: the new version was not accepted; the graph keeps the old one",
            hint="`cisgraph releases diff` shows what would change, `--accept` accepts it",
        )
    return changed


def _write(to: Destination, reading: Reading) -> None:
    """Write a version beside the one that readers see."""
    store, spec, checked = to.store, reading.spec, reading.checked
    _require_own_assembly(store, spec, checked)
    if reading.is_first and reading.state.get("loading_id"):
        remove_nodes(store, spec.source_id)
    sweep(store, spec.source_id, tables=table_names(spec), keep=reading.shown_load_id)
    store.write(write.BEGIN_LOAD, source_id=spec.source_id, load_id=reading.load_id)
    for assembly in checked.assemblies:
        write_assembly(store, assembly)
    write_tables(to, spec.record.name, nodes_before_edges(store, checked, is_first=reading.is_first))
    to.edges(to, spec.record.name, with_load(checked, reading.load_id))


def _require_own_assembly(store: GraphStore, spec: SourceSpec, checked: Checked) -> None:
    """Refuse a second annotation of an assembly: genes would lie on it twice.

    Raises
    ------
    ConflictError
        If another source says where genes lie on it.
    """
    placed = [frame["target"].unique().tolist() for table, frame in checked.tables if table is LOCATIONS]
    for assembly_id in chain.from_iterable(placed):
        others = store.read(statements.ANNOTATIONS_OF, assembly_id=assembly_id, source_id=spec.source_id)
        if others:
            raise ConflictError(
                f"{spec.source_id}: {others[0]['source_id']} already says where genes lie on {assembly_id}",
                hint=f"`cisgraph sources remove {others[0]['source_id']}` makes room, "
                "or give the annotation that source's id to replace it",
            )


def _shown(to: Destination, reading: Reading, report: SourceReport) -> SourceReport:
    """Show a version that was written, and remove the old one."""
    started = time.perf_counter()
    facts = {
        "sha256": reading.sha256,
        "load_id": reading.load_id,
        "fingerprint": reading.fingerprint,
        "num_written": reading.num_written,
        "changes": json.dumps({name: asdict(change) for name, change in report.changes.items()}),
    }
    show(to.store, reading.spec, reading.checked, facts, is_first=reading.is_first)
    _finish(to.store, reading.spec, load_id=reading.load_id)
    return replace(report, seconds=report.seconds + time.perf_counter() - started)


def _finish(store: GraphStore, spec: SourceSpec, *, load_id: str) -> None:
    """Remove what the versions before this one left."""
    sweep(store, spec.source_id, tables=table_names(spec), keep=load_id)
    remove_orphans(store, spec.source_id)
    store.write(write.END_LOAD, source_id=spec.source_id)


def _is_unchanged(store: GraphStore, spec: SourceSpec, state: Row, mark: str) -> bool:
    if state.get("state") != "complete" or state.get("fingerprint") != mark:
        return False
    if state.get("loading_id") == state["load_id"]:
        _finish(store, spec, load_id=state["load_id"])
    elif state.get("loading_id"):
        return False
    return count_written(store, spec.source_id, state["tables"]) == int(state["num_written"])


def _unchanged(to: Destination, spec: SourceSpec, state: Row, *, seconds: float) -> SourceReport:
    return SourceReport(
        source_id=spec.source_id,
        num_read=state["rows_read"],
        num_kept=state["rows_kept"],
        num_written=state["num_written"],
        rejected=json.loads(state["rejected"]),
        notes=json.loads(state["notes"]),
        seconds=seconds,
        is_changed=False,
        rejected_path=to.rejected_path(spec.source_id),
    )


def _refuse_all(checked: Checked, path: Path) -> None:
    faults = [
        f"row {row.row}: {row.identifier!r}: {row.reason} {row.detail}"
        for row in checked.rejected.itertuples()
    ]
    raise InputError(
        f"{path}: none of its {checked.num_read:,} rows can be used",
        faults=faults,
        hint="is it the file of this source, and of this species?",
    )
