import gzip

import pandas as pd
import pytest

from graph.errors import InputError
from graph.schema import Source
from graph.tables import PRIORS, REGULATORS
from ingest.rejections import by_reason
from ingest.sources import user_table
from ingest.sources.user_table import EdgeColumns

RECORD = Source(
    source_id="my_network",
    name="my network",
    version="1",
    licence="CC0",
    licence_class="open",
    citation="",
    species="human",
)
HEADER = "source\ttarget\tweight\n"


def parse(path, reference, columns=user_table.USUAL_COLUMNS):
    return user_table.spec(RECORD, columns).parse([path], reference)


def write(path, text):
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def edges(checked, names) -> dict:
    rows = checked.tables[-1][1]
    symbols = dict(
        zip(names.resolve(["MYC", "TERT", "TP53"])["gene_id"], ["MYC", "TERT", "TP53"], strict=True)
    )
    pairs = zip(rows["source"].map(symbols), rows["target"].map(symbols), strict=True)
    return dict(zip(pairs, zip(rows["sign"], rows["weight"], strict=True), strict=True))


@pytest.mark.parametrize("name", ["net.tsv", "net.tsv.gz", "net.csv", "net.parquet"])
def test_every_kind_of_file_gives_the_same_priors(tmp_path, reference, names, name):
    frame = pd.DataFrame({"source": ["MYC", "TP53"], "target": ["TERT", "MYC"], "weight": [0.5, 2.0]})
    path = tmp_path / name
    if name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, sep="," if name.endswith("csv") else "\t", index=False)
    checked = parse(path, reference)
    assert edges(checked, names) == {("MYC", "TERT"): (0, 0.5), ("TP53", "MYC"): (0, 2.0)}
    assert [table for table, _ in checked.tables] == [REGULATORS, PRIORS]
    assert set(checked.tables[-1][1]["source_id"]) == {"my_network"}


def test_columns_go_by_the_names_that_the_user_gives(tmp_path, reference, names):
    path = write(tmp_path / "net.tsv", "score\tTF\tgene\tmode\tx\n1\tMYC\tTERT\t+\t?\n3\tTP53\tMYC\t-1\t?\n")
    columns = EdgeColumns(source="TF", target="gene", weight="score", sign="mode")
    assert edges(parse(path, reference, columns), names) == {
        ("MYC", "TERT"): (1, 1.0),
        ("TP53", "MYC"): (-1, 3.0),
    }


def test_a_table_without_weights_has_none(tmp_path, reference, names):
    path = write(tmp_path / "net.tsv", "source\ttarget\nMYC\tTERT\n")
    checked = parse(path, reference, EdgeColumns(weight=None))
    assert edges(checked, names) == {("MYC", "TERT"): (0, None)}


@pytest.mark.parametrize("weight", ["", "NaN", "nan", "inf", "-inf", "1e999", "x", "1,5", "None"])
def test_a_weight_that_is_no_finite_number_is_rejected_with_its_line(tmp_path, reference, weight):
    path = write(tmp_path / "net.tsv", HEADER + f"MYC\tTERT\t1\nTP53\tMYC\t{weight}\n")
    checked = parse(path, reference)
    assert by_reason(checked.rejected) == {"bad weight": 1}
    assert checked.rejected["row"].tolist() == [3]
    assert checked.rejected["identifier"].tolist() == [weight]


def test_huge_weights_stay_and_negative_ones_need_a_meaning(tmp_path, reference, names):
    path = write(tmp_path / "net.tsv", HEADER + "MYC\tTERT\t1e300\nTP53\tMYC\t-2\n")
    unsigned = parse(path, reference)
    assert edges(unsigned, names) == {("MYC", "TERT"): (0, 1e300)}
    assert "negative" in unsigned.rejected["detail"][0]
    signed = parse(path, reference, EdgeColumns(is_weight_signed=True))
    assert edges(signed, names) == {("MYC", "TERT"): (1, 1e300), ("TP53", "MYC"): (-1, -2.0)}


def test_every_fault_is_counted_by_its_reason(tmp_path, reference):
    rows = [
        "MYC\tTERT\t1",
        "MYC\tTERT\t2",
        "MYC\tMYC\t1",
        "NOGENE\tTERT\t1",
        "MYC\tNOGENE\t1",
        "\tTERT\t1",
        "MYC\tTAZ\t1",
        "TP53\tARNTL\t1",
    ]
    checked = parse(write(tmp_path / "net.tsv", HEADER + "\n".join(rows) + "\n"), reference)
    assert by_reason(checked.rejected) == {
        "duplicate": 1,
        "self loop": 1,
        "unknown regulator": 1,
        "unknown gene": 1,
        "empty name": 1,
        "ambiguous name": 1,
    }
    assert checked.notes["retired symbol mapped"] == 1
    assert checked.num_kept == 2
    ambiguous = checked.rejected[checked.rejected["reason"].eq("ambiguous name")]
    assert ambiguous["detail"].str.fullmatch(r"target: ENSG\d{11} ENSG\d{11}").all()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("net.tsv", "source\ttarget\tweight\n", "has a header and no rows"),
        ("net.tsv", "source,target,weight\nMYC,TERT,1\n", "the header has commas"),
        ("net.csv", "TF,target,weight\nMYC,TERT,1\n", r"missing columns \['source'\]"),
        ("net.xlsx", "x", "expected a file that ends in one of"),
        ("net.parquet", "x", "no Parquet file that can be read"),
        ("net.tsv.gz", "", "the file is empty|holds no text"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, reference, name, content, said):
    with pytest.raises(InputError, match=said):
        parse(write(tmp_path / name, content), reference)


def test_a_folder_is_refused(tmp_path, reference):
    (tmp_path / "net.tsv").mkdir()
    with pytest.raises(InputError, match="a folder, expected a file"):
        parse(tmp_path / "net.tsv", reference)


def test_a_parquet_file_without_the_columns_is_refused(tmp_path, reference):
    pd.DataFrame({"TF": ["MYC"]}).to_parquet(tmp_path / "net.parquet")
    with pytest.raises(InputError, match="missing columns"):
        parse(tmp_path / "net.parquet", reference)


@pytest.mark.parametrize(("wanted", "given"), [("human", "mouse"), ("mouse", "human")])
def test_a_table_of_the_other_species_is_refused(tmp_path, nodes, mouse_nodes, reference_of, wanted, given):
    symbols = {"human": nodes, "mouse": mouse_nodes}[given]
    coding = symbols.loc[symbols["biotype"].eq("protein_coding"), "symbol"].dropna().iloc[:100]
    rows = "".join(f"{a}\t{b}\t1\n" for a, b in zip(coding, coding.iloc[::-1], strict=True))
    record = Source(**{**RECORD.__dict__, "species": wanted})
    spec = user_table.spec(record)
    with pytest.raises(InputError, match="is it the file of another species"):
        spec.parse([write(tmp_path / "net.tsv", HEADER + rows)], reference_of(spec))
