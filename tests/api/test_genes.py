"""Genes by every name that people give them, over HTTP."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))


@pytest.mark.parametrize(
    ("name", "gene_id", "matched_by"),
    [
        (GATA1, GATA1, "gene_id"),
        (f"{GATA1}.14", GATA1, "gene_id"),
        ("GATA1", GATA1, "symbol"),
        (" GATA1 ", GATA1, "symbol"),
        ("gata1", GATA1, "symbol_in_other_case"),
        ("ERYF1", GATA1, "alias"),
        ("GF1", GATA1, "previous_symbol"),
        ("PU.1", SPI1, "alias"),
        ("pu.1", SPI1, "alias"),
        ('odd "name\\', SPI1, "alias"),
        ("Tal1", "ENSMUSG00000000001", "symbol"),
        ("TAL1", TAL1, "symbol"),
    ],
)
def test_a_gene_is_found_by_each_of_its_names_and_told_by_which(ask, name, gene_id, matched_by):
    gene = ask(f"/v1/genes/{quote(name, safe='')}").json()
    assert (gene["gene_id"], gene["matched_by"]) == (gene_id, matched_by)


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("DUP", ["ENSG00000000021", "ENSG00000000022"]),
        ("TWICE", [HBB, KLF1]),
        ("tal1", [TAL1, "ENSMUSG00000000001"]),
    ],
)
def test_a_name_of_several_genes_is_a_conflict_with_the_candidates(ask, name, candidates):
    response = ask(f"/v1/genes/{name}")
    assert response.status_code == 409
    assert response.json()["candidates"] == candidates


@pytest.mark.parametrize(("name", "nearest"), [("GATTA1", "GATA1"), ("hbg2", "HBG1"), ("PU2", "SPI1")])
def test_an_unknown_gene_is_404_with_the_nearest_names(ask, name, nearest):
    response = ask(f"/v1/genes/{name}")
    assert response.status_code == 404
    assert nearest in response.json()["suggestions"]
    assert nearest in response.json()["hint"]


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list('+-&|!(){}[]^"~*?:\\/ ANDORNOT')), st.characters(exclude_categories=["Cs"])
    ),
    min_size=1,
    max_size=200,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=HOSTILE)
@example(name="*:*")
@example(name='" OR *:* OR "')
@example(name="symbol:GATA1")
@example(name="AND")
@example(name="/.*/")
@example(name="\\")
@example(name='"')
@example(name="\x00")
@example(name="' OR 1=1 //")
@example(name="[A TO Z]")
def test_no_name_is_syntax_for_the_database(ask, name):
    response = ask(f"/v1/regulators/{quote(name, safe='')}/targets", context="K562")
    assert response.status_code == 404, response.text


def test_a_gene_tells_where_it_lies_and_where_it_is_seen(ask):
    gene = ask("/v1/genes/HBG1").json()
    assert gene["locations"] == [
        {"assembly": "GRCh38", "chrom": "chr11", "start": 5, "end": 9, "strand": "-", "tss": 8}
    ]
    (seen,) = gene["detections"]
    assert (seen["context_id"], seen["num_cells"], seen["context_num_cells"]) == ("lines/K562", 150, 198)
    assert gene["is_regulator"] is False
