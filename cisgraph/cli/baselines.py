"""``cisgraph baselines``: the methods that any model must beat, each a run of its own kind in the graph."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from cisgraph.shipped import DATASETS, SEED
from graph import runs


def baselines(
    dataset: Annotated[str, typer.Option(help="Id of a data set in the graph.")] = DATASETS[0],
    methods: Annotated[
        str, typer.Option(help="Names with commas between them, such as degree,grnboost2; without any, all.")
    ] = "",
    source: Annotated[str, typer.Option(help="Database whose edges those that are fitted see.")] = "dorothea",
    top_targets: Annotated[int, typer.Option(min=1, help="Targets that each regulator keeps.")] = 200,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the split and of methods.")] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Score every pair with each baseline and write the best edges as BASELINE relationships."""
    require_training()
    from cisgraph.main_job import code_version
    from model.baselines.catalogue import by_name, chosen
    from model.baselines.reading import read_bench
    from model.baselines.runs import Plan, write_baselines

    settings = load_settings()
    with shown_progress() as progress, opened_store(settings, progress) as store:
        runs.sweep(store)
        bench = read_bench(store, dataset, source_id=source, seed=seed, progress=progress)
        others = [name for name in bench.evidence.claims if name != source]
        written = write_baselines(
            store,
            bench,
            chosen(names(methods), by_name(others)),
            plan=Plan(seed=seed, top_targets=top_targets),
            runs_dir=settings.runs_dir,
            code_version=code_version(),
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in written]))
        return
    table = Table("baseline", "run", "edges", "", box=None)
    for each in written:
        table.add_row(
            each.name, each.run_id, f"{each.num_edges:,}", "was there" if each.was_there else "written"
        )
    console = standard_output()
    console.print(table)
    console.print(f"next: cisgraph benchmark --dataset {dataset}")


def names(text: str) -> list[str]:
    """Return what stands between the commas of an option."""
    return [part.strip() for part in text.split(",") if part.strip()]
