"""Genes of GRCh38 (Ensembl 109) with coordinates, and the names that HGNC gives them."""

from collections.abc import Sequence
from pathlib import Path

from graph.cypher import ingest as statements
from graph.schema import Source
from graph.tables import GENES, LOCATIONS
from ingest.chromosomes import GRCH37, GRCH38, read_assembly
from ingest.genes import (
    GENE_COLUMNS,
    HGNC_COLUMNS,
    gene_nodes,
    link_records,
    locations,
    read_genes,
    read_hgnc,
)
from ingest.rejections import Reason, Sieve
from ingest.source import Checked, Reference, SourceSpec

GENES_FILE = "annotation/genes_GRCh38_ensembl109.tsv.gz"
HGNC_FILE = "annotation/hgnc_entries.tsv.gz"

ENSEMBL = Source(
    source_id="ensembl_109",
    name="Ensembl genes of GRCh38",
    version="109",
    licence="Ensembl data unrestricted; table from annotables, GPL-3",
    licence_class="open",
    citation="10.1093/nar/gkac958",
    species="human",
)
HGNC = Source(
    source_id="hgnc",
    name="HGNC gene names",
    version="2024-07",
    licence="CC0",
    licence_class="open",
    citation="10.1093/nar/gkac888",
    species="human",
)


def parse_ensembl(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return all genes, where they lie on GRCh38, and the assemblies."""
    genes = read_genes(paths[0])
    nodes = gene_nodes(genes, read_hgnc(paths[1]), species=ENSEMBL.species)
    sieve = Sieve(genes, file=paths[0].name)
    return Checked(
        tables=((GENES, nodes), (LOCATIONS, locations(genes, assembly=GRCH38))),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(nodes),
        assemblies=(
            read_assembly(paths[2], assembly_id=GRCH38, species=ENSEMBL.species),
            read_assembly(paths[3], assembly_id=GRCH37, species=ENSEMBL.species),
        ),
    )


def parse_hgnc(paths: Sequence[Path], reference: Reference) -> Checked:
    """Return the account of HGNC's records; their names are written with the genes."""
    records, genes = read_hgnc(paths[0]), read_genes(paths[1])
    sieve = Sieve(records, file=paths[0].name)
    withdrawn = records["status"].ne("Approved")
    sieve.reject(withdrawn, reason=Reason.WITHDRAWN, identifier=records["hgnc_id"], detail=records["status"])
    kept = sieve.kept
    unlinked = link_records(kept, genes).isna()
    sieve.reject(
        unlinked, reason=Reason.NOT_ON_ASSEMBLY, identifier=kept["hgnc_id"], detail=kept["approved_symbol"]
    )
    return Checked((), sieve.rejected, sieve.num_read, len(sieve.kept))


ENSEMBL_SPEC = SourceSpec(
    record=ENSEMBL,
    stage="annotation",
    columns=GENE_COLUMNS,
    files=(GENES_FILE, HGNC_FILE, "annotation/hg38.chrom.sizes", "annotation/hg19.chrom.sizes"),
    parse=parse_ensembl,
    count=statements.COUNT_LOCATIONS,
    wipe=(statements.DELETE_LOCATIONS,),
)
HGNC_SPEC = SourceSpec(
    record=HGNC,
    stage="annotation",
    columns=HGNC_COLUMNS,
    files=(HGNC_FILE, GENES_FILE),
    parse=parse_hgnc,
    count=statements.COUNT_HGNC,
    wipe=(),
)
