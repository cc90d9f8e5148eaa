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
from cisgraph.cli.lag_check import check
from cisgraph.cli.lag_table import lag_rows, lag_words
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings
from graph.errors import NotFoundError

lags_app = typer.Typer(name="lags", help="Lags between chromatin and RNA.", no_args_is_help=True)
lags_app.command()(check)


class EstimatorKind(StrEnum):
    """How lags along time are estimated."""

    LIKELIHOOD = "likelihood"
    CROSS_CORRELATION = "cross-correlation"
    ATTENTION = "attention"


class PresetKind(StrEnum):
    """Settings of the attention model."""

    CPU = "cpu"
    GPU = "gpu"


class TimeKind(StrEnum):
    """Which time the estimate is given."""

    TRUE = "true"
    ESTIMATED = "estimated"


DatasetOption = Annotated[str, typer.Option("--dataset", help="Id of a data set in the graph.")]
RootOption = Annotated[
    str | None,
    typer.Option("--root", help="Barcodes where a pseudotime starts, commas between; else the times."),
]
SourceOption = Annotated[str, typer.Option("--source", help="Source of regulators in the graph.")]
RunOption = Annotated[
    str | None,
    typer.Option("--run", help="Run whose gene-peak links weigh the peaks; else the default run, else even."),
]
EstimatorOption = Annotated[EstimatorKind, typer.Option("--estimator", help="Of lags along time.")]
PresetOption = Annotated[PresetKind, typer.Option("--preset", help="Of the attention model.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Of the estimate.")]


@lags_app.command()
def simulate(
    cells: Annotated[int, typer.Option("--cells", min=1, help="Cells.")] = 5_000,
    counts: Annotated[float, typer.Option("--counts", help="Mean count of a gene in a cell.")] = 0.3,
    genes: Annotated[int, typer.Option("--genes", min=1, help="Genes.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Of the cells and of the estimate.")] = 0,
    pseudotime: Annotated[TimeKind, typer.Option("--pseudotime", help="Known or estimated.")] = TimeKind.TRUE,
    estimator: EstimatorOption = EstimatorKind.LIKELIHOOD,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Simulate genes with known lags, estimate them, and say how many were found."""
    require_training()
    from model.lags.estimators import estimator_named
    from model.lags.simulate import TrajectoryDesign
    from model.lags.trial import try_lags

    design = TrajectoryDesign(num_cells=cells, num_genes=genes, mean_count=counts)
    trial = try_lags(
        design, seed=seed, estimated_time=pseudotime is TimeKind.ESTIMATED,
        estimator=estimator_named(estimator.value),
    )  # fmt: skip
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
def estimate(
    *,
    dataset: DatasetOption,
    root: RootOption = None,
    gene: Annotated[list[str] | None, typer.Option("--gene", help="Genes to show; else the surest.")] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Genes shown if none is named.")] = 15,
    estimator: EstimatorOption = EstimatorKind.LIKELIHOOD,
    preset: PresetOption = PresetKind.CPU,
    run: RunOption = None,
    source: SourceOption = "dorothea",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File .h5ad with the lags of genes and of cells.")
    ] = None,
    seed: SeedOption = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, all genes.")] = False,
) -> None:
    """Estimate the lag of each gene's RNA behind its chromatin; nothing is written to the graph."""
    require_training()
    from cisgraph.report.lag_data import estimate_lags, read_timed_cells
    from cisgraph.report.lag_file import check_path, lag_table, write_lags

    if output is not None:
        check_path(output)
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        progress("reading cells", None)
        cells = read_timed_cells(store, dataset, source_id=source, root=root, run_id=run, seed=seed)
        progress("estimating lags", None)
        lags = estimate_lags(cells, name=estimator.value, preset=preset.value, seed=seed)
    table = lag_table(cells, lags)
    if output is not None:
        write_lags(output, cells, lags, estimator=estimator.value)
    if as_json:
        typer.echo(table.reset_index().to_json(orient="records", indent=2))
        return
    console = standard_output()
    console.print(lag_words(table, cells, lags))
    console.print(lag_rows(table, list(gene) if gene else [], top=top))
    if output is not None:
        console.print(f"file: {output}")


@lags_app.command()
def plot(
    gene: Annotated[str, typer.Argument(help="Symbol of the gene.")],
    *,
    dataset: DatasetOption,
    root: RootOption = None,
    estimator: EstimatorOption = EstimatorKind.LIKELIHOOD,
    preset: PresetOption = PresetKind.CPU,
    run: RunOption = None,
    source: SourceOption = "dorothea",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the pictures.")] = Path("lags"),
    seed: SeedOption = 0,
) -> None:
    """Draw chromatin, RNA and window lags of a gene, heat maps of all lags, and agreement along time."""
    require_training()
    from cisgraph.report.lag_curves import paint_agreement, paint_course, paint_gene, paint_heat_map
    from cisgraph.report.lag_data import curves_from, estimate_lags, read_timed_cells
    from cisgraph.report.panel import file_name

    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        progress("reading cells", None)
        cells = read_timed_cells(store, dataset, source_id=source, root=root, run_id=run, seed=seed)
        progress("estimating lags", None)
        lags = estimate_lags(cells, name=estimator.value, preset=preset.value, seed=seed)
    curves = curves_from(cells, lags)
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
        paint_course(curves, output / file_name("delta-tau", dataset)),
        paint_agreement(curves, output / file_name("agreement", dataset)),
    ):
        standard_output().print(f"picture: {path}")
