import pandas as pd
import pytest

from ingest.names import Names


@pytest.fixture
def toy_names() -> Names:
    return Names(
        pd.DataFrame(
            {
                "gene_id": [f"ENSG{i:011d}" for i in range(1, 7)],
                "symbol": ["AAA", "BBB", "DUP", "DUP", "NOX", None],
                "aliases": [["SHARED", "BBB"], ["SHARED", "Only"], [], ["x1"], [], []],
                "previous_symbols": [["OLD"], [], ["FORMER"], ["FORMER"], ["OLDER"], []],
                "name_id": ["HGNC:1", "HGNC:2", "HGNC:3", None, None, None],
            }
        )
    )


@pytest.mark.parametrize(
    ("name", "gene", "how"),
    [
        ("AAA", 1, "matched"),
        ("BBB", 2, "matched"),  # an approved symbol beats the alias of AAA
        ("DUP", 3, "matched"),  # of two genes with one symbol HGNC's is meant
        ("OLD", 1, "previous"),
        ("Only", 2, "alias"),
        ("ONLY", 2, "alias"),
        ("only", None, "not_found"),
        ("Aaa", None, "not_found"),  # a mouse gene would be written so
        ("ENSG00000000006", 6, "matched"),
        ("ENSG00000000006.12", 6, "matched"),
        ("SHARED", None, "ambiguous"),
        ("FORMER", None, "ambiguous"),
        ("nothing", None, "not_found"),
    ],
)
def test_a_name_means_the_gene_of_the_highest_trust_or_none(toy_names, name, gene, how):
    row = toy_names.resolve([name]).iloc[0]
    assert row["how"] == how
    assert row["gene_id"] == (None if gene is None else f"ENSG{gene:011d}")


def test_an_ambiguous_name_is_reported_with_its_candidates(toy_names):
    row = toy_names.resolve(["SHARED"]).iloc[0]
    assert row["candidates"] == ("ENSG00000000001", "ENSG00000000002")


def test_the_answer_keeps_order_repeats_and_index(toy_names):
    given = pd.Series(["OLD", "zzz", "OLD"], index=[7, 3, 9])
    answer = toy_names.resolve(given)
    assert answer.index.tolist() == [7, 3, 9]
    assert answer["input"].tolist() == ["OLD", "zzz", "OLD"]
    assert answer["how"].tolist() == ["previous", "not_found", "previous"]


def test_a_name_in_capitals_is_said_to_be_folded(toy_names):
    answer = toy_names.resolve(["Only", "ONLY", "nothing", "AAA"])
    assert answer["is_folded"].tolist() == [False, True, False, False]


def test_a_copy_on_y_and_a_version_are_no_part_of_an_ensembl_id(toy_names):
    answer = toy_names.resolve(["ENSG00000000006.12_PAR_Y", "ENSG00000000006_PAR_Y"])
    assert answer["gene_id"].tolist() == ["ENSG00000000006"] * 2


def test_symbols_that_only_an_older_annotation_has_come_last():
    names = Names(
        pd.DataFrame(
            {
                "gene_id": ["new", "old", "other"],
                "symbol": ["Foo", "Foo", "Bar"],
                "aliases": [[], [], []],
                "previous_symbols": [[], [], []],
                "annotated_symbol": ["Foo", "Foo", "Baz"],
                "annotation_release": [109, 90, 109],
            }
        )
    )
    answer = names.resolve(["Foo", "Bar", "Baz", "old"])
    assert answer["gene_id"].tolist() == ["new", "other", "other", "old"]
    assert answer["how"].tolist() == ["matched", "matched", "previous", "matched"]


def test_duplicate_symbols_without_a_record_are_ambiguous(genes, names):
    counts = genes.loc[genes["symbol"].ne(""), "symbol"].value_counts()
    answer = names.resolve(counts[counts > 1].index)
    assert set(answer["how"]) <= {"matched", "ambiguous"}
    assert (answer["how"] == "ambiguous").any()
    assert answer.loc[answer["how"].eq("ambiguous"), "gene_id"].isna().all()


@pytest.mark.parametrize(
    ("old", "new"), [("MLL", "KMT2A"), ("OCT4", "POU5F1"), ("ARNTL", "BMAL1"), ("C1ORF112", "FIRRM")]
)
def test_known_old_names_of_human_genes_are_found(names, old, new):
    answer = names.resolve([old, new])["gene_id"]
    assert answer.notna().all()
    assert answer[0] == answer[1]
