"""Writes a checked data set: its matrices to files, its peaks, contexts and candidates to the graph."""

import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import LiteralString

import pandas as pd

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.schema import Assembly, Dataset
from graph.store import Row
from graph.tables import DETECTIONS, NEAR, PEAKS
from ingest.destination import Destination
from ingest.hashing import fingerprint
from ingest.multiome.annotation import Annotation
from ingest.multiome.files import path_sha256
from ingest.multiome.modalities import Inputs, read_inputs
from ingest.multiome.prepare import prepare
from ingest.multiome.prepared import Prepared, matrix_path, write_matrices
from ingest.multiome.spec import KINDS, DatasetSpec, Kind
from ingest.multiome.species import given_names, species_of
from ingest.references import NAMING, References
from ingest.rejections import write_rejected
from ingest.report import DatasetReport

_COUNTS = (statements.COUNT_NEAR, statements.COUNT_DETECTIONS)
_NOT_SAID = ("rna", "atac", "protein", "chain", "memory_mb")
"""Files are told by their hashes, and memory changes nothing that is written."""


def load_dataset(to: Destination, spec: DatasetSpec) -> DatasetReport:
    """Load a data set unless the graph and the files hold exactly this already.

    Raises
    ------
    InputError
        If a file is not what is expected; nothing is written then.
    NotFoundError
        If the genes of its species are not in the graph.
    ResourceError
        If the machine has less memory left than it takes.
    """
    return begin_dataset(to, spec)()


def begin_dataset(to: Destination, spec: DatasetSpec) -> Callable[[], DatasetReport]:
    """Read a data set and write its parts, which nobody reads yet; return what completes it.

    See `load_dataset`.
    """
    started = time.perf_counter()
    to.progress(f"reading {spec.name}")
    hashes = {path: path_sha256(path) for path in spec.files}
    state = _state(to, spec.dataset_id)
    species = spec.species or state.get("species") or ""
    if species and _is_unchanged(to, spec, state, _mark(to, spec, hashes, species)):
        unchanged = _report(to, spec, json.loads(state["report"]), started=started, is_changed=False)
        return lambda: unchanged
    inputs = read_inputs(spec)
    species = _species(to.references, spec, inputs)
    mark = _mark(to, spec, hashes, species)
    annotation = _annotation(to.references, species)
    scratch = to.home / "scratch" / spec.dataset_id
    try:
        prepared = prepare(spec, inputs, annotation, scratch=scratch, progress=to.progress)
        write_rejected(prepared.rejected, to.rejected_path(spec.dataset_id))
        paths = write_matrices(prepared, _folder(to, spec.dataset_id), to.progress)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    given = {kind: hashes[part.matrix.path] for kind, part in inputs.parts.items()}
    record = _record(spec, prepared, species=species, paths=paths, hashes=given)
    told = {"counts": _counts(prepared), "rates": dict(prepared.rates), "notes": dict(prepared.notes)}
    told["kinds"] = list(prepared.matrices)
    _write(to, record, prepared)
    marks = {
        "num_near": len(prepared.near),
        "num_detections": len(prepared.detections),
        "report": json.dumps(told),
        "lifted_from": prepared.lifted_from,
    }
    report = _report(to, spec, told, started=started, is_changed=True)

    def complete() -> DatasetReport:
        _complete(to, record, marks, fingerprint=mark)
        return report

    return complete


def _mark(to: Destination, spec: DatasetSpec, hashes: Mapping[Path, str], species: str) -> str:
    said = {key: value for key, value in asdict(spec).items() if key not in _NOT_SAID}
    given = {kind: hashes.get(getattr(spec, kind)) for kind in (*KINDS, "chain")}
    return fingerprint(said, given, to.references.fingerprints(species, NAMING))


def _species(references: References, spec: DatasetSpec, inputs: Inputs) -> str:
    if spec.species:
        references.fingerprints(spec.species, NAMING)
    annotations = [row for row in references.states().values() if row["stage"] == "annotation"]
    return species_of(
        given_names(inputs.parts["rna"].var),
        said=spec.species,
        known=sorted({row["species"] for row in annotations if row["state"] == "complete"}),
        names_of=references.names,
        file=inputs.parts["rna"].title,
    )


def _annotation(references: References, species: str) -> Annotation:
    assemblies = {
        row["assembly_id"]: Assembly(
            assembly_id=row["assembly_id"],
            species=species,
            aliases=tuple(row["aliases"]),
            chrom_sizes=dict(zip(row["chroms"], row["chrom_sizes"], strict=True)),
        )
        for row in references.assemblies(species)
    }
    return Annotation(species, references.locations(species), references.names(species), assemblies)


def _folder(to: Destination, dataset_id: str) -> Path:
    return to.home / "datasets" / dataset_id


def _state(to: Destination, dataset_id: str) -> Row:
    rows = to.store.read(statements.DATASETS)
    return next((row for row in rows if row["dataset_id"] == dataset_id), {})


def _is_unchanged(to: Destination, spec: DatasetSpec, state: Row, mark: str) -> bool:
    if state.get("state") != "complete" or state.get("fingerprint") != mark:
        return False
    folder, kinds = _folder(to, spec.dataset_id), json.loads(state["report"])["kinds"]
    if not all(matrix_path(folder, kind).is_file() for kind in KINDS if kind in kinds):
        return False
    found = tuple(_count(to, statement, spec.dataset_id) for statement in _COUNTS)
    return found == (state["num_near"], state["num_detections"])


def _count(to: Destination, statement: LiteralString, dataset_id: str) -> int:
    return int(to.store.read(statement, dataset_id=dataset_id)[0]["num_written"])


def _record(
    spec: DatasetSpec,
    prepared: Prepared,
    *,
    species: str,
    paths: Mapping[Kind, Path],
    hashes: Mapping[Kind, str],
) -> Dataset:
    sizes = {kind: len(counts.var) for kind, counts in prepared.matrices.items()}
    return Dataset(
        dataset_id=spec.dataset_id,
        name=spec.name,
        species=species,
        assembly=prepared.assembly,
        num_cells=len(prepared.obs),
        num_genes=sizes["rna"],
        num_peaks=sizes.get("atac", 0),
        num_proteins=sizes.get("protein", 0),
        rna_path=str(paths["rna"]),
        rna_sha256=hashes["rna"],
        atac_path=str(paths.get("atac", "")),
        atac_sha256=hashes.get("atac", ""),
        protein_path=str(paths.get("protein", "")),
        protein_sha256=hashes.get("protein", ""),
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


def _write(to: Destination, record: Dataset, prepared: Prepared) -> None:
    store, dataset_id = to.store, record.dataset_id
    store.write(write.BEGIN_DATASET, **asdict(record))
    store.write_autocommit(statements.DELETE_NEAR, dataset_id=dataset_id)
    store.write_autocommit(statements.DELETE_DETECTIONS, dataset_id=dataset_id)
    context_ids = [context.context_id for context in prepared.contexts.records]
    store.write(statements.DELETE_OTHER_CONTEXTS, dataset_id=dataset_id, context_ids=context_ids)
    for context in prepared.contexts.records:
        store.write(write.CONTEXT, **asdict(context))
    peaks, near = _peak_nodes(prepared), prepared.near.assign(dataset_id=dataset_id)
    to.edges(to, record.name, ((PEAKS, peaks), (NEAR, near), (DETECTIONS, prepared.detections)))


def _complete(to: Destination, record: Dataset, marks: Row, *, fingerprint: str) -> None:
    """Let readers see a data set that was written."""
    proteins = {name: getattr(record, name) for name in ("num_proteins", "protein_path", "protein_sha256")}
    to.store.write(statements.MARK_DATASET, dataset_id=record.dataset_id, **marks, **proteins)
    to.store.write(write.COMPLETE_DATASET, dataset_id=record.dataset_id, fingerprint=fingerprint)


def _peak_nodes(prepared: Prepared) -> pd.DataFrame:
    if "atac" not in prepared.matrices:
        return pd.DataFrame(columns=pd.Index(list(PEAKS.columns)))
    rows = prepared.matrices["atac"].var.reset_index(names="peak_id").assign(assembly=prepared.assembly)
    nodes: pd.DataFrame = rows[list(PEAKS.columns)]
    return nodes


def _report(
    to: Destination, spec: DatasetSpec, told: Row, *, started: float, is_changed: bool
) -> DatasetReport:
    return DatasetReport(
        dataset_id=spec.dataset_id,
        counts=told["counts"],
        rates=told["rates"],
        notes=told["notes"],
        seconds=time.perf_counter() - started,
        is_changed=is_changed,
        rejected_path=to.rejected_path(spec.dataset_id),
    )
