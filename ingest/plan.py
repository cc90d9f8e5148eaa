"""Loads sources and data sets in order, and names the release that the graph then is."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.cypher import ingest as statements
from graph.cypher import write
from graph.migrations import migrate
from graph.progress import Progress, silent
from graph.store import GraphStore
from ingest.catalogue import SOURCES
from ingest.datasets import load_dataset
from ingest.load import Destination, load_source
from ingest.multiome.spec import DatasetSpec
from ingest.references import References
from ingest.report import IngestReport
from ingest.source import SourceSpec


@dataclass(frozen=True)
class Plan:
    """What is to be loaded, in this order: sources with their files, then data sets."""

    sources: Sequence[tuple[SourceSpec, Sequence[Path]]] = field(default_factory=tuple)
    datasets: Sequence[DatasetSpec] = field(default_factory=tuple)


def all_sources(data_dir: Path) -> Sequence[tuple[SourceSpec, Sequence[Path]]]:
    """Return all known sources with their files below a data folder."""
    return tuple((spec, [data_dir / name for name in spec.files]) for spec in SOURCES)


def ingest(store: GraphStore, plan: Plan, *, home: Path, progress: Progress = silent) -> IngestReport:
    """Load a plan; what the graph holds already is left as it is. Safe to repeat, also after a kill.

    Raises
    ------
    InputError
        If a file is not what is expected; what was loaded before it stays.
    NotFoundError
        If a source that must be there first is neither in the graph nor earlier in the plan.
    """
    started = time.perf_counter()
    migrate(store)
    to = Destination(store, References(store), home.absolute(), progress)
    sources = [load_source(to, spec, paths) for spec, paths in plan.sources]
    datasets = [load_dataset(to, spec) for spec in plan.datasets]
    release_id = write_release(store)
    return IngestReport(sources, datasets, release_id, seconds=time.perf_counter() - started)


def write_release(store: GraphStore) -> str:
    """Write the node of the release and return its id: a hash over all complete sources and data sets."""
    sources = [row for row in store.read(statements.SOURCES) if row["state"] == "complete"]
    datasets = [row for row in store.read(statements.DATASETS) if row["state"] == "complete"]
    marks = [(row["source_id"], row["fingerprint"]) for row in sources]
    marks += [(row["dataset_id"], row["fingerprint"]) for row in datasets]
    release_id = hashlib.sha256(json.dumps(marks).encode()).hexdigest()[:16]
    counts = {row["source_id"]: row["num_written"] for row in sources}
    counts |= {row["dataset_id"]: row["num_near"] for row in datasets}
    store.write(write.RELEASE, release_id=release_id, counts=json.dumps(counts))
    return release_id
