import pandas as pd
import pytest

from ingest.names import Names
from ingest.rejections import by_reason
from ingest.source import Reference
from ingest.sources import hgnc, mgi

HGNC = "\t".join(hgnc.COLUMNS)
MARKERS = "\t".join(mgi.MARKER_COLUMNS)


@pytest.fixture
def genes() -> Reference:
    frame = pd.DataFrame(
        {
            "gene_id": ["ENSG00000000001", "ENSG00000000002", "ENSG00000000003", "ENSG00000000004"],
            "symbol": ["ONE", "TWO", "DUP", "DUP"],
            "annotated_symbol": ["ONE", "TWO", "DUP", "DUP"],
            "aliases": [[], [], [], []],
            "previous_symbols": [[], [], [], []],
        }
    )
    return Reference(Names(frame), genes=frame)


def parse(spec, tmp_path, lines, reference):
    path = tmp_path / "records.tsv"
    path.write_text("\n".join(lines) + "\n")
    return spec.parse([path], reference)


def named(checked) -> dict:
    return checked.tables[0][1].set_index("gene_id").to_dict("index")


def test_records_name_genes_by_id_else_by_a_symbol_of_one_gene(tmp_path, genes):
    lines = [
        HGNC,
        "HGNC:1\tUNO\tx\tApproved\tI, EIN\tOLD\tENSG00000000001",
        "HGNC:2\tTWO\tx\tApproved\t\t\t",
        "HGNC:3\tDUP\tx\tApproved\t\t\t",
        "HGNC:4\tGONE\tx\tApproved\t\t\tENSG00000000009",
    ]
    checked = parse(hgnc.SPEC, tmp_path, lines, genes)
    rows = named(checked)
    assert rows["ENSG00000000001"]["symbol"] == "UNO"
    assert rows["ENSG00000000001"]["aliases"] == ["I", "EIN"]
    assert rows["ENSG00000000001"]["previous_symbols"] == ["OLD"]
    assert rows["ENSG00000000002"]["name_id"] == "HGNC:2"
    assert set(rows) == {"ENSG00000000001", "ENSG00000000002"}  # DUP is a symbol of two genes
    assert by_reason(checked.rejected) == {"not on the assembly": 2}


def test_of_two_records_of_a_gene_the_one_with_its_symbol_is_taken(tmp_path, genes):
    lines = [
        HGNC,
        "HGNC:1\tWRONG\tx\tApproved\t\t\tENSG00000000001",
        "HGNC:2\tONE\tx\tApproved\t\t\tENSG00000000001",
    ]
    checked = parse(hgnc.SPEC, tmp_path, lines, genes)
    assert named(checked)["ENSG00000000001"]["symbol"] == "ONE"
    assert checked.rejected["identifier"].tolist() == ["HGNC:1"]


def test_a_record_without_accession_is_nobodys_successor(tmp_path, genes):
    lines = [
        HGNC,
        "\tONE\tx\tApproved\t\t\tENSG00000000001",
        "HGNC:2\tGONE\tx\tApproved\t\t\tENSG00000000009",
    ]
    rows = parse(hgnc.SPEC, tmp_path, lines, genes).tables[0][1]
    assert rows["gene_id"].tolist() == ["ENSG00000000001"]


def test_a_withdrawn_symbol_with_one_successor_is_mapped_and_told(tmp_path, genes):
    lines = [
        HGNC,
        "HGNC:1\tONE\tx\tApproved\t\t\tENSG00000000001",
        "HGNC:7\tMERGED\tsymbol withdrawn, see [HGNC:1](/data/x)\tSymbol Withdrawn\t\t\t",
        "HGNC:8\tSPLIT\tsymbol withdrawn, see [HGNC:1](/x), [HGNC:2](/x)\tSymbol Withdrawn\t\t\t",
        "HGNC:9\tLOST\tno such thing\tEntry Withdrawn\t\t\t",
        "HGNC:10\tAWAY\tsymbol withdrawn, see [HGNC:77](/x)\tSymbol Withdrawn\t\t\t",
    ]
    checked = parse(hgnc.SPEC, tmp_path, lines, genes)
    assert named(checked)["ENSG00000000001"]["previous_symbols"] == ["MERGED"]
    assert by_reason(checked.rejected) == {"withdrawn": 2, "not on the assembly": 1}
    assert checked.notes == {"retired symbol mapped": 1}
    assert checked.mapped["identifier"].tolist() == ["MERGED"]
    assert checked.num_read == 5
    assert checked.num_kept == 2


def test_the_marker_list_of_mgi_is_linked_by_symbol_and_says_what_was_withdrawn(tmp_path, genes):
    lines = [
        MARKERS,
        "MGI:1\tONE\tO\tuno|ein\t",
        "NULL\tOldone\tW\t\tMGI:1",
        "NULL\tGone\tW\t\t",
    ]
    checked = parse(mgi.SPEC, tmp_path, lines, genes)
    row = named(checked)["ENSG00000000001"]
    assert (row["aliases"], row["previous_symbols"]) == (["uno", "ein"], ["Oldone"])
    assert by_reason(checked.rejected) == {"withdrawn": 1}


def test_an_old_symbol_of_the_shipped_files_leads_to_the_gene_of_today(reference, mouse_reference):
    human = reference.names.resolve(["A2MR", "LRP1"])  # withdrawn by HGNC, see HGNC:6692
    assert human["gene_id"][0] == human["gene_id"][1] is not None
    mouse = mouse_reference.names.resolve(["p53", "Trp53", "Tbxt", "T"])["gene_id"]
    assert mouse[2] == mouse[3]
    assert mouse[1] == "ENSMUSG00000059552"
