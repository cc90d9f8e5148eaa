"""``cisgraph ingest``: files into the graph, with an account of every row that was left out."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.progress import shown_progress
from cisgraph.connection import connect_settings
from cisgraph.settings import load_settings
from cisgraph.shipped import DEMO_DIR
from graph.errors import InputError
from graph.store import GraphStore
from ingest.catalogue import SOURCES, source_named
from ingest.demo import CHAIN_FILE, demo_plan
from ingest.multiome.spec import DatasetSpec
from ingest.plan import Plan, all_sources, ingest
from ingest.report import DatasetReport, IngestReport, SourceReport

ingest_app = typer.Typer(
    name="ingest",
    help="Load annotation, evidence and paired data sets; what is there already is left as it is.",
    no_args_is_help=True,
)

JsonOption = Annotated[bool, typer.Option("--json", help="Print the account as JSON.")]
DataDirOption = Annotated[Path, typer.Option(help="Folder laid out like demo/.")]


@ingest_app.command("all")
def ingest_all(
    demo: Annotated[bool, typer.Option("--demo", help="Also the two shipped data sets.")] = False,
    data_dir: DataDirOption = DEMO_DIR,
    json_: JsonOption = False,
) -> None:
    """Load the annotation and all sources of a data folder."""
    _require_data_dir(data_dir)
    _ingest(demo_plan(data_dir) if demo else Plan(sources=all_sources(data_dir)), as_json=json_)


@ingest_app.command("source")
def ingest_source(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(spec.source_id for spec in SOURCES)}.")],
    files: Annotated[list[Path], typer.Argument(help="Its files, in the order of docs and demo/NOTES.md.")],
    json_: JsonOption = False,
) -> None:
    """Load one source from its files."""
    spec = source_named(name)
    if len(files) != len(spec.files):
        expected = ", ".join(Path(file).name for file in spec.files)
        raise InputError(f"{name} takes {len(spec.files)} files ({expected}), found {len(files)}")
    _ingest(Plan(sources=((spec, files),)), as_json=json_)


@ingest_app.command("multiome")
def ingest_multiome(
    *,
    rna: Annotated[Path, typer.Option(help="RNA, .h5ad with raw counts.")],
    atac: Annotated[Path, typer.Option(help="ATAC, .h5ad with raw counts; peaks in var.")],
    dataset_id: Annotated[str, typer.Option(help="Key of the data set in the graph.")],
    name: Annotated[str, typer.Option(help="Name for people; the id without one.")] = "",
    context_column: Annotated[str, typer.Option(help="Column of obs whose values become contexts.")] = "",
    assembly: Annotated[str, typer.Option(help="GRCh38 / hg38 or GRCh37 / hg19; detected without.")] = "",
    lift_over: Annotated[bool, typer.Option("--lift-over", help="Move GRCh37 peaks to GRCh38.")] = False,
    time_column: Annotated[str, typer.Option(help="Column of obs with real time points.")] = "",
    time_unit: Annotated[str, typer.Option(help="Unit of the time points, such as h.")] = "",
    chain: Annotated[Path, typer.Option(help="UCSC chain hg19 to hg38.")] = DEMO_DIR / CHAIN_FILE,
    licence: Annotated[str, typer.Option(help="Licence of the data.")] = "",
    citation: Annotated[str, typer.Option(help="DOI of the data.")] = "",
    json_: JsonOption = False,
) -> None:
    """Load a pair of RNA and ATAC matrices of the same cells."""
    spec = DatasetSpec(
        dataset_id=dataset_id,
        name=name or dataset_id,
        rna=rna,
        atac=atac,
        chain=chain,
        context_column=context_column,
        assembly=assembly,
        lift_over=lift_over,
        time_column=time_column,
        time_unit=time_unit,
        licence=licence,
        citation=citation,
    )
    _ingest(Plan(datasets=(spec,)), as_json=json_)


def show_report(report: IngestReport, console: Console) -> None:
    """Print what was read, kept and rejected, and where the rejected rows are."""
    if report.sources:
        console.print(_source_table(report))
    for dataset in report.datasets:
        console.print(_dataset_text(dataset))
    paths = [each.rejected_path for each in report.sources] + [each.rejected_path for each in report.datasets]
    for folder in sorted({str(path.parent) for path in paths}):
        console.print(f"rejected rows, one file a source: {escape(folder)}", soft_wrap=True)
    console.print(f"release {report.release_id}, {report.seconds:.1f} s")


def _ingest(plan: Plan, *, as_json: bool) -> None:
    settings = load_settings()
    with shown_progress() as progress:
        connection = connect_settings(settings, progress)
        with GraphStore.connect(
            connection.uri,
            user=connection.user,
            password=connection.password,
            database=connection.database,
        ) as store:
            report = ingest(store, plan, home=settings.cisgraph_home, progress=progress)
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str, indent=2))
    else:
        show_report(report, standard_output())


def _require_data_dir(data_dir: Path) -> None:
    if not data_dir.is_dir():
        raise InputError(
            f"no folder {data_dir.absolute()}",
            hint="run in the project's folder, or name the data folder with `--data-dir`",
        )


def _source_table(report: IngestReport) -> Table:
    table = Table("source", "read", "kept", "rejected", "in graph", "s", "")
    for source in report.sources:
        table.add_row(
            source.source_id,
            f"{source.num_read:,}",
            f"{source.num_kept:,}",
            _reasons(source),
            f"{source.num_written:,}",
            f"{source.seconds:.1f}",
            "loaded" if source.is_changed else "unchanged",
        )
    return table


def _reasons(source: SourceReport) -> str:
    notes = [f"({text})" for text in [_listed(source.notes)] if text]
    return "\n".join(part for part in (_listed(source.rejected), *notes) if part) or "0"


def _dataset_text(dataset: DatasetReport) -> str:
    rates = ", ".join(f"{rate:.1%} on {name}" for name, rate in dataset.rates.items())
    state = "loaded" if dataset.is_changed else "unchanged"
    return (
        f"[bold]{escape(dataset.dataset_id)}[/bold] {state} in {dataset.seconds:.1f} s: "
        f"{_listed(dataset.counts)}; start sites in peaks: {rates}"
    )


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in numbers.items() if number)
