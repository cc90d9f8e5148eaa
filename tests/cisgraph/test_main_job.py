"""The main job on a small copy of the shipped data, through a real Neo4j, killed on the way and repeated."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api.app import create_app
from cisgraph.cli.app import app
from cisgraph.cli.serve import api_settings
from graph import runs
from graph.local import Connection
from graph.store import GraphStore

EDGES = "MATCH ()-[e:REGULATES]->() RETURN e.run_id AS run_id, e.context_id AS context_id, count(e) AS n"
ORPHANS = """
MATCH ()-[e:REGULATES|LINKED|HAS_LAG]->()
WHERE NOT EXISTS { MATCH (:Run {run_id: e.run_id, state: 'complete'}) }
RETURN count(e) AS n
"""
TIMEOUT_S = 900


class Demo:
    """`cisgraph demo` in a process of its own, on the session's Neo4j."""

    def __init__(self, connection: Connection, data: Path, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "NEO4J_URI": connection.uri,
            "NEO4J_USER": connection.user,
            "NEO4J_PASSWORD": connection.password,
            "CISGRAPH_HOME": str(folder / "home"),
        }
        self.command = [
            sys.executable, "-m", "cisgraph", "demo",
            "--demo-dir", str(data), "--output", str(folder / "out"),
        ]  # fmt: skip

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def finish(self) -> str:
        process = self.start()
        printed, _ = process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == 0, printed
        return printed


@pytest.fixture(scope="module")
def store(neo4j_connection: Connection, wipe: Callable[[GraphStore], None]) -> Iterator[GraphStore]:
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        wipe(store)
        yield store
        wipe(store)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(neo4j_connection: Connection, small_demo: Path, folder: Path) -> Demo:
    return Demo(neo4j_connection, small_demo, folder)


@pytest.fixture(scope="module")
def killed(demo: Demo, store: GraphStore) -> list[list[dict[str, object]]]:
    """Kill -9 the first demo while it writes edges; return what readers of plain Cypher saw meanwhile."""
    process = demo.start()
    seen: list[list[dict[str, object]]] = []
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        seen.append(store.read(EDGES))
        if seen[-1]:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
            return seen
        with contextlib.suppress(subprocess.TimeoutExpired):
            printed, _ = process.communicate(timeout=0.1)
            raise AssertionError(f"the demo ended before it was killed: {printed}")
    raise AssertionError(f"the demo wrote no edge within {TIMEOUT_S} s")


@pytest.fixture(scope="module")
def printed(killed: object, demo: Demo) -> str:
    """What the second demo prints, which finishes the killed one."""
    return demo.finish()


def counts(store: GraphStore) -> dict[tuple[str, str], int]:
    return {(row["run_id"], row["context_id"]): row["n"] for row in store.read(EDGES)}


def test_a_killed_write_back_shows_no_run(killed, store):
    assert killed[-1], "killed after the first context was there"
    assert runs.listed(store) == []
    assert {row["state"] for row in runs.listed(store, all_states=True)} == {"writing"}


def test_the_next_demo_leaves_one_complete_run_of_each_data_set_and_no_orphan(printed, store):
    listed = runs.listed(store, all_states=True)
    assert sorted(row["dataset_id"] for row in listed) == ["scicar_a549", "snareseq_celllines"]
    assert {row["state"] for row in listed} == {"complete"}
    assert store.read(ORPHANS) == [{"n": 0}]
    assert "swept what the dead run" in printed


def test_plain_cypher_never_saw_half_of_a_context(killed, printed, store):
    whole = counts(store)
    for found in killed:
        for row in found:
            assert row["n"] == whole[str(row["run_id"]), str(row["context_id"])]


def test_the_numbers_on_a_run_are_those_of_its_edges(printed, store):
    by_run: dict[str, int] = {}
    for (run_id, _), number in counts(store).items():
        by_run[run_id] = by_run.get(run_id, 0) + number
    assert by_run == {row["run_id"]: row["num_edges"] for row in runs.listed(store)}


def test_time_points_give_lag_signs_and_unrelated_lines_give_null(printed, store):
    rows = store.read(
        "MATCH ()-[e:REGULATES]->() RETURN split(e.context_id, '/')[0] AS dataset, "
        "split(e.context_id, '/')[1] AS context, collect(DISTINCT e.lag_sign) AS signs, "
        "count(e.lag_sign) AS num_estimated, count(e) AS num_edges"
    )
    for row in rows:
        if (row["dataset"], row["context"]) == ("scicar_a549", "all"):
            assert row["num_estimated"] > 0.5 * row["num_edges"]
            assert set(row["signs"]) <= {-1, 0, 1}
        else:
            assert row["signs"] == []


def test_no_source_judges_a_run_that_read_it(printed, store):
    for row in runs.listed(store):
        exams = json.loads(row["metrics"])["validation"]
        assert len(exams) >= 3
        for exam in exams:
            assert exam["judge"] not in row["source_ids"] or exam["name"].startswith("held-out")
            names = {method["name"] for method in exam["rows"]}
            assert {"cisgraph", "random", "degree", "neighbourhood", "correlation"} <= names


def test_the_degree_baseline_has_swap_auroc_of_one_half(printed, store):
    for row in runs.listed(store):
        for exam in json.loads(row["metrics"])["validation"]:
            (degree,) = [method for method in exam["rows"] if method["name"] == "degree"]
            assert degree["swap_auroc"] == pytest.approx(0.5, abs=1e-9)


async def _from_the_api(connection: Connection) -> object:
    api = create_app(api_settings(connection))
    async with api.router.lifespan_context(api):
        transport = httpx.ASGITransport(app=api)
        async with httpx.AsyncClient(transport=transport, base_url="http://cisgraph") as client:
            answer = await client.get("/v1/regulators/GATA1/targets", params={"context": "K562"})
    return answer.json()


def test_command_line_and_api_give_the_same_edges_of_gata1(printed, neo4j_connection, demo, monkeypatch):
    import asyncio

    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)
    told = CliRunner().invoke(app, ["query", "regulator", "GATA1", "--context", "K562", "--json"])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert answer == asyncio.run(_from_the_api(neo4j_connection))
    assert answer["edges"]
    assert answer["contexts"][0]["detection"]["num_cells"] > 0
    assert {"score", "rank", "lag_sign", "evidence"} <= set(answer["edges"][0])


def test_a_third_demo_changes_nothing(printed, demo, store):
    before = counts(store), store.read("MATCH (n) RETURN count(n) AS n"), release(store)
    again = demo.finish()
    assert (counts(store), store.read("MATCH (n) RETURN count(n) AS n"), release(store)) == before
    assert "was complete already" in again
    assert "loaded" not in again


def release(store: GraphStore) -> list[dict[str, object]]:
    return store.read("MATCH (r:Release) RETURN r.release_id AS release_id, r.counts AS counts")


def test_the_demo_ends_with_what_to_type_next(printed, folder):
    assert (folder / "out" / "report.html").stat().st_size > 100_000
    for part in ("swap AUROC", "peak memory", "cisgraph query regulator GATA1 --context K562"):
        assert part in printed
    assert "Traceback" not in printed
    assert "Warning" not in printed
