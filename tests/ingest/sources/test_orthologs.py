"""Orthologs: which gene points at which, of what kind, and a reason for every pair left out."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import ConflictError, InputError
from graph.schema import Source
from ingest.names import Names
from ingest.orthology import orthology_kinds
from ingest.rejections import by_reason
from ingest.source import Reference
from ingest.sources import orthologs
from ingest.sources.orthologs import OrthologColumns

RECORD = Source("orthologs", "orthologs", "1", "mine", "open", "", "human")
HUMAN = ["PAX5", "EBF1", "HBA1", "HBA2", "MYC"]
MOUSE = ["Pax5", "Ebf1", "Hba-a1", "Hba-a2", "Myc", "Bmyc"]


def names_of(symbols, prefix: str) -> Names:
    ids = [f"{prefix}{number:011d}" for number in range(1, len(symbols) + 1)]
    genes = pd.DataFrame({"gene_id": ids, "symbol": symbols})
    none = [[] for _ in symbols]
    return Names(genes.assign(aliases=none, previous_symbols=none))


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(names_of(HUMAN, "ENSG"), other_names={"mouse": names_of(MOUSE, "ENSMUSG")})


def human(symbol: str) -> str:
    return f"ENSG{HUMAN.index(symbol) + 1:011d}"


def mouse(symbol: str) -> str:
    return f"ENSMUSG{MOUSE.index(symbol) + 1:011d}"


def parse(tmp_path, lines, reference, columns=orthologs.USUAL_COLUMNS, **options):
    path = tmp_path / "pairs.tsv"
    path.write_text("\n".join(lines) + "\n")
    checked = orthologs.spec(RECORD, columns, **options).parse([path], reference)
    assert checked.num_read == checked.num_kept + len(checked.rejected)
    assert checked.rejected["row"].is_unique
    return checked


def pairs(checked) -> dict[tuple[str, str], str]:
    rows = checked.tables[0][1]
    return {(row.source, row.target): row.kind for row in rows.itertuples()}


def test_kinds_are_computed_from_the_pairs(tmp_path, reference):
    lines = [
        "source\ttarget",
        "PAX5\tPax5",
        "MYC\tMyc",
        "MYC\tBmyc",
        "HBA1\tHba-a1",
        "HBA2\tHba-a1",
        "HBA2\tHba-a2",
    ]
    checked = parse(tmp_path, lines, reference)
    assert pairs(checked) == {
        (human("PAX5"), mouse("Pax5")): "one2one",
        (human("MYC"), mouse("Myc")): "one2many",
        (human("MYC"), mouse("Bmyc")): "one2many",
        (human("HBA1"), mouse("Hba-a1")): "many2many",
        (human("HBA2"), mouse("Hba-a1")): "many2many",
        (human("HBA2"), mouse("Hba-a2")): "many2many",
    }
    assert checked.notes["many2many"] == 3
    assert checked.tables[0][1]["confidence"].isna().all()


def test_a_pair_whose_gene_is_unknown_still_makes_its_family_larger(tmp_path, reference):
    checked = parse(tmp_path, ["source\ttarget", "PAX5\tPax5", "PAX5\tPax5-rs1"], reference)
    assert pairs(checked) == {(human("PAX5"), mouse("Pax5")): "one2many"}
    assert by_reason(checked.rejected) == {"unknown gene": 1}


def test_several_genes_on_the_left_are_one_to_many_too():
    kinds = orthology_kinds(pd.Series(["A", "B"]), pd.Series(["a", "a"]))
    assert kinds.tolist() == ["one2many", "one2many"]


def test_the_tables_of_ensembl_are_read_with_their_kinds_and_confidence(tmp_path, reference):
    header = (
        *orthologs.ENSEMBL_COLUMNS.source,
        "mouse_symbol",
        "mouse_gene_id",
        "homology_type",
        "orthology_confidence",
        "more",
    )
    rows = [
        (human("PAX5"), "PAX5", "Pax5", mouse("Pax5"), "ortholog_one2one", "1", "50"),
        ("ENSG00000999999", "MYC", "Myc", "", "ortholog_one2many", "0", "50"),
        (human("EBF1"), "EBF1", "Ebf1", mouse("Ebf1"), "paralog", "0", "50"),
        (human("EBF1"), "EBF1", "Ebf1", mouse("Ebf1"), "ortholog_one2one", "high", "50"),
        (human("HBA1"), "HBA1", "Hba-a1", mouse("Hba-a1"), "ortholog_many2many", "", "50"),
    ]
    checked = parse(
        tmp_path, ["\t".join(row) for row in (header, *rows)], reference, orthologs.ENSEMBL_COLUMNS
    )
    assert pairs(checked) == {
        (human("PAX5"), mouse("Pax5")): "one2one",
        (human("MYC"), mouse("Myc")): "one2many",
        (human("HBA1"), mouse("Hba-a1")): "many2many",
    }
    assert checked.tables[0][1]["confidence"].fillna(-1).tolist() == [1.0, 0.0, -1.0]
    assert dict(zip(checked.rejected["row"], checked.rejected["reason"], strict=True)) == {
        4: "bad kind",
        5: "bad confidence",
    }
    assert checked.notes["found by another column"] == 1


def test_pairs_that_few_databases_support_are_left_out_and_make_no_family(tmp_path, reference):
    lines = [
        "Gene stable ID\tGene name\tMouse gene stable ID\tMouse gene name\tsupporting_source\tn_sources",
        f"{human('PAX5')}\tPAX5\t{mouse('Pax5')}\tPax5\tEnsembl,OMA,NCBI\t3",
        f"{human('PAX5')}\tPAX5\t{mouse('Ebf1')}\tEbf1\tOMA\t1",
        f"{human('MYC')}\tMYC\t-\t-\tOMA,NCBI,Panther\t3",
    ]
    checked = parse(tmp_path, lines, reference, orthologs.HCOP_COLUMNS, min_confidence=3)
    assert pairs(checked) == {(human("PAX5"), mouse("Pax5")): "one2one"}
    assert by_reason(checked.rejected) == {"low confidence": 1, "empty name": 1}


def test_symbols_of_both_species_in_any_columns_are_read(tmp_path, reference):
    columns = OrthologColumns(("symbol_human",), ("symbol_mouse",))
    assert columns == orthologs.NICHENET_COLUMNS
    lines = ["symbol_human\tentrez_human\tsymbol_mouse", "PAX5\t5079\tPax5", "PAX5\t5079\tPax5", "\t1\tMyc"]
    checked = parse(tmp_path, lines, reference, columns)
    assert list(pairs(checked)) == [(human("PAX5"), mouse("Pax5"))]
    assert by_reason(checked.rejected) == {"duplicate": 1, "empty name": 1}


def test_swapped_columns_are_refused(tmp_path):
    symbols = [f"GENE{number}" for number in range(60)]
    lower = [symbol.capitalize() for symbol in symbols]
    reference = Reference(names_of(symbols, "ENSG"), other_names={"mouse": names_of(lower, "ENSMUSG")})
    good = ["source\ttarget", *(f"{a}\t{b}" for a, b in zip(symbols, lower, strict=True))]
    assert parse(tmp_path, good, reference).num_kept == 60
    swapped = ["target\tsource", *good[1:]]
    with pytest.raises(InputError, match="is it the file of another species"):
        parse(tmp_path, swapped, reference)


def test_orthologs_within_one_species_are_refused():
    with pytest.raises(ConflictError, match="expected two species"):
        orthologs.spec(RECORD, other_species="human")


def test_a_missing_column_is_named(tmp_path, reference):
    with pytest.raises(InputError, match="missing columns \\['target'\\]"):
        parse(tmp_path, ["source\tmouse", "PAX5\tPax5"], reference)


def test_a_source_says_which_species_it_needs():
    spec = orthologs.spec(RECORD, orthologs.HCOP_COLUMNS, min_confidence=3)
    assert spec.other_species == ("mouse",)
    assert spec.settings["min_confidence"] == 3


cells = st.sampled_from(
    ["PAX5", "Pax5", "MYC", "Myc", "", "-", "nan", "é", "1", "x", "one2one", human("EBF1")]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=15), st.booleans())
def test_read_is_kept_and_rejected_whatever_the_rows_hold(tmp_path, reference, rows, has_kind):
    columns = OrthologColumns(("a",), ("b",), kind="c" if has_kind else None, confidence="d")
    checked = parse(tmp_path, ["a\tb\tc\td", *("\t".join(row) for row in rows)], reference, columns)
    assert checked.num_read == sum(1 for row in rows if "".join(row))
    assert len(pairs(checked)) == checked.num_kept
    for source, target in pairs(checked):
        assert source.startswith("ENSG")
        assert target.startswith("ENSMUSG")


edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(edges)
def test_kinds_are_those_of_families_found_by_hand(edges):
    families: list[set[tuple[str, int]]] = []
    for left, right in edges:
        joined = {("h", left), ("m", right)}
        for family in [family for family in families if family & joined]:
            families.remove(family)
            joined |= family
        families.append(joined)
    kinds = orthology_kinds(pd.Series([a for a, _ in edges]), pd.Series([b for _, b in edges]))
    for (left, _), kind in zip(edges, kinds, strict=True):
        (family,) = [family for family in families if ("h", left) in family]
        counts = sorted(min(2, sum(1 for side, _ in family if side == which)) for which in "hm")
        assert kind == {(1, 1): "one2one", (1, 2): "one2many", (2, 2): "many2many"}[tuple(counts)]
