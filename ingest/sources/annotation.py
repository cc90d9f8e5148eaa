"""Genes with coordinates: the shipped tables of Ensembl (human and mouse), and GTF files of any species."""

from collections.abc import Sequence
from pathlib import Path

from graph.schema import Assembly, LicenceClass, Source
from graph.tables import GENES, LOCATIONS
from ingest.chromosomes import ALIASES, GRCH37, GRCH38, GRCM38, GRCM39, read_assembly
from ingest.genes import GENE_COLUMNS, gene_nodes, locations, read_genes
from ingest.gtf import read_gtf
from ingest.rejections import Sieve
from ingest.source import Checked, Parse, Reference, SourceSpec

GENES_FILE = "annotation/genes_GRCh38_ensembl109.tsv.xz"
MOUSE_GENES_FILE = "annotation/genes_GRCm39_ensembl109.tsv.xz"


def _ensembl(source_id: str, *, assembly_id: str, release: int, species: str, citation: str) -> Source:
    return Source(
        source_id=source_id,
        name=f"Ensembl genes of {assembly_id}",
        version=str(release),
        licence="Ensembl data unrestricted; table from annotables, GPL-3",
        licence_class="open",
        citation=citation,
        species=species,
    )


ENSEMBL = _ensembl(
    "ensembl_109", assembly_id=GRCH38, release=109, species="human", citation="10.1093/nar/gkac958"
)
ENSEMBL_MOUSE = _ensembl(
    "ensembl_109_mouse", assembly_id=GRCM39, release=109, species="mouse", citation="10.1093/nar/gkac958"
)
ENSEMBL_GRCM38 = _ensembl(
    "ensembl_90_mouse", assembly_id=GRCM38, release=90, species="mouse", citation="10.1093/nar/gkx1098"
)


def _checked(sieve: Sieve, record: Source, assemblies: Sequence[Assembly], *, release: int) -> Checked:
    """Return the kept genes as nodes, and where they lie on the first of the assemblies."""
    genes, source_id = sieve.kept, record.source_id
    nodes = gene_nodes(genes, species=record.species, annotation=source_id, release=release)
    places = locations(genes, assembly=assemblies[0].assembly_id, source_id=source_id)
    return Checked(
        tables=((GENES, nodes), (LOCATIONS, places)),
        rejected=sieve.rejected,
        num_read=sieve.num_read,
        num_kept=len(genes),
        assemblies=assemblies,
    )


def _parse_table(record: Source, assembly_ids: Sequence[str]) -> Parse:
    """Return a reader of a gene table and of the sizes of the chromosomes of some assemblies."""

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        assemblies = [
            read_assembly(path, assembly_id=name, species=record.species)
            for path, name in zip(paths[1:], assembly_ids, strict=True)
        ]
        sieve = Sieve(read_genes(paths[0]), file=paths[0].name)
        return _checked(sieve, record, assemblies, release=int(record.version))

    return parse


def _table_spec(record: Source, assembly_ids: Sequence[str], *, files: Sequence[str]) -> SourceSpec:
    return SourceSpec(
        record=record,
        stage="annotation",
        columns=GENE_COLUMNS,
        files=files,
        parse=_parse_table(record, assembly_ids),
        writes=(GENES, LOCATIONS),
    )


def gtf_spec(
    *,
    species: str,
    assembly_id: str,
    source_id: str,
    release: int,
    licence: str = "as given by the user",
    licence_class: LicenceClass = "open",
) -> SourceSpec:
    """Return a source of the genes of a GTF file; `parse` takes it and, if there is one, a file of sizes.

    Parameters
    ----------
    species
        Any word; names of genes are understood within a species.
    assembly_id
        The assembly of the coordinates, such as `GRCh38` or `BDGP6.46`.
    release
        Release of Ensembl (GENCODE says which one it goes with). Of two annotations of one species the
        higher one decides what genes are called.
    """
    record = Source(
        source_id=source_id,
        name=f"genes of {assembly_id} (GTF)",
        version=str(release),
        licence=licence,
        licence_class=licence_class,
        citation="",
        species=species,
    )

    def parse(paths: Sequence[Path], reference: Reference) -> Checked:
        unsized = Assembly(assembly_id, species, ALIASES.get(assembly_id, ()), {})
        sized = [read_assembly(path, assembly_id=assembly_id, species=species) for path in paths[1:2]]
        return _checked(read_gtf(paths[0]), record, sized or [unsized], release=release)

    return SourceSpec(
        record=record,
        stage="annotation",
        columns=(),
        files=(),
        parse=parse,
        writes=(GENES, LOCATIONS),
        settings={"assembly_id": assembly_id, "species": species, "release": release},
    )


ENSEMBL_SPEC = _table_spec(
    ENSEMBL,
    (GRCH38, GRCH37),
    files=(GENES_FILE, "annotation/hg38.chrom.sizes", "annotation/hg19.chrom.sizes"),
)
ENSEMBL_MOUSE_SPEC = _table_spec(
    ENSEMBL_MOUSE,
    (GRCM39, GRCM38),
    files=(MOUSE_GENES_FILE, "annotation/mm39.chrom.sizes", "annotation/mm10.chrom.sizes"),
)
ENSEMBL_GRCM38_SPEC = _table_spec(
    ENSEMBL_GRCM38,
    (GRCM38,),
    files=("annotation/genes_GRCm38_ensembl90.tsv.gz", "annotation/mm10.chrom.sizes"),
)
"""Not shipped: for data of the older assembly, with its file in the user's own data folder."""
