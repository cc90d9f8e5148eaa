import gzip

import pandas as pd
import pytest

from graph.errors import InputError
from ingest.genes import read_genes
from ingest.gtf import read_gtf
from ingest.names import Names
from ingest.rejections import by_reason
from ingest.source import Reference
from ingest.sources.annotation import GENES_FILE, gtf_spec

GENCODE = (
    '{chrom}\tHAVANA\tgene\t{start}\t{end}\t.\t{strand}\t.\tgene_id "{gene_id}"; gene_type "{biotype}"; '
    'gene_name "{symbol}"; level 2;'
)
TRANSCRIPT = 'chr1\tHAVANA\ttranscript\t1\t9\t.\t+\t.\tgene_id "ENSG00000000001.1"; gene_name "gene";'


def row(gene_id, symbol="A", *, chrom="chr1", start=11, end=20, strand="+", biotype="lncRNA") -> str:
    values = {"gene_id": gene_id, "symbol": symbol, "chrom": chrom, "start": start, "end": end}
    return GENCODE.format(**values, strand=strand, biotype=biotype)


def write(path, lines):
    text = "\n".join(["##provider: GENCODE", *lines]) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.fixture
def nothing() -> Reference:
    return Reference(Names(pd.DataFrame(columns=["gene_id", "symbol", "aliases", "previous_symbols"])))


@pytest.mark.parametrize("name", ["genes.gtf", "genes.gtf.gz"])
def test_coordinates_ids_and_chromosomes_are_ours(tmp_path, name):
    lines = [
        row("ENSG00000000001.5", "FIRST"),
        TRANSCRIPT,
        row("ENSG00000000002.1_PAR_Y", chrom="chrY"),
        row("ENSG00000000003.2", "LAST", chrom="MT", strand="-"),
    ]
    sieve = read_gtf(write(tmp_path / name, lines))
    assert sieve.num_read == 3
    rows = sieve.kept.to_dict("records")
    first = {"chrom": "chr1", "start": 10, "end": 20, "strand": "+", "tss": 10}
    last = {"chrom": "chrM", "start": 10, "end": 20, "strand": "-", "tss": 19}
    assert rows == [
        {**first, "gene_id": "ENSG00000000001", "symbol": "FIRST", "biotype": "lncRNA", "description": ""},
        {**last, "gene_id": "ENSG00000000003", "symbol": "LAST", "biotype": "lncRNA", "description": ""},
    ]
    assert by_reason(sieve.rejected) == {"copy of a pseudoautosomal gene on Y": 1}
    assert sieve.rejected["row"].tolist() == [4]


def test_a_gtf_of_ensembl_says_what_its_table_says(tmp_path, demo, genes, nothing):
    """Every thousandth gene of the shipped table, written as Ensembl writes GTF."""
    some = genes.iloc[::1000]
    lines = [
        f"{g.chrom.removeprefix('chr')}\tensembl\tgene\t{g.start + 1}\t{g.end}\t.\t{g.strand}\t.\t"
        f'gene_id "{g.gene_id}"; gene_version "4"; gene_name "{g.symbol}"; gene_biotype "{g.biotype}";'
        for g in some.itertuples()
    ]
    spec = gtf_spec(species="human", assembly_id="GRCh38", source_id="mine", release=109)
    checked = spec.parse([write(tmp_path / "some.gtf", lines)], nothing)
    places = checked.tables[1][1].set_index("source")
    expected = some.set_index("gene_id").loc[places.index]
    columns = ["chrom", "start", "end", "strand", "tss"]
    assert places[columns].to_numpy().tolist() == expected[columns].to_numpy().tolist()
    assert checked.num_read == checked.num_kept == len(some)
    assert read_genes(demo / GENES_FILE)["tss"].equals(genes["tss"])


def test_any_species_and_assembly_can_be_given(tmp_path, nothing):
    lines = [row("FBgn0000008", "a", chrom="2R", start=22136968, end=22172834)]
    sizes = tmp_path / "dm6.chrom.sizes"
    sizes.write_text("2R\t25286936\n")
    spec = gtf_spec(species="fly", assembly_id="BDGP6", source_id="flybase", release=113)
    checked = spec.parse([write(tmp_path / "fly.gtf", lines), sizes], nothing)
    (_, nodes), (_, places) = checked.tables
    assert nodes[["gene_id", "symbol", "species"]].to_numpy().tolist() == [["FBgn0000008", "a", "fly"]]
    assert places["target"].tolist() == ["BDGP6"]
    assert checked.assemblies[0].chrom_sizes == {"2R": 25286936}
    alone = spec.parse([tmp_path / "fly.gtf"], nothing)
    assert alone.assemblies[0].chrom_sizes == {}


def test_rows_without_an_id_and_further_rows_of_a_gene_are_rejected(tmp_path):
    lines = [row("G1", "a"), row("G1", "a", start=5), 'chr1\tx\tgene\t1\t9\t.\t+\t.\tgene_name "b";']
    sieve = read_gtf(write(tmp_path / "genes.gtf", lines))
    assert by_reason(sieve.rejected) == {"duplicate": 1, "empty name": 1}
    assert len(sieve.kept) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([TRANSCRIPT], "no row has the feature 'gene'"),
        ([row("G1", start="x")], "line 2, column 'start': 'x'"),
        ([row("G1", strand=".")], "line 2, column 'strand': '.'"),
        ([row("G1", start=30)], "end before start"),
        (["chr1\tx\tgene\t1\t9"], "line 2: 5 columns"),
    ],
)
def test_what_is_no_gtf_of_genes_is_refused(tmp_path, lines, said):
    with pytest.raises(InputError, match=said):
        read_gtf(write(tmp_path / "genes.gtf", lines))


def test_a_cut_gtf_is_refused(tmp_path):
    path = write(tmp_path / "genes.gtf.gz", [row(f"G{i}") for i in range(300)])
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="cut short"):
        read_gtf(path)
