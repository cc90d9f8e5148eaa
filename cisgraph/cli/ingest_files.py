"""``cisgraph ingest annotation | table | gene-sets | orthologs``: files of a user, by the names of genes."""

from pathlib import Path
from typing import Annotated

import typer

from cisgraph.cli.source_options import (
    Load,
    SourceIdOption,
    SpeciesOption,
    loading,
    own_id,
    takes,
    user_source,
)
from graph.schema import Source
from ingest.plan import Plan
from ingest.sources import annotation, gene_sets, orthologs, user_table


@takes(load=loading)
def ingest_annotation(
    gtf: Annotated[Path, typer.Argument(help="Genes, .gtf or .gtf.gz of Ensembl or GENCODE.")],
    *,
    assembly: Annotated[str, typer.Option(help="Assembly of the coordinates, such as GRCm39.")],
    species: SpeciesOption,
    release: Annotated[int, typer.Option(help="Ensembl release; the highest of a species names its genes.")],
    source_id: SourceIdOption = "",
    chrom_sizes: Annotated[Path | None, typer.Option(help="Sizes of the chromosomes, two columns.")] = None,
    load: Load,
) -> None:
    """Load the genes of any species from a GTF file."""
    spec = annotation.gtf_spec(
        species=species,
        assembly_id=assembly,
        source_id=own_id(source_id or f"gtf_{species}_{assembly}_{release}"),
        release=release,
    )
    files = [gtf, *([chrom_sizes] if chrom_sizes else [])]
    load(Plan(((spec, files),)))


@takes(record=user_source, load=loading)
def ingest_table(
    table: Annotated[Path, typer.Argument(help=".tsv, .csv (also .gz, .xz) or .parquet with a header.")],
    *,
    record: Source,
    source_column: Annotated[str, typer.Option(help="Column with the regulators.")] = "source",
    target_column: Annotated[str, typer.Option(help="Column with the targets.")] = "target",
    weight_column: Annotated[str, typer.Option(help="Column with the weights, '' without.")] = "weight",
    sign_column: Annotated[str, typer.Option(help="Column with the signs -1, 0, 1, '' without.")] = "",
    signed_weights: Annotated[
        bool, typer.Option("--signed-weights", help="A weight's sign is the edge's.")
    ] = False,
    load: Load,
) -> None:
    """Load a table of regulators and targets as a source of priors."""
    columns = user_table.EdgeColumns(
        source_column, target_column, weight_column or None, sign_column or None, signed_weights
    )
    spec = user_table.spec(record, columns)
    load(Plan(((spec, [table]),)))


@takes(record=user_source, load=loading)
def ingest_gene_sets(
    gmt: Annotated[Path, typer.Argument(help="Gene sets, .gmt or .gmt.gz.")],
    *,
    record: Source,
    collection: Annotated[str, typer.Option(help="Name of the collection, such as Reactome.")],
    derived_from_regulators: Annotated[
        bool | None,
        typer.Option(
            help="Whether the sets come from a database of regulators; told by their names without."
        ),
    ] = None,
    in_capitals: Annotated[
        bool, typer.Option("--in-capitals", help="The file writes all genes in capitals, the mouse's too.")
    ] = False,
    load: Load,
) -> None:
    """Load gene sets; those that come from databases of regulators are marked and never feed a model."""
    spec = gene_sets.spec(
        record,
        collection=collection,
        derived_from_regulators=derived_from_regulators,
        in_capitals=in_capitals,
    )
    load(Plan(((spec, [gmt]),)))


@takes(record=user_source, load=loading)
def ingest_orthologs(
    table: Annotated[Path, typer.Argument(help="Table with a gene of each species a row, .tsv or .tsv.gz.")],
    *,
    record: Source,
    other_species: Annotated[str, typer.Option(help="Species of the other column.")] = "mouse",
    source_columns: Annotated[
        list[str] | None, typer.Option(help="Columns that name the species' gene, the most trusted first.")
    ] = None,
    target_columns: Annotated[
        list[str] | None, typer.Option(help="Columns that name the other species' gene.")
    ] = None,
    kind_column: Annotated[str, typer.Option(help="Column with one2one and so on; computed without.")] = "",
    confidence_column: Annotated[str, typer.Option(help="Column with a number, '' without.")] = "",
    min_confidence: Annotated[float | None, typer.Option(help="Leave out pairs below it.")] = None,
    load: Load,
) -> None:
    """Load pairs of genes of two species that descend from one gene."""
    columns = orthologs.OrthologColumns(
        tuple(source_columns or ("source",)),
        tuple(target_columns or ("target",)),
        kind_column or None,
        confidence_column or None,
    )
    spec = orthologs.spec(record, columns, other_species=other_species, min_confidence=min_confidence)
    load(Plan(((spec, [table]),)))


def add_to(app: typer.Typer) -> None:
    """Add the commands to a group."""
    app.command("annotation")(ingest_annotation)
    app.command("table")(ingest_table)
    app.command("gene-sets")(ingest_gene_sets)
    app.command("orthologs")(ingest_orthologs)
