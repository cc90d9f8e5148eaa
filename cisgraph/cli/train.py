"""``cisgraph train``: a data set of the graph -> a network in the graph."""

import json
from typing import Annotated

import typer

from cisgraph.cli.console import standard_output
from cisgraph.cli.figures import runs_table
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from cisgraph.shipped import SEED
from cisgraph.stages import Stages
from graph import runs


def train(
    dataset: Annotated[str, typer.Argument(help="Id of a data set in the graph.")],
    *,
    source: Annotated[str, typer.Option(help="Source whose regulator-target pairs train.")] = "dorothea",
    levels: Annotated[
        str | None,
        typer.Option(help="Confidence levels that train, such as A,B; A,B for dorothea, else all."),
    ] = None,
    top_targets: Annotated[
        int, typer.Option(min=1, help="Targets that each regulator keeps in each context.")
    ] = 200,
    min_cells: Annotated[
        int, typer.Option(min=1, help="Cells of a context in which both ends must be counted.")
    ] = 3,
    cells_each: Annotated[
        int,
        typer.Option(min=1, help="Cells of a metacell at most; fewer where that leaves under 30 metacells."),
    ] = 10,
    chip: Annotated[
        bool, typer.Option("--chip", help="Read ChIP-seq as evidence; it cannot judge the network then.")
    ] = False,
    lag_root: Annotated[
        str | None,
        typer.Option(help="Barcodes of first cells, commas between: orders cells without time points."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Seed of everything that is random.")
    ] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Train on a data set, write regulator-target edges and gene-peak links, and publish the run."""
    require_training()
    from cisgraph.main_job import Job, train_dataset
    from model.lags.config import LagConfig
    from model.network_config import NetworkConfig

    config = NetworkConfig(
        source_id=source,
        confidences=_levels(source) if levels is None else _parts(levels),
        top_targets=top_targets,
        min_cells_context=min_cells,
        cells_each=cells_each,
        chip=chip,
        lags=LagConfig(root=lag_root),
    )
    settings, stages = load_settings(), Stages()
    with shown_progress() as progress, opened_store(settings, progress) as store:
        runs.sweep(store)
        trained = train_dataset(
            store,
            Job(dataset, config, seed),
            home=settings.cisgraph_home,
            stages=stages,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps({**trained.run, "was_there": trained.was_there}, default=str))
        return
    console = standard_output()
    console.print(runs_table([trained.run]))
    if trained.was_there:
        console.print("this run was complete already, nothing was done")
    console.print(f"next: cisgraph validate {trained.run_id}")


def _levels(source: str) -> tuple[str, ...] | None:
    """Return the levels that train without being asked for: the curated ones of DoRothEA."""
    return ("A", "B") if source == "dorothea" else None


def _parts(levels: str) -> tuple[str, ...] | None:
    return tuple(part.strip() for part in levels.split(",") if part.strip()) or None
