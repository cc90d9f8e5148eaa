"""`cisgraph ingest all --demo` on a tiny copy of the data, killed at ten random moments of a first load.

Seven sources of all stages that the command loads, so that each kill can begin on an empty graph.
"""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from cisgraph.cli.app import main
from graph.local import Connection
from graph.store import GraphStore
from ingest import plan
from ingest.catalogue import source_named

NODES = """
MATCH (n) WHERE NOT n:Release AND NOT n:SchemaVersion
RETURN labels(n) AS labels, properties(n) AS properties
"""
EDGES = """
MATCH (a)-[e]->(b)
RETURN coalesce(a.gene_id, a.source_id, a.context_id, a.complex_id) AS a, type(e) AS kind,
       coalesce(b.gene_id, b.peak_id, b.set_id, b.context_id, b.dataset_id, b.assembly_id) AS b,
       properties(e) AS properties
"""
VOLATILE = {"ingested_at", "report"}
NUM_KILLS = 10
SOURCES = (
    "ensembl_109",
    "ensembl_109_mouse",
    "hgnc",
    "lambert2018",
    "trrust",
    "hallmark",
    "orthologs_human_mouse",
)
TIMEOUT_S = 900


def content(store: GraphStore) -> tuple[int, str]:
    """Return the number of nodes and relationships, and a hash over all of them in any order."""
    rows = [*store.read(NODES), *store.read(EDGES)]
    for row in rows:
        row["properties"] = {key: value for key, value in row["properties"].items() if key not in VOLATILE}
    texts = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return len(rows), hashlib.sha256("\n".join(texts).encode()).hexdigest()


@pytest.fixture(scope="module")
def store(neo4j_connection: Connection) -> Iterator[GraphStore]:
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        yield store


def run(arguments: list[str], environment: dict[str, str], printed: Path) -> None:
    """Be the command `cisgraph` with these arguments."""
    os.environ.update(environment)
    with printed.open("w") as stream:
        os.dup2(stream.fileno(), sys.stdout.fileno())
        os.dup2(stream.fileno(), sys.stderr.fileno())
    sys.argv = ["cisgraph", *arguments]
    plan.SOURCES = [source_named(name) for name in SOURCES]
    main()


Start = Callable[[], BaseProcess]


@pytest.fixture(scope="module")
def start(neo4j_connection: Connection, tiny_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Begin the command in a process of its own, forked from one that has imported all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cisgraph.cli.app"])
    folder = tmp_path_factory.mktemp("killed")
    environment = {
        "NEO4J_URI": neo4j_connection.uri,
        "NEO4J_USER": neo4j_connection.user,
        "NEO4J_PASSWORD": neo4j_connection.password,
        "CISGRAPH_HOME": str(folder / "home"),
    }
    command = ["ingest", "all", "--demo", "--data-dir", str(tiny_demo)]

    def begin() -> BaseProcess:
        printed = folder / "printed.txt"
        process = context.Process(target=run, args=(command, environment, printed), name=str(printed))
        process.start()
        return process

    return begin


def finished(process: BaseProcess) -> str:
    process.join(TIMEOUT_S)
    printed = Path(process.name).read_text()
    assert process.exitcode == 0, printed
    return printed


def test_killed_at_ten_random_moments_of_a_first_load_the_same_command_makes_the_same_graph(
    store, start, wipe
):
    wipe(store)
    finished(start())
    expected = content(store)
    assert "loaded" not in finished(start())
    assert content(store) == expected

    wipe(store)
    began = time.monotonic()
    finished(start())
    seconds = time.monotonic() - began  # of a server that has planned the statements already
    assert content(store) == expected

    draw, num_cut = random.Random(4), 0
    for fraction in (draw.random() for _ in range(NUM_KILLS)):
        wipe(store)
        process = start()
        process.join(fraction * seconds)
        process.kill()
        process.join(TIMEOUT_S)
        num_cut += process.exitcode == -signal.SIGKILL
        finished(start())
        assert content(store) == expected, f"killed after {fraction * seconds:.1f} of {seconds:.1f} s"
    assert num_cut > NUM_KILLS / 2
