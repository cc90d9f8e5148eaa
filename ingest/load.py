"""Writes a checked source: begun, wiped, written, complete; a killed load is finished by the next one."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.errors import InputError
from graph.progress import Progress
from graph.schema import Assembly
from graph.store import GraphStore, Row, RowCount
from graph.tables import Table
from ingest.catalogue import required_before
from ingest.hashing import file_sha256, fingerprint
from ingest.references import References
from ingest.rejections import by_reason, write_rejected
from ingest.report import SourceReport
from ingest.source import Checked, SourceSpec


@dataclass(frozen=True)
class Destination:
    """Where loads write to.

    Parameters
    ----------
    home
        Folder of prepared matrices (`datasets/`) and rejected rows (`rejected/`).
    """

    store: GraphStore
    references: References
    home: Path
    progress: Progress

    def rejected_path(self, identifier: str) -> Path:
        """Return where the rejected rows of a source or data set lie."""
        return self.home / "rejected" / f"{identifier}.tsv"


def load_source(to: Destination, spec: SourceSpec, paths: Sequence[Path]) -> SourceReport:
    """Load a source unless the graph holds exactly this already; return the account of its rows.

    Raises
    ------
    InputError
        If a file is not what is expected, or none of its rows can be used; the graph is unchanged then.
    NotFoundError
        If a source that must be there first is not.
    """
    started = time.perf_counter()
    to.progress(f"reading {spec.record.name}")
    hashes = [file_sha256(path) for path in paths]
    mark = fingerprint(spec.source_id, hashes, to.references.fingerprints(required_before(spec)))
    state = to.references.states().get(spec.source_id, {})
    if _is_unchanged(to.store, spec, state, mark):
        return _unchanged(to, spec, state, seconds=time.perf_counter() - started)
    checked = spec.parse(paths, to.references.reference(spec))
    if checked.num_kept == 0:
        _refuse_all(checked, paths[0])
    rejected_path = write_rejected(checked.rejected, to.rejected_path(spec.source_id))
    num_written = _write(to, replace(spec, record=replace(spec.record, sha256=hashes[0])), checked, mark=mark)
    return SourceReport(
        source_id=spec.source_id,
        num_read=checked.num_read,
        num_kept=checked.num_kept,
        num_written=num_written,
        rejected=by_reason(checked.rejected),
        notes=checked.notes,
        seconds=time.perf_counter() - started,
        is_changed=True,
        rejected_path=rejected_path,
    )


def counted(to: Destination, message: str, num_rows: int) -> RowCount:
    """Return a callback that tells the progress which fraction of some rows was written."""
    done = 0

    def on_batch(num_batch: int) -> None:
        nonlocal done
        done += num_batch
        to.progress(f"{message}: {done:,} of {num_rows:,} rows", done / num_rows)

    return on_batch


def write_tables(to: Destination, name: str, tables: Sequence[tuple[Table, pd.DataFrame]]) -> None:
    """Write tables in batches; relationships of the same source or data set must be gone."""
    for table, frame in tables:
        message = f"writing {name} ({table.name})"
        to.store.write_table(table, frame, on_batch=counted(to, message, len(frame)), fresh=True)


def _write(to: Destination, spec: SourceSpec, checked: Checked, *, mark: str) -> int:
    """Write a source; return what its count in the graph is then."""
    store, source_id = to.store, spec.source_id
    record = asdict(spec.record)
    for name in ("rows_read", "rows_kept", "rejected"):
        record.pop(name)
    store.write(write.BEGIN_SOURCE, **record)
    for statement in spec.wipe:
        store.write_autocommit(statement, source_id=source_id)
    for assembly in checked.assemblies:
        write_assembly(store, assembly)
    write_tables(to, spec.record.name, checked.tables)
    _write_complexes(store, checked.complexes, source_id)
    num_written = _count(store, spec)
    store.write(
        statements.MARK_SOURCE,
        source_id=source_id,
        fingerprint=mark,
        num_written=num_written,
        notes=json.dumps(checked.notes),
    )
    store.write(
        write.COMPLETE_SOURCE,
        source_id=source_id,
        rows_read=checked.num_read,
        rows_kept=checked.num_kept,
        rows_rejected=len(checked.rejected),
        rejected=json.dumps(by_reason(checked.rejected)),
    )
    return num_written


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


def _write_complexes(store: GraphStore, complexes: Mapping[str, Sequence[str]], source_id: str) -> None:
    for complex_id, gene_ids in complexes.items():
        store.write(write.COMPLEX, complex_id=complex_id, gene_ids=list(gene_ids))
        store.write(statements.MARK_COMPLEX, complex_id=complex_id, source_id=source_id)


def _is_unchanged(store: GraphStore, spec: SourceSpec, state: Row, mark: str) -> bool:
    is_whole = state.get("state") == "complete" and state.get("fingerprint") == mark
    return is_whole and _count(store, spec) == state["num_written"]


def _count(store: GraphStore, spec: SourceSpec) -> int:
    return int(store.read(spec.count, source_id=spec.source_id)[0]["num_written"])


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
