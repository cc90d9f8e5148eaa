"""On a real Neo4j: two annotations of one species in either order, and names put on and taken off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.progress import silent
from graph.store import GraphStore
from ingest.plan import Plan, ingest
from ingest.removal import remove_source
from ingest.source import SourceSpec
from ingest.sources import annotation, mgi, trrust

HEADER = "chrom\tstart\tend\tstrand\ttss\tgene_id\tsymbol\tbiotype\tdescription"
NEW = [
    HEADER,
    "chr1\t11\t20\t+\t11\tENSMUSG00000000001\tNewone\tprotein_coding\tone",
    "chr1\t31\t40\t-\t40\tENSMUSG00000000002\tSame\tlncRNA\ttwo",
]
OLD = [
    HEADER,
    "chr1\t111\t120\t+\t111\tENSMUSG00000000001\tOldone\tlincRNA\tuno",
    "chr2\t1\t9\t+\t1\tENSMUSG00000000003\tSame\tlincRNA\ttre",
]
MGI = [
    "ID\tsymbol\tsynonyms\tensembl",
    "1\tApproved\tNick|Oldone\tENSMUSG00000000001",
]
GENES = """
MATCH (g:Gene) RETURN g.gene_id AS gene_id, g.symbol AS symbol, g.annotated_symbol AS annotated_symbol,
  g.aliases AS aliases, g.name_id AS name_id, g.biotype AS biotype,
  [(g)-[e:LOCATED_ON]->(a) | a.assembly_id + ':' + e.start] AS places
ORDER BY gene_id
"""


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def store(empty_graph) -> Iterator[GraphStore]:
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as opened:
        yield opened


@pytest.fixture
def parts(tmp_path) -> dict[str, tuple[SourceSpec, list[Path]]]:
    sizes = [write(tmp_path / f"{name}.sizes", ["chr1\t1000", "chr2\t1000"]) for name in "ab"]
    return {
        "new": (annotation.ENSEMBL_MOUSE_SPEC, [write(tmp_path / "new.tsv", NEW), *sizes]),
        "old": (annotation.ENSEMBL_GRCM38_SPEC, [write(tmp_path / "old.tsv", OLD), sizes[0]]),
        "names": (mgi.SPEC, [write(tmp_path / "mgi.tsv", MGI)]),
    }


def load(store, tmp_path, *sources):
    return ingest(store, Plan(sources), home=tmp_path / "home", progress=silent)


def genes(store) -> dict:
    rows = store.read(GENES)
    return {row.pop("gene_id")[-1]: {**row, "places": sorted(row["places"])} for row in rows}


@pytest.mark.parametrize("order", [("new", "old"), ("old", "new"), ("old", "new", "old", "new")])
def test_an_older_annotation_never_says_what_genes_of_a_newer_are_called(store, parts, tmp_path, order):
    load(store, tmp_path, *(parts[name] for name in order))
    found = genes(store)
    assert {key: row["symbol"] for key, row in found.items()} == {"1": "Newone", "2": "Same", "3": "Same"}
    assert found["1"]["biotype"] == "protein_coding"
    assert found["1"]["places"] == ["GRCm38:110", "GRCm39:10"]
    assert found["3"]["places"] == ["GRCm38:0"]


@pytest.mark.parametrize("order", [("new", "names", "old"), ("old", "new", "names"), ("old", "names", "new")])
def test_names_are_put_on_genes_and_their_removal_puts_the_annotations_back(store, parts, tmp_path, order):
    load(store, tmp_path, *(parts[name] for name in order))
    named = genes(store)["1"]
    assert (named["symbol"], named["annotated_symbol"]) == ("Approved", "Newone")
    assert (named["aliases"], named["name_id"]) == (["Nick", "Oldone"], "MGI:1")
    remove_source(store, "mgi")
    bare = genes(store)["1"]
    assert (bare["symbol"], bare["aliases"], bare["name_id"]) == ("Newone", [], None)


def test_after_the_newer_is_removed_the_older_says_again_what_genes_are_called(store, parts, tmp_path):
    load(store, tmp_path, parts["old"], parts["new"])
    remove_source(store, "ensembl_109_mouse")
    report = load(store, tmp_path, parts["old"])
    assert report.sources[0].is_changed
    found = genes(store)
    assert {key: row["symbol"] for key, row in found.items()} == {"1": "Oldone", "3": "Same"}


def test_a_name_of_both_annotations_means_the_gene_of_the_newer(store, parts, tmp_path):
    load(store, tmp_path, parts["old"], parts["new"])
    path = write(tmp_path / "net.tsv", ["tf\ttarget\tmode\tpmids", "Same\tNewone\tActivation\t1"])
    load(store, tmp_path, (trrust.MOUSE_SPEC, [path]))
    rows = store.read("MATCH (a)-[:PRIOR]->(b) RETURN a.gene_id AS a, b.gene_id AS b")
    assert rows == [{"a": "ENSMUSG00000000002", "b": "ENSMUSG00000000001"}]


def test_a_user_may_give_a_gtf_of_another_release_beside(store, parts, tmp_path):
    spec = annotation.gtf_spec(species="mouse", assembly_id="GRCm38", source_id="gencode_m25", release=100)
    line = 'chr1\tx\tgene\t111\t120\t.\t+\t.\tgene_id "ENSMUSG00000000001.4"; gene_name "Middle";'
    load(store, tmp_path, parts["new"], (spec, [write(tmp_path / "m25.gtf", [line])]))
    assert genes(store)["1"]["symbol"] == "Newone"
