"""Writes a checked data set: its matrices to files, its peaks, contexts and candidates to the graph."""

import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import LiteralString

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.schema import Dataset
from graph.store import Row
from graph.tables import DETECTIONS, NEAR, PEAKS
from ingest.chromosomes import GRCH38
from ingest.hashing import file_sha256, fingerprint
from ingest.load import Destination, write_tables
from ingest.multiome.prepare import Prepared, prepare, write_matrices
from ingest.multiome.spec import DatasetSpec
from ingest.rejections import write_rejected
from ingest.report import DatasetReport
from ingest.sources.annotation import ENSEMBL
from ingest.sources.hgnc import RECORD as HGNC

ANNOTATION = (ENSEMBL.source_id, HGNC.source_id)
_COUNTS = (statements.COUNT_NEAR, statements.COUNT_DETECTIONS)


def load_dataset(to: Destination, spec: DatasetSpec) -> DatasetReport:
    """Load a data set unless the graph and the files hold exactly this already.

    Raises
    ------
    InputError
        If a file is not what is expected; nothing is written then.
    NotFoundError
        If the annotation is not in the graph.
    """
    started = time.perf_counter()
    to.progress(f"reading {spec.name}")
    hashes = [file_sha256(path) for path in (spec.rna, spec.atac, spec.chain)]
    said = {key: value for key, value in asdict(spec).items() if not isinstance(value, Path)}
    mark = fingerprint(said, hashes, to.references.fingerprints(ANNOTATION))
    state = _state(to, spec.dataset_id)
    if _is_unchanged(to, spec, state, mark):
        return _report(to, spec, json.loads(state["report"]), started=started, is_changed=False)
    prepared = prepare(spec, to.references.annotation(ANNOTATION))
    write_rejected(prepared.rejected, to.rejected_path(spec.dataset_id))
    rna_path, atac_path = write_matrices(prepared, _folder(to, spec.dataset_id))
    record = replace(
        _record(spec, prepared),
        rna_path=str(rna_path),
        atac_path=str(atac_path),
        rna_sha256=hashes[0],
        atac_sha256=hashes[1],
    )
    told = {"counts": _counts(prepared), "rates": dict(prepared.rates)}
    _write(to, record, prepared, mark=mark, told=json.dumps(told))
    return _report(to, spec, told, started=started, is_changed=True)


def _folder(to: Destination, dataset_id: str) -> Path:
    return to.home / "datasets" / dataset_id


def _state(to: Destination, dataset_id: str) -> Row:
    rows = to.store.read(statements.DATASETS)
    return next((row for row in rows if row["dataset_id"] == dataset_id), {})


def _is_unchanged(to: Destination, spec: DatasetSpec, state: Row, mark: str) -> bool:
    if state.get("state") != "complete" or state.get("fingerprint") != mark:
        return False
    folder = _folder(to, spec.dataset_id)
    if not all((folder / name).is_file() for name in ("rna.h5ad", "atac.h5ad")):
        return False
    found = tuple(_count(to, statement, spec.dataset_id) for statement in _COUNTS)
    return found == (state["num_near"], state["num_detections"])


def _count(to: Destination, statement: LiteralString, dataset_id: str) -> int:
    return int(to.store.read(statement, dataset_id=dataset_id)[0]["num_written"])


def _record(spec: DatasetSpec, prepared: Prepared) -> Dataset:
    return Dataset(
        dataset_id=spec.dataset_id,
        name=spec.name,
        species=spec.species,
        assembly=GRCH38,
        num_cells=prepared.rna.n_obs,
        num_genes=prepared.rna.n_vars,
        num_peaks=prepared.atac.n_vars,
        rna_path="",
        rna_sha256="",
        atac_path="",
        atac_sha256="",
        licence=spec.licence,
        licence_class=spec.licence_class,
        citation=spec.citation,
        time_column=spec.time_column,
        time_unit=spec.time_unit,
    )


def _counts(prepared: Prepared) -> dict[str, int]:
    return {
        **prepared.counts,
        "NEAR": len(prepared.near),
        "DETECTED_IN": len(prepared.detections),
    }


def _write(to: Destination, record: Dataset, prepared: Prepared, *, mark: str, told: str) -> None:
    store, dataset_id = to.store, record.dataset_id
    store.write(write.BEGIN_DATASET, **asdict(record))
    store.write_autocommit(statements.DELETE_NEAR, dataset_id=dataset_id)
    store.write_autocommit(statements.DELETE_DETECTIONS, dataset_id=dataset_id)
    context_ids = [context.context_id for context in prepared.contexts.records]
    store.write(statements.DELETE_OTHER_CONTEXTS, dataset_id=dataset_id, context_ids=context_ids)
    for context in prepared.contexts.records:
        store.write(write.CONTEXT, **asdict(context))
    peaks = _peak_nodes(prepared)
    near = prepared.near.assign(dataset_id=dataset_id)
    write_tables(to, record.name, ((PEAKS, peaks), (NEAR, near), (DETECTIONS, prepared.detections)))
    store.write(
        statements.MARK_DATASET,
        dataset_id=dataset_id,
        report=told,
        num_near=len(near),
        num_detections=len(prepared.detections),
        lifted_from=prepared.lifted_from,
    )
    store.write(write.COMPLETE_DATASET, dataset_id=dataset_id, fingerprint=mark)


def _peak_nodes(prepared: Prepared) -> pd.DataFrame:
    rows = prepared.atac.var.reset_index(names="peak_id").assign(assembly=GRCH38)
    nodes: pd.DataFrame = rows[list(PEAKS.columns)]
    return nodes


def _report(
    to: Destination, spec: DatasetSpec, told: Row, *, started: float, is_changed: bool
) -> DatasetReport:
    return DatasetReport(
        dataset_id=spec.dataset_id,
        counts=told["counts"],
        rates=told["rates"],
        seconds=time.perf_counter() - started,
        is_changed=is_changed,
        rejected_path=to.rejected_path(spec.dataset_id),
    )
