from pathlib import Path

import pandas as pd
import pytest

from graph.errors import InputError
from ingest.genes import read_genes

HEADER = "chrom\tstart\tend\tstrand\ttss\tgene_id\tsymbol\tbiotype\tdescription"


def write_lines(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def test_coordinates_become_zero_based_and_half_open(tmp_path):
    path = write_lines(
        tmp_path / "genes.tsv",
        [
            HEADER,
            "chr1\t11869\t14409\t+\t11869\tENSG00000290825\tDDX11L2\tlncRNA\tx",
            "chr1\t14404\t29570\t-\t29570\tENSG00000227232\tWASH7P\tpseudogene\ty",
        ],
    )
    rows = read_genes(path)
    assert rows[["start", "end", "tss"]].to_numpy().tolist() == [[11868, 14409, 11868], [14403, 29570, 29569]]


def test_the_start_site_is_the_first_base_of_the_gene_on_its_strand(genes):
    forward = genes["strand"].eq("+")
    assert (genes["tss"].where(forward, genes["end"] - 1) == genes["tss"]).all()
    assert (genes["tss"].where(~forward, genes["start"]) == genes["tss"]).all()


def test_all_faults_of_a_gene_table_are_named_with_line_column_and_value(tmp_path):
    path = write_lines(
        tmp_path / "genes.tsv",
        [
            HEADER,
            "chr1\tten\t14409\t+\t11869\tENSG00000290825\tA\tlncRNA\tx",
            "chr1\t5\t9\t?\t5\tENSG00000227232\tB\tlncRNA\tx",
            "chr1\t5\t9\t+\t5\tgene7\tC\tlncRNA\tx",
        ],
    )
    with pytest.raises(InputError) as caught:
        read_genes(path)
    text = str(caught.value)
    for part in (
        "line 2, column 'start': 'ten'",
        "line 3, column 'strand': '?'",
        "line 4, column 'gene_id': 'gene7'",
    ):
        assert part in text


def test_every_gene_is_kept_and_approved_symbols_win(nodes, genes):
    assert len(nodes) == len(genes) == 62_656
    by_id = nodes.set_index("gene_id")
    assert by_id.loc["ENSG00000141510", "symbol"] == "TP53"
    assert nodes.loc[nodes["name_id"].notna(), "symbol"].is_unique
    assert pd.Series([isinstance(value, list) for value in nodes["aliases"]]).all()


def test_a_position_beyond_any_chromosome_is_a_fault(tmp_path):
    lines = [HEADER, "chr1\t5\t99999999999999999999\t+\t5\tENSG00000227232\tB\tlncRNA\tx"]
    with pytest.raises(InputError, match="column 'end'"):
        read_genes(write_lines(tmp_path / "genes.tsv", lines))
