"""The bulk import on a real server of its own: the same graph as by Bolt, whole or not at all."""

import hashlib
import json
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from graph.bulk import BulkImport
from graph.bulk.keys import ENDS
from graph.cypher import create, write
from graph.errors import ConflictError, DatabaseError, InputError
from graph.local import LocalServer
from graph.local.tool import ENTRY_POINT as TOOL
from graph.migrations import migrate
from graph.store import GraphStore
from graph.tables import (
    BINDINGS,
    CHIP_TARGETS,
    DETECTIONS,
    GENE_NAMES,
    GENE_SETS,
    GENES,
    LOCATIONS,
    MEMBERSHIPS,
    NEAR,
    PEAKS,
    PRIORS,
    REGULATORS,
)

ROOT = Path(__file__).resolve().parents[2]
NUM_GENES = 300
IDS = np.array([f"ENSG{number:011d}" for number in range(NUM_GENES)])
ODD = [
    "",
    "plain",
    'a "quoted", text',
    "two\nlines",
    "return\r\nand tab\t",
    "β-catenin ❤ 名前",
    "back\\slash",
    " x ",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = LocalServer(tmp_path_factory.mktemp("bulk") / "neo4j", heap_mb=512, page_cache_mb=64)
    server.start()
    yield server
    server.stop()


def connect(server):
    c = server.connection()
    return GraphStore.connect(c.uri, user=c.user, password=c.password)


@pytest.fixture
def store(server, wipe):
    """The server's graph with genes, regulators, a source and an assembly, as a load leaves them."""
    with connect(server) as store:
        wipe(store)
        migrate(store)
        write_nodes(store)
        yield store


def write_nodes(store):
    store.write_table(GENES, genes())
    store.write(
        write.ASSEMBLY,
        assembly_id="GRCh38",
        species="human",
        aliases=["hg38"],
        chroms=["chr1"],
        chrom_sizes=[248_956_422],
    )
    store.write(write.BEGIN_LOAD, source_id="s", load_id="s@1")
    store.write("CREATE (:Context {context_id: 'd/all'})")
    store.write("CREATE (:Release {seen_at: datetime('2026-01-02T03:04:05.678+02:00'), release_id: 'r'})")


def genes():
    return pd.DataFrame(
        {
            "gene_id": IDS,
            "symbol": [None if n % 7 == 0 else f"G{n}" for n in range(NUM_GENES)],
            "aliases": [[] if n % 2 else [ODD[1 + n % 7], "x"] for n in range(NUM_GENES)],
            "previous_symbols": [["OLD"] for _ in IDS],
            "species": "human",
            "biotype": [ODD[n % len(ODD)] for n in range(NUM_GENES)],
            "annotation_release": [None if n % 3 else n for n in range(NUM_GENES)],
        }
    )


def tables(seed=0, num_edges=2_000):
    rng = np.random.default_rng(seed)

    def edges(num_sources, targets):
        return {"source": rng.choice(IDS[:num_sources], num_edges), "target": rng.choice(targets, num_edges)}

    peaks = pd.DataFrame({"assembly": "GRCh38", "chrom": "chr1", "start": np.arange(200) * 10})
    peaks["end"] = peaks["start"] + 5
    peaks.insert(0, "peak_id", [f"GRCh38:chr1:{row.start}-{row.end}" for row in peaks.itertuples()])
    load = {"source_id": "s", "load_id": "s@1"}
    lists = [[], ["123"], ["1", "2", 'β "x"\n']]
    weights = rng.choice([0.1, 1 / 3, np.nan, np.inf, -1e-300, 5e300, 0.0], num_edges)
    regulators = {"gene_id": IDS[:40], "regulator_class": "transcription_factor"}
    sets = {
        "set_id": ["a", "b"],
        "name": ["A", "B\n"],
        "collection": "c",
        "species": "human",
        "source_id": "s",
    }
    return [
        (REGULATORS, pd.DataFrame({**regulators, "tf_family": "C2H2", "source_id": "lambert"})),
        (REGULATORS, pd.DataFrame({**regulators, "source_id": "scenic"}).iloc[10:]),
        (
            REGULATORS,
            pd.DataFrame(
                {"gene_id": IDS[5:20], "regulator_class": "chromatin_regulator", "source_id": "epi"}
            ),
        ),
        (
            GENE_NAMES,
            pd.DataFrame(
                {
                    "gene_id": IDS[:3],
                    "symbol": ["N1", "N2", "N3"],
                    "aliases": [[], ["a"], ["b", "c"]],
                    "previous_symbols": [[], [], []],
                    "name_id": "HGNC:1",
                    "source_id": "hgnc",
                }
            ),
        ),
        (GENE_SETS, pd.DataFrame({**sets, "derived_from_regulators": [True, False]})),
        (PEAKS, peaks.iloc[:150]),
        (PEAKS, peaks.iloc[100:]),
        (
            PRIORS,
            pd.DataFrame(
                {
                    **edges(40, IDS),
                    **load,
                    "sign": rng.integers(-1, 2, num_edges),
                    "confidence": rng.choice(["A", None], num_edges),
                    "pmids": [lists[i] for i in rng.integers(0, 3, num_edges)],
                    "complex": rng.choice([None, *ODD], num_edges),
                    "weight": weights,
                }
            ),
        ),
        (
            CHIP_TARGETS,
            pd.DataFrame(
                {
                    **edges(40, IDS),
                    **load,
                    "experiment": pd.Categorical(rng.choice(ODD, num_edges)),
                    "cell_type": "K562",
                    "score": np.clip(weights, -1, 1).astype(np.float32),
                }
            ),
        ),
        (LOCATIONS, locations(load)),
        (NEAR, near(edges(NUM_GENES, peaks["peak_id"]), num_edges)),
        (
            BINDINGS,
            pd.DataFrame(
                {**edges(40, peaks["peak_id"]), **load, "kind": "chip", "experiment": "e", "score": weights}
            ),
        ),
        (MEMBERSHIPS, pd.DataFrame({"source": IDS[:50], "target": "a", **load})),
        (
            DETECTIONS,
            pd.DataFrame(
                {
                    "source": IDS,
                    "target": "d/all",
                    "num_cells": np.arange(NUM_GENES, dtype=np.int32),
                    "detection_rate": rng.random(NUM_GENES),
                    "mean_count": rng.random(NUM_GENES).astype(np.float32),
                }
            ),
        ),
    ]


def locations(load):
    place = {"chrom": "chr1", "start": 1, "end": 9, "strand": "+", "tss": 1}
    return pd.DataFrame({"source": IDS, "target": "GRCh38", **place, **load})


def near(ends, number):
    return pd.DataFrame(
        {**ends, "dataset_id": "d", "distance_bp": np.arange(number), "rank": pd.array([1] * number)}
    )


def digest(store):
    """Numbers of nodes by labels and relationships by type, and a hash over all that they are."""
    nodes = store.read("MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS p")
    edges = store.read(
        "MATCH (a)-[e]->(b) RETURN elementId(a) AS a, elementId(b) AS b, type(e) AS type, properties(e) AS p"
    )
    nodes = [row for row in nodes if "SchemaVersion" not in row["labels"]]
    text = {row["id"]: describe(sorted(row["labels"]), row["p"]) for row in nodes}
    lines = [
        *text.values(),
        *(describe(row["type"], text[row["a"]], text[row["b"]], row["p"]) for row in edges),
    ]
    labels = Counter("+".join(sorted(row["labels"])) for row in nodes)
    counts = {**labels, **Counter(row["type"] for row in edges)}
    return counts, hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def describe(*parts):
    return json.dumps(parts, sort_keys=True, default=str)


def schema(store):
    return store.read(
        "SHOW INDEXES YIELD name, type, state, labelsOrTypes, properties, owningConstraint "
        "RETURN * ORDER BY name"
    )


def by_bolt(store, content):
    for table, frame in content:
        store.write_table(table, frame)


def by_bulk(server, content, **options):
    with BulkImport(server, **options) as bulk:
        for table, frame in content:
            assert bulk.add(table, frame) == len(frame)
        return bulk.finish()


def test_every_relationship_table_has_ends():
    assert set(ENDS) == set(create.STATEMENTS)


def test_bulk_and_bolt_make_the_same_graph(server, store, wipe):
    by_bolt(store, tables())
    wanted, wanted_schema = digest(store), schema(store)
    wipe(store)
    write_nodes(store)
    uri, password = server.connection().uri, server.connection().password
    report = by_bulk(server, tables())
    assert (server.connection().uri, server.connection().password) == (uri, password)
    found = digest(store)
    assert found[0] == wanted[0]
    assert found == wanted
    counts = found[0]
    assert counts["Gene+Regulator"] == 40
    assert report.num_relationships == report.num_added == sum(store_counts(counts))
    assert set(report.seconds) == {"nodes", "files", "present", "import", "install"}
    assert [row["state"] for row in schema(store)] == ["ONLINE"] * len(wanted_schema)
    assert schema(store) == wanted_schema


def store_counts(counts):
    return [number for name, number in counts.items() if name.isupper()]


CHILD = """
import os, signal, sys
from pathlib import Path
import pandas as pd
from graph.bulk import BulkImport
from graph.local import LocalServer
from graph.local.tool import ENTRY_POINT as TOOL
from graph.tables import PRIORS

def progress(message, fraction=None):
    print(message, flush=True)
    if sys.argv[3] in message:
        os.kill(os.getpid(), signal.SIGKILL)

with BulkImport(LocalServer(Path(sys.argv[1])), progress=progress) as bulk:
    bulk.add(PRIORS, pd.read_pickle(sys.argv[2]))
    bulk.finish()
"""


def priors(num_edges=500):
    (frame,) = (frame for table, frame in tables(num_edges=num_edges) if table is PRIORS)
    return frame


def start_child(server, folder, last_words):
    priors().to_pickle(folder / "priors.pkl")
    command = [sys.executable, "-c", CHILD, str(server.home.path), str(folder / "priors.pkl"), last_words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def regulated(store):
    """The graph with regulators, and what it holds."""
    by_bolt(store, [content for content in tables() if content[0] is REGULATORS])
    return digest(store)


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment", ["the server starts on the new store", "starts on Java", "checking the new"]
)
def test_a_kill_leaves_the_graph_that_was_there(server, store, regulated, tmp_path, moment):
    child = start_child(server, tmp_path, moment)
    said = child.communicate()[0]
    assert child.returncode == -signal.SIGKILL, said
    server.start()
    assert digest(store) == regulated
    assert sorted(path.name for path in server.home.path.iterdir() if path.name[:4] in ("repl", "stag")) == []
    assert schema(store)


@pytest.mark.slow
def test_a_kill_in_the_import_leaves_no_tool_and_the_next_import_works(server, store, regulated, tmp_path):
    child = start_child(server, tmp_path, "never said")
    while not import_tools(server):
        assert child.poll() is None, child.stdout.read()
    child.kill()
    child.communicate()
    (tool,) = import_tools(server)
    report = by_bulk(server, [(PRIORS, priors())])
    assert not psutil.pid_exists(tool.pid) or tool.status() == psutil.STATUS_ZOMBIE
    assert report.num_added == 500
    assert digest(store)[0] == {**regulated[0], "PRIOR": 500}
    assert not list(server.home.path.glob("staging-*"))


def import_tools(server):
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess):
            command = process.cmdline()
            if TOOL in command and "import" in command and str(server.home.path) in " ".join(command):
                found.append(process)
    return found


def test_what_is_present_is_carried(server, store, regulated):
    edges = [content for content in tables() if content[0] in (LOCATIONS, DETECTIONS, GENE_SETS, MEMBERSHIPS)]
    by_bolt(store, edges)
    before, _ = digest(store)
    report = by_bulk(server, [(PRIORS, priors())])
    assert digest(store)[0] == {**before, "PRIOR": 500}
    assert report.num_relationships == report.num_added + 2 * NUM_GENES + 50


def test_an_end_that_is_not_in_the_graph_is_refused_before_the_import(server, store, regulated):
    pid = server.status().state.pid
    for end, value in {"target": "ENSG9", "source": IDS[100]}.items():
        frame = priors()
        frame.loc[3, end] = value
        with pytest.raises(DatabaseError, match=f"1 end nodes .*{value}"):
            by_bulk(server, [(PRIORS, frame)])
    assert server.status().state.pid == pid
    assert digest(store) == regulated


def test_lists_that_the_files_cannot_carry_are_refused(server, store, regulated):
    for fault in ([""], ["a\x1fb"], [None]):
        frame = priors()
        frame["pmids"] = [fault, *frame["pmids"].iloc[1:]]
        with pytest.raises(InputError, match="pmids"):
            by_bulk(server, [(PRIORS, frame)])


def test_lists_that_are_empty_on_some_nodes_and_missing_on_others_are_refused(server, store, regulated):
    store.write("MATCH (g:Gene) WITH g LIMIT 1 REMOVE g.aliases")
    with pytest.raises(ConflictError, match=r"Gene.*aliases.*empty lists on some"):
        by_bulk(server, [])


def test_a_graph_that_others_write_to_is_left_to_them(server, store, regulated):
    def write(message, fraction=None):
        if message.startswith("importing"):
            store.write("MATCH (c:Context) SET c.name = 'mine'")

    with pytest.raises(ConflictError, match="written to"):
        by_bulk(server, [(PRIORS, priors())], progress=write)
    store.write("CREATE (:Mine {key: 1})")
    with pytest.raises(ConflictError, match=r"none of ours.*Mine"):
        by_bulk(server, [])
    assert store.read("MATCH (c:Context) RETURN c.name AS name") == [{"name": "mine"}]
    assert digest(store)[0] == {**regulated[0], "Mine": 1}
