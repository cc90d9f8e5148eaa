"""The main job: ingest -> graph -> model -> graph -> validation, on one screen."""

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cisgraph.shipped import DATASETS, SEED, chip_contexts
from cisgraph.stages import Stages
from graph import runs
from graph.errors import ConflictError, NotFoundError
from graph.local import LocalServer
from graph.progress import Progress, silent
from graph.store import GraphStore
from graph.validation.report_card import validate_run
from ingest.demo import demo_plan
from ingest.plan import ingest
from ingest.report import IngestReport
from model.data import read_dataset
from model.network import Network, infer_network
from model.network_config import NetworkConfig
from model.prediction import config_for, predict_network
from model.run_plan import planned_run_id
from model.trained_model import TrainedModel
from model.writeback import write_network


@dataclass(frozen=True)
class Trained:
    """A run that is in the graph, and whether it was there before."""

    run: Mapping[str, Any]  # properties of the run
    was_there: bool

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return str(self.run["run_id"])


@dataclass(frozen=True)
class Job:
    """A run that is to be made; the verb names its stage."""

    dataset_id: str
    config: NetworkConfig
    seed: int
    verb: str = "train"


@dataclass(frozen=True)
class Outcome:
    """What the main job did."""

    ingested: IngestReport
    trained: tuple[Trained, ...]
    swept: tuple[str, ...]
    figures: Mapping[str, Mapping[str, Any]]  # validation of each run, JSON
    stages: Stages = field(default_factory=Stages)


def run_main_job(
    store: GraphStore,
    *,
    demo_dir: Path,
    home: Path,
    server: LocalServer | None,
    stages: Stages,
    progress: Progress = silent,
) -> Outcome:
    """Load what cisgraph ships, train on both data sets, write the networks and judge them.

    Every step can be repeated, and one that was killed is finished by the next call: what is loaded or
    trained already is left as it is, what a dead run left is swept.
    """
    with stages.timed("ingest"):
        ingested = ingest(store, demo_plan(demo_dir), home=home, progress=progress, server=server)
    swept = tuple(runs.sweep(store))
    trained = tuple(
        train_dataset(
            store, Job(dataset_id, NetworkConfig(), SEED), home=home, stages=stages, progress=progress
        )
        for dataset_id in DATASETS
    )
    with stages.timed("validate"):
        figures = {one.run_id: _validate(store, one, progress) for one in trained}
    return Outcome(ingested=ingested, trained=trained, swept=swept, figures=figures, stages=stages)


def train_dataset(
    store: GraphStore,
    job: Job,
    *,
    home: Path,
    stages: Stages,
    progress: Progress = silent,
) -> Trained:
    """Train on a data set and write its network, unless the same run is complete already.

    Raises
    ------
    NotFoundError
        If the data set or the training source is not in the graph.
    ConflictError
        If the run is complete, but the file with its scores is gone.
    InputError
        If the two have too little in common.
    """

    def infer() -> Network:
        return infer_network(
            store, job.dataset_id, config=job.config, seed=job.seed, models_dir=home / "models",
            progress=progress,
        )  # fmt: skip

    return _write_run(store, job, infer, home=home, stages=stages, progress=progress)


def predict_dataset(
    store: GraphStore,
    job: Job,
    model: TrainedModel,
    *,
    home: Path,
    stages: Stages,
    progress: Progress = silent,
) -> Trained:
    """Score a data set with a model that was trained on another one, and write its network.

    Raises
    ------
    NotFoundError
        If the data set or the training source is not in the graph.
    ConflictError
        If the run is complete, but the file with its scores is gone, or the model reads a feature that the
        graph does not give.
    InputError
        If model and data have too little in common.
    """
    chosen = replace(job, config=config_for(model, job.config), verb="predict")

    def infer() -> Network:
        return predict_network(
            store, job.dataset_id, model=model, config=chosen.config, seed=job.seed,
            models_dir=home / "models", progress=progress,
        )  # fmt: skip

    return _write_run(store, chosen, infer, home=home, stages=stages, progress=progress)


def _write_run(
    store: GraphStore,
    job: Job,
    infer: Callable[[], Network],
    *,
    home: Path,
    stages: Stages,
    progress: Progress,
) -> Trained:
    """Infer a network and write it, unless the run is complete already."""
    dataset, _ = read_dataset(store, job.dataset_id)
    run_id = planned_run_id(store, dataset, config=job.config, seed=job.seed)
    complete = _complete(store, run_id)
    if complete is not None:
        return Trained(run=complete, was_there=True)
    stage = f"{job.verb} {job.dataset_id}"
    with stages.timed(stage):
        network = infer()
    with stages.timed("write back"):
        write_network(
            store,
            replace(network, seconds=stages.seconds[stage]),
            runs_dir=home / "runs",
            code_version=code_version(),
            progress=progress,
        )
    return Trained(run=runs.get(store, run_id), was_there=False)


def _validate(store: GraphStore, one: Trained, progress: Progress) -> Mapping[str, Any]:
    contexts = chip_contexts(one.run["dataset_id"])
    return validate_run(store, one.run_id, chip_contexts=contexts, seed=SEED, progress=progress)


def code_version() -> str:
    """Return the version of the installed cisgraph."""
    return importlib.metadata.version("cisgraph")


def _complete(store: GraphStore, run_id: str) -> Mapping[str, Any] | None:
    try:
        run = runs.get(store, run_id)
    except NotFoundError:
        return None
    if run["state"] != "complete":
        return None
    if not Path(run["scores_path"]).exists():
        raise ConflictError(
            f"run {run_id} is complete, but its scores are not at {run['scores_path']}",
            hint=f"put the file back, or `cisgraph runs delete {run_id}` and train again",
        )
    return run
