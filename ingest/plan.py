"""Loads sources and data sets in order, and records the release that the graph then is."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from graph.local import LocalServer
from graph.migrations import migrate
from graph.progress import Progress, silent
from graph.schema import LicenceClass
from graph.store import GraphStore
from ingest.catalogue import SOURCES
from ingest.changes import Change, changes
from ingest.datasets import begin_dataset
from ingest.destination import Accept, Destination, accept_all
from ingest.first_load import all_at_once
from ingest.load import begin_source, load_source, parsed
from ingest.multiome.spec import DatasetSpec
from ingest.references import References
from ingest.releases import write_release
from ingest.report import IngestReport
from ingest.source import SourceSpec, Stage

VOCABULARY: Sequence[Stage] = ("annotation", "names", "regulators")
"""Stages that later ones are read by."""

LicenceFilter = Literal["any", "open"]

COMMERCIAL: Sequence[LicenceClass] = ("open", "share-alike")
"""Licence classes that allow commercial use."""


@dataclass(frozen=True)
class Plan:
    """What is to be loaded, in this order: sources with their files, then data sets."""

    sources: Sequence[tuple[SourceSpec, Sequence[Path]]] = field(default_factory=tuple)
    datasets: Sequence[DatasetSpec] = field(default_factory=tuple)


def all_sources(data_dir: Path) -> Sequence[tuple[SourceSpec, Sequence[Path]]]:
    """Return all known sources with their files below a data folder."""
    return tuple((spec, [data_dir / name for name in spec.files]) for spec in SOURCES)


def ingest(
    store: GraphStore,
    plan: Plan,
    *,
    home: Path,
    progress: Progress = silent,
    accept: Accept = accept_all,
    server: LocalServer | None = None,
) -> IngestReport:
    """Load a plan; what the graph holds already is left as it is. Safe to repeat, also after a kill.

    Sources come first, in their order, then data sets, then the sources that speak of their peaks.

    Parameters
    ----------
    accept
        Asked before a source is replaced by a version with other edges.
    server
        The local server, if the graph is on it: a first load then goes through its admin import.

    Raises
    ------
    InputError
        If a file is not what is expected; what was loaded before it stays.
    NotFoundError
        If genes that must be there first are neither in the graph nor earlier in the plan.
    ConflictError
        If a change was not accepted; what was loaded before it stays.
    """
    started = time.perf_counter()
    migrate(store)
    to = Destination(store, References(store), home.absolute(), progress, accept)
    sources = [load_source(to, spec, paths) for spec, paths in _of(plan, *VOCABULARY)]
    evidence = _of(plan, "evidence")
    files = [path for _, paths in evidence for path in paths]
    files += [path for spec in plan.datasets for path in spec.files]
    with all_at_once(to, server, files) as bulk:
        written = [begin_source(bulk, spec, paths) for spec, paths in evidence]
        prepared = [begin_dataset(bulk, spec) for spec in plan.datasets]
    sources += [finish() for finish in written]
    datasets = [finish() for finish in prepared]
    sources += [load_source(to, spec, paths) for spec, paths in _of(plan, "regions")]
    release_id = write_release(store)
    return IngestReport(sources, datasets, release_id, seconds=time.perf_counter() - started)


def _of(plan: Plan, *stages: Stage) -> Sequence[tuple[SourceSpec, Sequence[Path]]]:
    return [(spec, paths) for spec, paths in plan.sources if spec.stage in stages]


def compare(
    store: GraphStore, spec: SourceSpec, paths: Sequence[Path], *, progress: Progress = silent
) -> Mapping[str, Change]:
    """Return by table what the files of a source would change about the graph; nothing is written.

    Raises
    ------
    InputError
        If a file is not what is expected.
    NotFoundError
        If genes that must be there first are not.
    """
    to = Destination(store, References(store), Path(), progress)
    state = to.references.states().get(spec.source_id, {})
    return changes(store, parsed(to, spec, paths).tables, load_id=state.get("load_id") or "")


def allowed(plan: Plan, licence: LicenceFilter) -> tuple[Plan, Sequence[str]]:
    """Return a plan without what a licence filter excludes, and the ids of what was left out.

    `open` keeps what may be used commercially: open and share-alike sources and data sets.
    """
    if licence == "any":
        return plan, ()
    sources = [(spec, paths) for spec, paths in plan.sources if spec.record.licence_class in COMMERCIAL]
    datasets = [spec for spec in plan.datasets if spec.licence_class in COMMERCIAL]
    kept = {spec.source_id for spec, _ in sources} | {spec.dataset_id for spec in datasets}
    ids = [spec.source_id for spec, _ in plan.sources] + [spec.dataset_id for spec in plan.datasets]
    return Plan(sources, datasets), [name for name in ids if name not in kept]
