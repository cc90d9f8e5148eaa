"""``cisgraph ingest``: files into the graph, with an account of every row that was left out."""

from pathlib import Path
from typing import Annotated

import typer

from cisgraph.cli import ingest_files, ingest_regions
from cisgraph.cli.loading import AcceptOption, DryRunOption, JsonOption, LicenceOption, load_plan
from cisgraph.shipped import DEMO_DIR
from graph.errors import InputError
from ingest.catalogue import SOURCES, source_named
from ingest.demo import CHAIN_FILE, demo_plan
from ingest.multiome.quality import Thresholds
from ingest.multiome.spec import KINDS, DatasetSpec, Kind
from ingest.plan import Plan, all_sources

ingest_app = typer.Typer(
    name="ingest",
    help="Load annotation, evidence and paired data sets; what is there already is left as it is.",
    no_args_is_help=True,
)

DataDirOption = Annotated[Path, typer.Option(help="Folder laid out like demo/.")]

KEEP = Thresholds()
"""What quality control keeps unless more is asked of it."""


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
    rna: Annotated[
        Path,
        typer.Option(
            help="Raw counts of genes: .h5ad, .h5mu, 10x .h5, 10x folder, zarr; others may be in it."
        ),
    ],
    atac: Annotated[Path | None, typer.Option(help="Peaks, if they are not in the file of RNA.")] = None,
    protein: Annotated[
        Path | None, typer.Option(help="Proteins, if they are not in the file of RNA.")
    ] = None,
    dataset_id: Annotated[str, typer.Option(help="Key of the data set in the graph.")],
    name: Annotated[str, typer.Option(help="Name for people; the id without one.")] = "",
    context_column: Annotated[str, typer.Option(help="Column of obs whose values become contexts.")] = "",
    species: Annotated[str, typer.Option(help="Such as human or mouse; told by the genes without.")] = "",
    assembly: Annotated[
        str, typer.Option(help="Of the peaks, such as GRCh38 or mm10; detected without.")
    ] = "",
    lift_over: Annotated[
        bool, typer.Option("--lift-over", help="Move peaks to the genes' assembly.")
    ] = False,
    chain: Annotated[
        Path, typer.Option(help="UCSC chain file; the shipped one leads from hg19 to hg38.")
    ] = DEMO_DIR / CHAIN_FILE,
    layer: Annotated[str, typer.Option(help="Layer (or X, raw) with the raw counts; found without.")] = "",
    modality: Annotated[
        list[str] | None, typer.Option(help="Which modality is which, such as rna=GEX; may be repeated.")
    ] = None,
    ignore_suffix: Annotated[
        bool, typer.Option("--ignore-suffix", help="Match barcodes without suffix and name of sample.")
    ] = False,
    min_genes: Annotated[int, typer.Option(help="Genes that a cell must have.")] = KEEP.min_genes_per_cell,
    max_genes: Annotated[int | None, typer.Option(help="Genes that a cell may have.")] = None,
    min_peaks: Annotated[int, typer.Option(help="Peaks that a cell must have.")] = KEEP.min_peaks_per_cell,
    max_peaks: Annotated[int | None, typer.Option(help="Peaks that a cell may have.")] = None,
    max_mitochondrial: Annotated[
        float, typer.Option(help="Share (0 to 1) of a cell's counts that may be mitochondrial.")
    ] = KEEP.max_mitochondrial_share,
    min_cells_per_gene: Annotated[int, typer.Option(help="Cells that must have a gene.")] = 0,
    min_cells_per_peak: Annotated[int, typer.Option(help="Cells that must have a peak.")] = 0,
    time_column: Annotated[str, typer.Option(help="Column of obs with real time points.")] = "",
    time_unit: Annotated[str, typer.Option(help="Unit of the time points, such as h.")] = "",
    licence: Annotated[str, typer.Option(help="Licence of the data.")] = "",
    citation: Annotated[str, typer.Option(help="DOI of the data.")] = "",
    memory_mb: Annotated[int, typer.Option(min=1, help="Memory for blocks of counts, MB.")] = 500,
    json_: JsonOption = False,
) -> None:
    """Load RNA with ATAC, proteins or both of the same cells."""
    spec = DatasetSpec(
        dataset_id=dataset_id,
        name=name or dataset_id,
        rna=rna,
        atac=atac,
        protein=protein,
        chain=chain if chain.exists() or chain != DEMO_DIR / CHAIN_FILE else None,
        layer=layer,
        modalities=_modalities(modality or []),
        ignore_suffix=ignore_suffix,
        context_column=context_column,
        species=species,
        assembly=assembly,
        lift_over=lift_over,
        time_column=time_column,
        time_unit=time_unit,
        licence=licence,
        citation=citation,
        thresholds=Thresholds(
            min_genes_per_cell=min_genes,
            max_genes_per_cell=max_genes,
            min_peaks_per_cell=min_peaks,
            max_peaks_per_cell=max_peaks,
            max_mitochondrial_share=max_mitochondrial,
            min_cells_per_gene=min_cells_per_gene,
            min_cells_per_peak=min_cells_per_peak,
        ),
        memory_mb=memory_mb,
    )
    load_plan(Plan(datasets=(spec,)), as_json=json_)


def _modalities(said: list[str]) -> dict[Kind, str]:
    named: dict[Kind, str] = {}
    for each in said:
        kind, _, name = each.partition("=")
        if kind not in KINDS or not name:
            raise InputError(
                f"--modality {each!r}: expected one of {list(KINDS)}, `=` and a name", hint="rna=GEX"
            )
        named[kind] = name
    return named


def _require_data_dir(data_dir: Path) -> None:
    if not data_dir.is_dir():
        raise InputError(
            f"no folder {data_dir.absolute()}",
            hint="run in the project's folder, or name the data folder with `--data-dir`",
        )


ingest_files.add_to(ingest_app)
ingest_regions.add_to(ingest_app)
