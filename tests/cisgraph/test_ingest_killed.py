"""`cisgraph ingest all --demo` on a tiny copy of the data, killed at ten random moments and repeated."""

import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.local import Connection
from graph.store import GraphStore

NODES = """
MATCH (n) WHERE NOT n:Release AND NOT n:SchemaVersion
RETURN labels(n) AS labels, properties(n) AS properties
"""
EDGES = """
MATCH (a)-[e]->(b)
RETURN coalesce(a.gene_id, a.source_id, a.context_id, a.complex_id) AS a, type(e) AS kind,
       coalesce(b.gene_id, b.peak_id, b.context_id, b.dataset_id, b.assembly_id) AS b,
       properties(e) AS properties
"""
VOLATILE = {"ingested_at", "report"}
NUM_KILLS = 10
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


@pytest.fixture
def start(
    neo4j_connection: Connection, tiny_demo: Path, tmp_path: Path
) -> Callable[[], "subprocess.Popen[str]"]:
    environment = {
        **os.environ,
        "NEO4J_URI": neo4j_connection.uri,
        "NEO4J_USER": neo4j_connection.user,
        "NEO4J_PASSWORD": neo4j_connection.password,
        "CISGRAPH_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "-m", "cisgraph", "ingest", "all", "--demo", "--data-dir", str(tiny_demo)]
    return lambda: subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def finished(process: "subprocess.Popen[str]") -> str:
    printed, _ = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, printed
    return printed


def test_killed_at_ten_random_moments_the_same_command_makes_the_same_graph(store, start, wipe):
    wipe(store)
    began = time.monotonic()
    finished(start())
    seconds = time.monotonic() - began
    expected = content(store)
    assert "loaded" not in finished(start())
    assert content(store) == expected

    wipe(store)
    draw = random.Random(4)
    for fraction in sorted(draw.random() for _ in range(NUM_KILLS)):
        process = start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=fraction * seconds)
        process.kill()
        process.communicate(timeout=TIMEOUT_S)
    killed = content(store)
    printed = finished(start())
    assert content(store) == expected
    assert "cut short" not in printed
    assert killed[0] <= expected[0] * 2
