"""``cisgraph ingest``: files into the graph, with an account of every row that was left out."""

from pathlib import Path
from typing import Annotated

import typer

from cisgraph.cli.loading import AcceptOption, DryRunOption, JsonOption, LicenceOption, load_plan
from cisgraph.shipped import DEMO_DIR
from graph.errors import InputError
from ingest.catalogue import SOURCES, source_named
from ingest.demo import CHAIN_FILE, demo_plan
from ingest.multiome.spec import DatasetSpec
from ingest.plan import Plan, all_sources

ingest_app = typer.Typer(
    name="ingest",
    help="Load annotation, evidence and paired data sets; what is there already is left as it is.",
    no_args_is_help=True,
)

DataDirOption = Annotated[Path, typer.Option(help="Folder laid out like demo/.")]


@ingest_app.command("all")
def ingest_all(
    demo: Annotated[bool, typer.Option("--demo", help="Also the two shipped data sets.")] = False,
    data_dir: DataDirOption = DEMO_DIR,
    licence: LicenceOption = "any",
    accept: AcceptOption = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Load the annotation and all sources of a data folder."""
    _require_data_dir(data_dir)
    plan = demo_plan(data_dir) if demo else Plan(sources=all_sources(data_dir))
    load_plan(plan, as_json=json_, accept=accept, dry_run=dry_run, licence=licence)


@ingest_app.command("source")
def ingest_source(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(spec.source_id for spec in SOURCES)}.")],
    files: Annotated[list[Path], typer.Argument(help="Its files, in the order of docs and demo/NOTES.md.")],
    accept: AcceptOption = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Load one of the known sources from its files."""
    spec = source_named(name)
    if len(files) != len(spec.files):
        expected = ", ".join(Path(file).name for file in spec.files)
        raise InputError(f"{name} takes {len(spec.files)} files ({expected}), found {len(files)}")
    load_plan(Plan(sources=((spec, files),)), as_json=json_, accept=accept, dry_run=dry_run)


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
    load_plan(Plan(datasets=(spec,)), as_json=json_)


def _require_data_dir(data_dir: Path) -> None:
    if not data_dir.is_dir():
        raise InputError(
            f"no folder {data_dir.absolute()}",
            hint="run in the project's folder, or name the data folder with `--data-dir`",
        )
