"""Peaks, motifs, gene sets and orthologs on a real Neo4j: written once, unchanged when repeated, removed."""

from collections.abc import Iterator

import pandas as pd
import pytest

from graph.schema import Source
from graph.store import GraphStore
from graph.tables import PEAKS
from ingest.plan import Plan, ingest
from ingest.removal import remove_source
from ingest.sources import annotation, chip_peaks, gene_sets, motifs, orthologs

EDGES = """
MATCH (a)-[e:BINDS|CHIP_TARGET|MEMBER_OF|ORTHOLOG_OF]->(b)
RETURN type(e) AS kind, a.symbol AS a, coalesce(b.symbol, b.peak_id, b.name) AS b, e.score AS score
"""
WORD = "GCGTGACCAAGC"


@pytest.fixture
def store(empty_graph) -> Iterator[GraphStore]:
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as opened:
        yield opened


def genes(folder, species: str, assembly: str, prefix: str):
    lines = [
        f"2L\tx\tgene\t{1000 * number}\t{1000 * number + 500}\t.\t+\t.\t"
        f'gene_id "{prefix}{number:011d}"; gene_name "{name}"; gene_biotype "protein_coding";'
        for number, name in enumerate("ABC", start=1)
    ]
    path = folder / f"{species}.gtf"
    path.write_text("\n".join(lines) + "\n")
    spec = annotation.gtf_spec(
        species=species, assembly_id=assembly, source_id=f"{species}_genes", release=109
    )
    return spec, [path]


def record(source_id: str) -> Source:
    return Source(source_id, source_id, "1", "mine", "open", "", "fly")


def sources(folder):
    """Return the four sources, of a fly with three genes and one peak."""
    texts = {
        "chip.bed": "2L\t1999\t2000\tA\t7\n2L\t900\t901\tB\t5\n",
        "motifs.jaspar": ">M1\tC\n"
        + "".join(f"{base} [ {' '.join(str(9 * (base == at)) for at in WORD)} ]\n" for base in "ACGT"),
        "genome.fa": ">2L\n" + "A" * 1950 + WORD + "A" * 5000 + "\n",
        "sets.gmt": "S\tx\tA\tB\n",
        "pairs.tsv": "source\ttarget\nA\tA\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    paths = {name: folder / name for name in texts}
    return [
        (gene_sets.spec(record("sets"), collection="mine"), [paths["sets.gmt"]]),
        (orthologs.spec(record("pairs"), other_species="worm"), [paths["pairs.tsv"]]),
        (
            chip_peaks.spec(record("chip"), chip_peaks.Experiment("BDGP6", "S2")),
            [paths["chip.bed"]],
        ),
        (
            motifs.spec(record("scan"), motifs.Scan("BDGP6", background="uniform")),
            [paths["motifs.jaspar"], paths["genome.fa"]],
        ),
    ]


def edges(store) -> set[tuple]:
    return {(row["kind"], row["a"], row["b"], row["score"]) for row in store.read(EDGES)}


def test_what_was_read_is_in_the_graph_and_can_be_taken_out_again(store, tmp_path):
    annotations = [genes(tmp_path, "fly", "BDGP6", "ENSFLYG"), genes(tmp_path, "worm", "WBcel235", "ENSWRMG")]
    home = tmp_path / "home"
    ingest(store, Plan(annotations), home=home)
    peak = {"peak_id": "BDGP6:2L:1900-2100", "assembly": "BDGP6", "chrom": "2L", "start": 1900, "end": 2100}
    store.write_table(PEAKS, pd.DataFrame([peak]))

    first = ingest(store, Plan(sources(tmp_path)), home=home)
    assert {each.source_id: each.num_written for each in first.sources} == {
        "sets": 2,
        "pairs": 1,
        "chip": 3,
        "scan": 1,
    }
    found = edges(store)
    assert {edge[:3] for edge in found} == {
        ("MEMBER_OF", "A", "S"),
        ("MEMBER_OF", "B", "S"),
        ("ORTHOLOG_OF", "A", "A"),
        ("BINDS", "A", peak["peak_id"]),
        ("CHIP_TARGET", "A", "B"),
        ("CHIP_TARGET", "B", "A"),
        ("BINDS", "C", peak["peak_id"]),
    }
    assert ("CHIP_TARGET", "A", "B", 7.0) in found
    second = ingest(store, Plan(sources(tmp_path)), home=home)
    assert not any(each.is_changed for each in second.sources)
    assert edges(store) == found
    for source_id in ("sets", "pairs", "chip", "scan"):
        remove_source(store, source_id)
    assert edges(store) == set()
    assert not store.read("MATCH (n) WHERE n:GeneSet OR n:Regulator RETURN n LIMIT 1")
