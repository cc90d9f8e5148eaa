"""``cisgraph predict``: a trained model -> the network of a data set that it has not seen."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cisgraph.cli.console import standard_output
from cisgraph.cli.figures import runs_table
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from cisgraph.shipped import SEED
from cisgraph.stages import Stages
from graph import runs
from graph.errors import InputError, NotFoundError
from graph.store import GraphStore


def predict(
    model: Annotated[
        str, typer.Option(help="Run that `cisgraph train` made, or the folder of such a run.", metavar="RUN")
    ],
    dataset: Annotated[str, typer.Option(help="Id of a data set in the graph, of human or mouse.")],
    *,
    top_targets: Annotated[
        int, typer.Option(min=1, help="Targets that each regulator keeps in each context.")
    ] = 200,
    min_cells: Annotated[
        int, typer.Option(min=1, help="Cells of a context in which both ends must be counted.")
    ] = 3,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of metacells and of stage 1.")] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Apply a trained model to a data set without training labels, write its network and publish the run."""
    require_training()
    from cisgraph.main_job import Job, predict_dataset
    from model.network_config import NetworkConfig
    from model.trained_model import load_model

    settings, stages = load_settings(), Stages()
    with shown_progress() as progress, opened_store(settings, progress) as store:
        trained_model = load_model(_folder_of(store, model))
        runs.sweep(store)
        predicted = predict_dataset(
            store,
            Job(dataset, NetworkConfig(top_targets=top_targets, min_cells_context=min_cells), seed),
            trained_model,
            home=settings.cisgraph_home,
            stages=stages,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps({**predicted.run, "was_there": predicted.was_there}, default=str))
        return
    console = standard_output()
    console.print(runs_table([predicted.run]))
    _print_losses(console, json.loads(predicted.run["metrics"]))
    if predicted.was_there:
        console.print("this run was complete already, nothing was done")
    console.print(f"next: cisgraph validate {predicted.run_id}")


def _folder_of(store: GraphStore, model: str) -> Path:
    """Return the folder of a model.

    Raises
    ------
    NotFoundError
        It is neither a run of the graph nor a folder.
    InputError
        The run is no trained model.
    """
    if Path(model).is_dir():
        return Path(model)
    try:
        run = runs.get(store, model)
    except NotFoundError as error:
        raise NotFoundError(
            f"{model!r} is neither a run of the graph nor a folder", suggestions=list(error.suggestions)
        ) from error
    applied = json.loads(run["config"]).get("model")
    if run["kind"] != "prediction" or applied:
        raise InputError(
            f"run {model} has no model of its own",
            hint=f"use {applied}, whose model it applied" if applied else "`cisgraph train` makes one",
        )
    return Path(run["scores_path"]).parent


def _print_losses(console: Console, metrics: Mapping[str, Any]) -> None:
    """Say what of the model or the data could not be used."""
    console.print(
        f"{metrics['num_regulators']} regulators, {metrics['num_genes']:,} genes; "
        f"{metrics['num_train_edges']:,} known edges carried messages, "
        f"{metrics['num_test_edges']:,} stayed hidden, as they were when the model was trained"
    )
    for what, number in metrics["not_used"].items():
        console.print(f"not used: {number:,} {what}")
