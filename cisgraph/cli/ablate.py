"""``cisgraph ablate``: what each ingredient of the model is worth, and how it bears damaged inputs."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from cisgraph.cli.baselines import names
from cisgraph.cli.benchmark import grid_table, parsed_seeds
from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from cisgraph.shipped import DATASETS, SEED
from graph.progress import Progress

if TYPE_CHECKING:
    from model.baselines.reading import Bench


class What(StrEnum):
    """The table that is printed."""

    ingredients = "ingredients"
    inputs = "inputs"
    stage1 = "stage1"


def ablate(
    what: Annotated[
        What,
        typer.Argument(
            help="ingredients: the model less one of them after the other; inputs: random or fewer gene-peak "
            "candidates, a prior with edges dropped or false ones added, none; stage1: how well hidden "
            "counts are told with real, random and no candidates."
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
        if what is What.stage1:
            worth = _stage1(bench, seeds=numbers, progress=progress)
            _tell_stage1(worth, as_json=as_json)
            return
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


def _stage1(bench: "Bench", *, seeds: Sequence[int], progress: Progress) -> dict[str, list[float]]:
    from model.epiaware.ablation import CandidateSet
    from model.epiaware.config import BackboneConfig
    from model.epiaware.worth import candidates_worth

    real = CandidateSet(bench.hoods.near_index, bench.hoods.near_distance)
    return candidates_worth(
        real, bench.metacells, config=BackboneConfig.cpu(), seeds=seeds, progress=progress
    )


def _tell_stage1(worth: Mapping[str, Sequence[float]], *, as_json: bool) -> None:
    from model.epiaware.worth import gains

    if as_json:
        typer.echo(json.dumps(worth))
        return
    table = Table(
        "stage 1 knows", "nats a hidden count", "better by", "by seed",
        title="counts of held-out metacells, every gene hidden once", title_justify="left",
    )  # fmt: skip
    for name, gain in gains(worth).items():
        each = worth[name]
        table.add_row(
            name, f"{sum(each) / len(each):.4f}", f"{gain:.4f}", ", ".join(f"{x:.4f}" for x in each)
        )
    standard_output().print(table)
