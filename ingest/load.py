"""Loads a source: read, compared with the graph, written beside the old version, shown."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.errors import ConflictError, InputError
from graph.progress import Progress
from graph.store import GraphStore, Row, RowCount
from graph.tables import Table
from ingest.changes import Change, changes
from ingest.hashing import file_sha256, fingerprint
from ingest.references import References
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

Accept = Callable[[str, Mapping[str, Change]], bool]
"""Told what a new version of a source would change; False keeps the old version."""


def accept_all(source_id: str, changed: Mapping[str, Change]) -> bool:
    """Accept every change."""
    return True


@dataclass(frozen=True)
class Destination:
    """Where loads write to.

    Parameters
    ----------
    home
        Folder of prepared matrices (`datasets/`) and rejected rows (`rejected/`).
    accept
        Asked before a version that the graph holds is replaced.
    """

    store: GraphStore
    references: References
    home: Path
    progress: Progress
    accept: Accept = accept_all

    def rejected_path(self, identifier: str) -> Path:
        """Return where the rejected rows of a source or data set lie."""
        return self.home / "rejected" / f"{identifier}.tsv"


@dataclass(frozen=True)
class Reading:
    """A source as it was read, and what the graph holds of it.

    Parameters
    ----------
    state
        The source's node, empty if there is none.
    """

    spec: SourceSpec
    checked: Checked
    fingerprint: str
    sha256: str
    state: Row

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
    started = time.perf_counter()
    state = to.references.states().get(spec.source_id, {})
    hashes, mark = identified(to, spec, paths)
    if _is_unchanged(to.store, spec, state, mark):
        return _unchanged(to, spec, state, seconds=time.perf_counter() - started)
    reading = Reading(spec, parsed(to, spec, paths), mark, hashes[0], state)
    rejected_path = write_rejected(reading.checked.rejected, to.rejected_path(spec.source_id))
    changed = _accepted(to, reading)
    num_written = _write(to, reading, changed)
    return SourceReport(
        source_id=spec.source_id,
        num_read=reading.checked.num_read,
        num_kept=reading.checked.num_kept,
        num_written=num_written,
        rejected=by_reason(reading.checked.rejected),
        notes=reading.checked.notes,
        seconds=time.perf_counter() - started,
        is_changed=True,
        rejected_path=rejected_path,
        changes=changed,
    )


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


def counted(to: Destination, message: str, num_rows: int) -> RowCount:
    """Return a callback that tells the progress which fraction of some rows was written."""
    done = 0

    def on_batch(num_batch: int) -> None:
        nonlocal done
        done += num_batch
        to.progress(f"{message}: {done:,} of {num_rows:,} rows", done / num_rows)

    return on_batch


def write_tables(to: Destination, name: str, tables: Sequence[tuple[Table, pd.DataFrame]]) -> None:
    """Write tables in batches."""
    for table, frame in tables:
        message = f"writing {name} ({table.name})"
        to.store.write_table(table, frame, on_batch=counted(to, message, len(frame)))


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


def _write(to: Destination, reading: Reading, changed: Mapping[str, Change]) -> int:
    """Write a version beside the one that readers see, show it, remove the old one; return its size."""
    store, spec, checked = to.store, reading.spec, reading.checked
    is_first = reading.shown_load_id is None
    if is_first and reading.state.get("loading_id"):
        remove_nodes(store, spec.source_id)
    sweep(store, spec.source_id, tables=table_names(spec), keep=reading.shown_load_id)
    store.write(write.BEGIN_LOAD, source_id=spec.source_id, load_id=reading.load_id)
    for assembly in checked.assemblies:
        write_assembly(store, assembly)
    edges = with_load(checked, reading.load_id)
    write_tables(to, spec.record.name, [*nodes_before_edges(store, checked, is_first=is_first), *edges])
    num_written = num_rows(checked)
    facts = {
        "sha256": reading.sha256,
        "load_id": reading.load_id,
        "fingerprint": reading.fingerprint,
        "num_written": num_written,
        "changes": json.dumps({name: asdict(change) for name, change in changed.items()}),
    }
    show(store, spec, checked, facts, is_first=is_first)
    _finish(store, spec, load_id=reading.load_id)
    return num_written


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
