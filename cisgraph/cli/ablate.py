"""``cisgraph ablate``: what each ingredient of the model is worth, and how it bears damaged inputs."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from cisgraph.cli.baselines import names
from cisgraph.cli.benchmark import grid_table, parsed_seeds
from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from cisgraph.shipped import DATASETS, SEED


class What(StrEnum):
    """The table that is printed."""

    ingredients = "ingredients"
    inputs = "inputs"


def ablate(
    what: Annotated[
        What,
        typer.Argument(
            help="ingredients: the model less one of them after the other; inputs: random or fewer gene-peak "
            "candidates, a prior with edges dropped or false ones added, none."
        ),
    ],
    dataset: Annotated[str, typer.Option(help="Id of a data set in the graph.")] = DATASETS[0],
    splits: Annotated[str, typer.Option(help="edge, regulator, target, database.")] = "edge",
    seeds: Annotated[str, typer.Option(help="Seeds with commas between them.")] = str(SEED),
    source: Annotated[str, typer.Option(help="Database whose edges are split.")] = "dorothea",
    chip: Annotated[bool, typer.Option("--chip", help="Let the model read ChIP-seq.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, all seeds.")] = False,
) -> None:
    """Train the model again and again, each time without something, and print a table of what is lost."""
    require_training()
    from model.baselines.grid import Grid, summary
    from model.baselines.reading import read_bench
    from model.contenders.ingredients import leave_one_out
    from model.contenders.perturbed import perturbed
    from model.contenders.prepared import prepare

    numbers = parsed_seeds(seeds)
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        bench = read_bench(store, dataset, source_id=source, seed=numbers[0], progress=progress)
        prepared = prepare(store, bench, progress=progress)
        make = leave_one_out if what is What.ingredients else perturbed
        grid = Grid(bench, make(prepared, chip=chip))
        tables = grid.tables(splits=names(splits), seeds=numbers, progress=progress)
    rows = summary(tables, baselines=[])
    if as_json:
        typer.echo(json.dumps({"dataset": dataset, "seeds": numbers, "rows": rows, "tables": tables}))
        return
    console = standard_output()
    for split in dict.fromkeys(row["split"] for row in rows):
        about = next(table for table in tables if table["split"] == split)
        console.print(grid_table(split, [row for row in rows if row["split"] == split], about))
