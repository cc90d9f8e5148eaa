"""``cisgraph ingest annotation | table | gene-sets | orthologs``: files of a user, by the names of genes."""

from pathlib import Path
from typing import Annotated

import typer

from cisgraph.cli.loading import AcceptOption, DryRunOption, JsonOption, load_plan
from cisgraph.cli.source_options import (
    CitationOption,
    ClassOption,
    LicenceTextOption,
    NameOption,
    SourceIdOption,
    SpeciesOption,
    VersionOption,
    own_id,
    user_source,
)
from ingest.plan import Plan
from ingest.sources import annotation, gene_sets, orthologs, user_table


def ingest_annotation(
    gtf: Annotated[Path, typer.Argument(help="Genes, .gtf or .gtf.gz of Ensembl or GENCODE.")],
    *,
    assembly: Annotated[str, typer.Option(help="Assembly of the coordinates, such as GRCm39.")],
    species: SpeciesOption,
    release: Annotated[int, typer.Option(help="Ensembl release; the highest of a species names its genes.")],
    source_id: SourceIdOption = "",
    chrom_sizes: Annotated[Path | None, typer.Option(help="Sizes of the chromosomes, two columns.")] = None,
    accept: AcceptOption = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Load the genes of any species from a GTF file."""
    spec = annotation.gtf_spec(
        species=species,
        assembly_id=assembly,
        source_id=own_id(source_id or f"gtf_{species}_{assembly}_{release}"),
        release=release,
    )
    files = [gtf, *([chrom_sizes] if chrom_sizes else [])]
    load_plan(Plan(((spec, files),)), accept=accept, dry_run=dry_run, as_json=json_)


def ingest_table(
    table: Annotated[Path, typer.Argument(help=".tsv, .csv (also .gz, .xz) or .parquet with a header.")],
    *,
    source_id: SourceIdOption,
    species: SpeciesOption = "human",
    name: NameOption = "",
    version: VersionOption = "",
    licence: LicenceTextOption = "",
    licence_class: ClassOption = "open",
    citation: CitationOption = "",
    source_column: Annotated[str, typer.Option(help="Column with the regulators.")] = "source",
    target_column: Annotated[str, typer.Option(help="Column with the targets.")] = "target",
    weight_column: Annotated[str, typer.Option(help="Column with the weights, '' without.")] = "weight",
    sign_column: Annotated[str, typer.Option(help="Column with the signs -1, 0, 1, '' without.")] = "",
    signed_weights: Annotated[
        bool, typer.Option("--signed-weights", help="A weight's sign is the edge's.")
    ] = False,
    accept: AcceptOption = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Load a table of regulators and targets as a source of priors."""
    record = user_source(
        source_id,
        name=name,
        version=version,
        species=species,
        licence=licence,
        licence_class=licence_class,
        citation=citation,
    )
    columns = user_table.EdgeColumns(
        source_column, target_column, weight_column or None, sign_column or None, signed_weights
    )
    spec = user_table.spec(record, columns)
    load_plan(Plan(((spec, [table]),)), accept=accept, dry_run=dry_run, as_json=json_)


def ingest_gene_sets(
    gmt: Annotated[Path, typer.Argument(help="Gene sets, .gmt or .gmt.gz.")],
    *,
    source_id: SourceIdOption,
    collection: Annotated[str, typer.Option(help="Name of the collection, such as Reactome.")],
    species: SpeciesOption = "human",
    name: NameOption = "",
    version: VersionOption = "",
    licence: LicenceTextOption = "",
    licence_class: ClassOption = "open",
    citation: CitationOption = "",
    derived_from_regulators: Annotated[
        bool | None,
        typer.Option(
            help="Whether the sets come from a database of regulators; told by their names without."
        ),
    ] = None,
    in_capitals: Annotated[
        bool, typer.Option("--in-capitals", help="The file writes all genes in capitals, the mouse's too.")
    ] = False,
    accept: AcceptOption = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Load gene sets; those that come from databases of regulators are marked and never feed a model."""
    record = user_source(
        source_id,
        name=name,
        version=version,
        species=species,
        licence=licence,
        licence_class=licence_class,
        citation=citation,
    )
    spec = gene_sets.spec(
        record,
        collection=collection,
        derived_from_regulators=derived_from_regulators,
        in_capitals=in_capitals,
    )
    load_plan(Plan(((spec, [gmt]),)), accept=accept, dry_run=dry_run, as_json=json_)


def ingest_orthologs(
    table: Annotated[Path, typer.Argument(help="Table with a gene of each species a row, .tsv or .tsv.gz.")],
    *,
    source_id: SourceIdOption,
    species: SpeciesOption = "human",
    other_species: Annotated[str, typer.Option(help="Species of the other column.")] = "mouse",
    name: NameOption = "",
    version: VersionOption = "",
    licence: LicenceTextOption = "",
    licence_class: ClassOption = "open",
    citation: CitationOption = "",
    source_columns: Annotated[
        list[str] | None, typer.Option(help="Columns that name the species' gene, the most trusted first.")
    ] = None,
    target_columns: Annotated[
        list[str] | None, typer.Option(help="Columns that name the other species' gene.")
    ] = None,
    kind_column: Annotated[str, typer.Option(help="Column with one2one and so on; computed without.")] = "",
    confidence_column: Annotated[str, typer.Option(help="Column with a number, '' without.")] = "",
    min_confidence: Annotated[float | None, typer.Option(help="Leave out pairs below it.")] = None,
    accept: AcceptOption = False,
    dry_run: DryRunOption = False,
    json_: JsonOption = False,
) -> None:
    """Load pairs of genes of two species that descend from one gene."""
    record = user_source(
        source_id,
        name=name,
        version=version,
        species=species,
        licence=licence,
        licence_class=licence_class,
        citation=citation,
    )
    columns = orthologs.OrthologColumns(
        tuple(source_columns or ("source",)),
        tuple(target_columns or ("target",)),
        kind_column or None,
        confidence_column or None,
    )
    spec = orthologs.spec(record, columns, other_species=other_species, min_confidence=min_confidence)
    load_plan(Plan(((spec, [table]),)), accept=accept, dry_run=dry_run, as_json=json_)


def add_to(app: typer.Typer) -> None:
    """Add the commands to a group."""
    app.command("annotation")(ingest_annotation)
    app.command("table")(ingest_table)
    app.command("gene-sets")(ingest_gene_sets)
    app.command("orthologs")(ingest_orthologs)
