import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from ingest.complexes import expanded
from ingest.rejections import by_reason
from ingest.sources import collectri, dorothea, trrust

TRRUST = "tf\ttarget\tmode\tpmids"


def parse(module, tmp_path, lines, reference):
    path = tmp_path / "rows.tsv"
    path.write_text("\n".join(lines) + "\n")
    return module.SPEC.parse([path], reference)


def edges(checked) -> pd.DataFrame:
    return checked.tables[-1][1]


def test_conflicting_modes_stay_side_by_side_with_their_pmids(tmp_path, reference):
    lines = [
        TRRUST,
        "MYC\tTERT\tActivation\t1;2",
        "MYC\tTERT\tRepression\t3",
        "MYC\tTERT\tUnknown\t4",
        "MYC\tTERT\tActivation\t2;9",
    ]
    checked = parse(trrust, tmp_path, lines, reference)
    signs = edges(checked).set_index("sign")["pmids"].to_dict()
    assert signs == {1: ["1", "2", "9"], -1: ["3"], 0: ["4"]}
    assert by_reason(checked.rejected) == {"duplicate": 1}
    assert checked.rejected["row"].tolist() == [5]
    assert checked.notes["pairs with several signs"] == 1


def test_every_bad_row_is_rejected_with_its_line_and_reason(tmp_path, reference):
    lines = [
        TRRUST,
        "MYC\tTERT\tActivation\t1",
        "NOGENE\tTERT\tActivation\t1",
        "MYC\tNOGENE\tActivation\t1",
        "MYC\tMYC\tActivation\t1",
        "MYC\tTP53\tmaybe\t1",
        "\tTP53\tActivation\t1",
        "MYC\tTAZ\tActivation\t1",
    ]
    checked = parse(trrust, tmp_path, lines, reference)
    reasons = dict(zip(checked.rejected["row"], checked.rejected["reason"], strict=True))
    assert reasons == {
        3: "unknown regulator",
        4: "unknown gene",
        5: "self loop",
        6: "bad sign",
        7: "empty name",
        8: "ambiguous name",
    }
    assert checked.num_kept == 1


def test_a_complex_becomes_its_members_and_merges_with_their_own_edges(tmp_path, reference):
    lines = [
        "source\ttarget\tweight\tpmids",
        "AP1\tIL2\t1\t10",
        "JUN\tIL2\t1\t20",
        "AP1\tFOS\t1\t30",
        "MYC\thsa-miR-21\t1\t40",
    ]
    checked = parse(collectri, tmp_path, lines, reference)
    names = reference.names
    il2, fos, jun = names.resolve(["IL2", "FOS", "JUN"])["gene_id"]
    rows = edges(checked)
    assert len(rows) == 7 + 6  # FOS does not regulate itself
    own = rows[rows["source"].eq(jun) & rows["target"].eq(il2)].iloc[0]
    assert own["complex"] is None
    assert own["pmids"] == ["10", "20"]
    assert rows.loc[rows["source"].eq(fos), "complex"].tolist() == ["AP1"]
    assert checked.num_read == 4
    assert checked.num_kept == 3
    assert by_reason(checked.rejected) == {"microRNA": 1}
    assert checked.notes["of these merged with the member's own"] == 1
    assert checked.notes["of these self loops"] == 1


def test_edges_without_a_complex_are_left_as_they_are():
    frame = pd.DataFrame(
        {"source": ["a"], "target": ["b"], "sign": [1], "pmids": [["1"]], "complex": [None]}, dtype=object
    )
    merged, _ = expanded(frame, {"C": ("x",)})
    assert merged.to_dict("list") == frame.to_dict("list")


def test_a_source_of_edges_that_no_list_has_is_a_curated_regulator(tmp_path, reference):
    checked = parse(trrust, tmp_path, [TRRUST, "IL2\tTERT\tActivation\t1"], reference)
    _, regulators = checked.tables[0]
    assert regulators["regulator_class"].tolist() == ["curated_regulator"]


fields = st.sampled_from(["MYC", "TERT", "TP53", "AAVS9", "", "TAZ", "A", "1", "-1", "x", "E"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(fields, fields, fields, fields), min_size=1, max_size=30))
def test_read_is_kept_and_rejected_whatever_the_rows_hold(tmp_path, reference, rows):
    read = sum(1 for row in rows if "".join(row))
    assume(read)  # without a row there is nothing to check: an error, tested in test_tables
    lines = ["tf\tconfidence\ttarget\tmor", *("\t".join(row) for row in rows)]
    checked = parse(dorothea, tmp_path, lines, reference)
    assert checked.num_read == read
    assert checked.num_kept + len(checked.rejected) == read
    assert len(edges(checked)) == checked.num_kept
    assert checked.rejected["row"].is_unique


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("tf\ttarget\nMYC\tTERT\n", "missing columns \\['confidence', 'mor'\\]"),
        ("tf,confidence,target,mor\nMYC,A,TERT,1\n", "separated by tabs, the header has commas"),
        ("", "the file is empty"),
        ("tf\tconfidence\ttarget\tmor\nMYC\tA\tTERT\t1\t7\n", "line 2: 5 columns, the header has 4"),
    ],
)
def test_a_prior_that_is_no_table_of_its_source_is_refused(tmp_path, reference, text, part):
    path = tmp_path / "rows.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=part):
        dorothea.SPEC.parse([path], reference)


def test_a_truncated_gzip_is_refused(tmp_path, demo, reference):
    whole = (demo / "dorothea" / "dorothea_hs.tsv.gz").read_bytes()
    path = tmp_path / "cut.tsv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cut short"):
        dorothea.SPEC.parse([path], reference)
