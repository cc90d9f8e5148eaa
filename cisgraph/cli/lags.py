"""``cisgraph lags``: how well lags are recovered where the truth is known, and pictures of them."""

import difflib
import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from graph.errors import NotFoundError

lags_app = typer.Typer(name="lags", help="Lags between chromatin and RNA.", no_args_is_help=True)


class TimeKind(StrEnum):
    """Which time the estimate is given."""

    TRUE = "true"
    ESTIMATED = "estimated"


@lags_app.command()
def simulate(
    cells: Annotated[int, typer.Option("--cells", min=1, help="Cells.")] = 5_000,
    counts: Annotated[float, typer.Option("--counts", help="Mean count of a gene in a cell.")] = 0.3,
    genes: Annotated[int, typer.Option("--genes", min=1, help="Genes.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Of the cells and of the estimate.")] = 0,
    pseudotime: Annotated[TimeKind, typer.Option("--pseudotime", help="Known or estimated.")] = TimeKind.TRUE,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Simulate genes with known lags, estimate them, and say how many were found."""
    require_training()
    from model.lags.simulate import TrajectoryDesign
    from model.lags.trial import try_lags

    design = TrajectoryDesign(num_cells=cells, num_genes=genes, mean_count=counts)
    trial = try_lags(design, seed=seed, estimated_time=pseudotime is TimeKind.ESTIMATED)
    told = asdict(trial.recovery) | {"time_correlation": trial.time_correlation, "obstacle": trial.obstacle}
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table(show_header=False, box=None)
    for name, value in told.items():
        table.add_row(
            name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else str(value or "-")
        )
    standard_output().print(table)


@lags_app.command()
def plot(
    gene: Annotated[str, typer.Argument(help="Symbol of the gene.")],
    dataset: Annotated[str, typer.Option("--dataset", help="Id of a data set in the graph.")],
    root: Annotated[
        str | None, typer.Option("--root", help="Barcode where a pseudotime starts; else the time points.")
    ] = None,
    source: Annotated[str, typer.Option("--source", help="Source of regulators in the graph.")] = "dorothea",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the pictures.")] = Path("lags"),
    seed: Annotated[int, typer.Option("--seed", help="Of the estimate.")] = 0,
) -> None:
    """Draw chromatin, RNA and window lags of a gene, the heat map of all, and their agreement along time."""
    require_training()
    from cisgraph.report.lag_curves import paint_agreement, paint_gene, paint_heat_map
    from cisgraph.report.lag_data import read_curves
    from cisgraph.report.panel import file_name

    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        progress("estimating lags", None)
        curves = read_curves(store, dataset, source_id=source, root=root, seed=seed)
    here = [position for position, name in enumerate(curves.symbols) if name == gene]
    if not here:
        raise NotFoundError(
            f"no tested gene {gene!r} in data set {dataset!r}",
            suggestions=difflib.get_close_matches(gene, curves.symbols.tolist()),
        )
    output.mkdir(parents=True, exist_ok=True)
    for path in (
        paint_gene(curves, here[0], output / file_name("lag", gene)),
        paint_heat_map(curves, output / file_name("lags", dataset)),
        paint_agreement(curves, output / file_name("agreement", dataset)),
    ):
        standard_output().print(f"picture: {path}")
