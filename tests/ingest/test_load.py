"""On a real Neo4j, with the shipped annotation and cuts of the other files."""

import gzip
import lzma
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from graph.errors import InputError, NotFoundError
from graph.progress import silent
from ingest.catalogue import SOURCES, source_named
from ingest.plan import Plan, all_sources, ingest
from ingest.sources import collectri, hgnc, mgi
from ingest.sources.annotation import GENES_FILE, MOUSE_GENES_FILE

STATE = """
MATCH (n) WITH count(n) AS nodes
MATCH ()-[e]->() RETURN nodes, type(e) AS kind, count(e) AS relationships ORDER BY kind
"""
NUM_ROWS = 150
HGNC_FILE, MGI_FILE = hgnc.SPEC.files[0], mgi.SPEC.files[0]


OPENERS = {".gz": gzip.open, ".xz": lzma.open}


def read_lines(path: Path) -> list[str]:
    with OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as stream:
        return stream.read().removesuffix("\n").split("\n")


def write_lines(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(lines) + "\n"
    packers = {".gz": lambda raw: gzip.compress(raw, 1), ".xz": lambda raw: lzma.compress(raw, preset=0)}
    path.write_bytes(packers.get(path.suffix, bytes)(text.encode()))


def cut(source: Path, target: Path, num_rows: int) -> None:
    """Keep rows evenly spread over a file; of target sets, some targets of some sets."""
    header, *rows = read_lines(source)
    if "gmt" in source.name:
        lines = (header, *rows)
        lines = [row for row in lines if re.search(r"_(K562|MELCELLLINE|MESC)_", row)] or lines
        sets = [row.split("\t") for row in lines]
        write_lines(target, ["\t".join(one[:60]) for one in sets[:: max(1, len(sets) // 12)]])
    else:
        write_lines(target, [header, *rows[:: max(1, len(rows) // num_rows)][:num_rows]])


@pytest.fixture
def data_dir(demo, tmp_path) -> Path:
    """The shipped files: a few hundred rows of evidence, and the genes that they and the small pair name."""
    data = tmp_path / "data"
    evidence = [name for spec in SOURCES for name in spec.files if spec.stage == "evidence"]
    for spec in SOURCES:
        for name in spec.files:
            whole = name not in evidence or "index" in name
            if whole:
                write_lines(data / name, read_lines(demo / name))
            else:
                cut(demo / name, data / name, NUM_ROWS)
    used = {part for name in evidence for line in read_lines(data / name) for part in line.split("\t")}
    used |= {symbol for members in collectri.COMPLEXES.values() for symbol in members}
    capitals = {name.upper() for name in used} - {""}
    for name, records, chrom in ((GENES_FILE, HGNC_FILE, "chr1"), (MOUSE_GENES_FILE, MGI_FILE, "chrY")):
        header, *rows = read_lines(demo / name)
        kept = [row for row in rows if (cells := row.split("\t"))[6].upper() in capitals or cells[0] == chrom]
        write_lines(data / name, [header, *kept])
        ids = {row.split("\t")[5] for row in kept}
        header, *rows = read_lines(demo / records)
        write_lines(data / records, [header, *(row for row in rows if ids & set(row.split("\t")))])
    return data


def load(store, plan: Plan, home: Path):
    return ingest(store, plan, home=home, progress=silent)


def test_loading_twice_and_after_a_kill_gives_the_same_graph(store, data_dir, tmp_path, pair):
    plan = Plan(all_sources(data_dir), (pair,))
    first = load(store, plan, tmp_path / "home")
    state = store.read(STATE)
    for report in first.sources:
        assert report.num_read == report.num_kept + sum(report.rejected.values())
        rejected = pd.read_csv(report.rejected_path, sep="\t", keep_default_na=False)
        assert len(rejected) == report.num_read - report.num_kept

    second = load(store, plan, tmp_path / "home")
    assert not any(report.is_changed for report in (*second.sources, *second.datasets))
    assert second.release_id == first.release_id
    assert store.read(STATE) == state

    # as a kill in the middle of two loads would leave it
    store.write("MATCH (s:Source {source_id: 'trrust'}) SET s.state = 'writing'")
    store.write("MATCH ()-[e:PRIOR {source_id: 'trrust'}]->() WITH e LIMIT 50 DELETE e")
    store.write("MATCH ()-[e:NEAR]->() WITH e LIMIT 9 DELETE e")
    third = load(store, plan, tmp_path / "home")
    changed = {report.source_id for report in third.sources if report.is_changed}
    assert changed == {"trrust"}
    assert third.datasets[0].is_changed
    assert store.read(STATE) == state
    assert third.release_id == first.release_id


def test_a_changed_file_replaces_what_its_source_wrote(store, data_dir, demo, tmp_path):
    load(store, Plan(all_sources(data_dir)), tmp_path / "home")
    name = "trrust/trrust_v2_human.tsv.gz"
    cut(demo / name, data_dir / name, 100)
    report = load(store, Plan(all_sources(data_dir)), tmp_path / "home")
    changed = [each for each in report.sources if each.is_changed]
    assert [each.source_id for each in changed] == ["trrust"]
    rows = store.read("MATCH ()-[e:PRIOR {source_id: 'trrust'}]->() RETURN count(e) AS number")
    assert rows[0]["number"] == changed[0].num_written < 101


def test_every_source_of_an_edge_is_a_regulator_and_complexes_have_members(store, data_dir, tmp_path):
    load(store, Plan(all_sources(data_dir)), tmp_path / "home")
    classes = store.read("MATCH (r:Regulator) UNWIND r.regulator_classes AS c RETURN DISTINCT c ORDER BY c")
    assert {"chromatin_regulator", "transcription_factor"} <= {row["c"] for row in classes}
    rows = store.read("MATCH (c:Complex)-[:HAS_MEMBER]->(g) RETURN c.complex_id AS c, count(g) AS n")
    found = {row["c"]: row["n"] for row in rows}
    symbols = store.read("MATCH (g:Gene {species: 'human'}) RETURN collect(g.symbol) AS all")[0]["all"]
    expected = {name: len(set(symbols) & set(members)) for name, members in collectri.COMPLEXES.items()}
    named = store.read("MATCH ()-[e:PRIOR {source_id: 'collectri'}]->() RETURN DISTINCT e.complex AS c")
    assert {f"collectri:{row['c']}" for row in named if row["c"]} <= set(found)
    assert all(found.get(f"collectri:{name}", number) == number for name, number in expected.items())
    assert any(name.startswith("epifactors:") for name in found)


def test_human_and_mouse_lie_side_by_side_and_only_orthologs_join_them(store, data_dir, tmp_path):
    load(store, Plan(all_sources(data_dir)), tmp_path / "home")
    rows = store.read("MATCH (g:Gene) RETURN g.species AS species, count(g) AS genes ORDER BY species")
    assert [row["species"] for row in rows] == ["human", "mouse"]
    mixed = """
    MATCH (a)-[e]->(b)
    WHERE NOT e:ORTHOLOG_OF AND (a.species <> b.species OR EXISTS {
      MATCH (s:Source {source_id: e.source_id}) WHERE s.species <> a.species OR s.species <> b.species })
    RETURN count(e) AS number
    """
    assert store.read(mixed)[0]["number"] == 0
    kinds = "MATCH (a:Gene {species: 'mouse'})-[e]->() RETURN DISTINCT type(e) AS kind ORDER BY kind"
    assert [row["kind"] for row in store.read(kinds)] == ["CHIP_TARGET", "LOCATED_ON", "PRIOR"]


def test_evidence_before_the_annotation_is_refused_and_writes_nothing(store, demo, tmp_path):
    spec = source_named("trrust")
    plan = Plan(((spec, [demo / name for name in spec.files]),))
    with pytest.raises(NotFoundError, match="no genes of the species 'human'"):
        load(store, plan, tmp_path / "home")
    assert store.read("MATCH (n:Source) RETURN count(n) AS number")[0]["number"] == 0


def test_a_data_set_with_a_fault_writes_neither_nodes_nor_files(store, data_dir, tmp_path, pair):
    load(store, Plan(all_sources(data_dir)), tmp_path / "home")
    state = store.read(STATE)
    with pytest.raises(InputError):
        load(store, Plan(datasets=(replace(pair, context_column="nothing"),)), tmp_path / "home")
    assert store.read(STATE) == state
    assert not (tmp_path / "home" / "datasets").exists()
