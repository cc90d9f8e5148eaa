import json
import multiprocessing
import os
import signal

import pandas as pd
import psutil
import pytest

from graph import runs
from graph.cypher import write
from graph.errors import ConflictError, InputError, NotFoundError
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import GENES, LINKS, PEAKS, REGULATIONS, REGULATORS

GENE_IDS = [f"ENSG{number:011d}" for number in range(4)]
DATASET = {
    "dataset_id": "d", "name": "d", "species": "human", "assembly": "GRCh38", "num_cells": 1, "num_genes": 4,
    "num_peaks": 1, "rna_path": "", "rna_sha256": "", "atac_path": "", "atac_sha256": "", "licence": "",
    "licence_class": "open", "citation": "", "time_column": "", "time_unit": "",
}  # fmt: skip


def open_store(connection) -> GraphStore:
    return GraphStore.connect(connection.uri, user=connection.user, password=connection.password)


@pytest.fixture
def store(empty_graph, write_source):
    with open_store(empty_graph) as store:
        none = [[] for _ in GENE_IDS]
        frame = {"gene_id": GENE_IDS, "symbol": list("ABCD"), "aliases": none, "previous_symbols": none}
        store.write_table(GENES, pd.DataFrame({**frame, "species": "human", "biotype": "x"}))
        regulators = {"gene_id": GENE_IDS[:2], "regulator_class": "transcription_factor", "source_id": "x"}
        store.write_table(REGULATORS, pd.DataFrame(regulators))
        peak = {"peak_id": ["p"], "assembly": "GRCh38", "chrom": "chr1", "start": 1, "end": 2}
        store.write_table(PEAKS, pd.DataFrame(peak))
        write_source(store, "dorothea")
        store.write(write.BEGIN_DATASET, **DATASET)
        yield store


def a_run(run_id: str) -> Run:
    return Run(
        run_id=run_id, kind="prediction", dataset_id="d", config="{}", seed=1, code_version="0",
        licence_class="academic",
    )  # fmt: skip


def edges(run_id: str, context: str = "d/all") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": [GENE_IDS[0], GENE_IDS[0], GENE_IDS[1]], "target": GENE_IDS[1:],
            "run_id": run_id, "context_id": context, "score": [0.9, 0.5, 0.1], "rank": [1, 2, 1], "sign": 0,
            "evidence_count": 0, "novel": True, "lag_sign": [None, 0, 1],
        }
    )  # fmt: skip


def complete_run(store: GraphStore, run_id: str) -> None:
    runs.begin(store, a_run(run_id), source_ids=["dorothea"])
    runs.write_context(store, REGULATIONS, edges(run_id))
    runs.publish(store, run_id, metrics={"a": 1}, num_edges=3, num_links=0)


def num_edges(store: GraphStore) -> int:
    return store.read("MATCH ()-[e:REGULATES]->() RETURN count(e) AS n")[0]["n"]


def test_a_run_shows_when_it_is_published_and_not_before(store):
    runs.begin(store, a_run("r1"), source_ids=["dorothea"])
    runs.write_context(store, REGULATIONS, edges("r1"))
    assert runs.listed(store) == []
    with pytest.raises(NotFoundError, match="no complete prediction run"):
        runs.default(store, "d")
    runs.publish(store, "r1", metrics={"auroc": 0.9}, num_edges=3, num_links=0)
    (row,) = runs.listed(store)
    assert (row["run_id"], row["source_ids"], json.loads(row["metrics"])) == (
        "r1",
        ["dorothea"],
        {"auroc": 0.9},
    )
    assert runs.default(store, "d") == "r1"


def test_lag_sign_null_and_zero_and_one_stay_apart(store):
    complete_run(store, "r1")
    rows = store.read("MATCH ()-[e:REGULATES]->(g) RETURN e.lag_sign AS lag_sign ORDER BY g.gene_id")
    assert [row["lag_sign"] for row in rows] == [None, 0, 1]


def test_the_newest_complete_run_is_the_only_default(store):
    complete_run(store, "r1")
    complete_run(store, "r2")
    assert runs.default(store, "d") == "r2"
    assert sum(row["is_default"] for row in runs.listed(store)) == 1


def test_runs_are_listed_newest_first_whatever_their_times_look_like_as_text(store):
    for run_id in ("r1", "r2", "r3"):
        complete_run(store, run_id)
    times = {"r1": "2026-01-01T00:00:00.49Z", "r2": "2026-01-01T00:00:00.5Z", "r3": "2026-01-01T00:00:01Z"}
    for run_id, time in times.items():
        store.write(
            "MATCH (r:Run {run_id: $run_id}) SET r.finished_at = datetime($time)", run_id=run_id, time=time
        )
    assert [row["run_id"] for row in runs.listed(store)] == ["r3", "r2", "r1"]


def test_a_complete_run_is_not_overwritten(store):
    complete_run(store, "r1")
    with pytest.raises(ConflictError, match="already complete"):
        runs.begin(store, a_run("r1"), source_ids=["dorothea"])
    assert num_edges(store) == 3


def test_a_run_that_a_living_process_writes_is_neither_swept_nor_taken_over(store):
    runs.begin(store, a_run("r1"), source_ids=["dorothea"])
    assert runs.sweep(store) == []
    with pytest.raises(ConflictError, match="being written by another process"):
        runs.begin(store, a_run("r1"), source_ids=["dorothea"])


def test_a_run_with_an_unknown_source_is_refused(store):
    with pytest.raises(NotFoundError, match="sources"):
        runs.begin(store, a_run("r1"), source_ids=["dorothea", "nowhere"])
    assert runs.listed(store, all_states=True) == []


def test_one_transaction_holds_one_context_and_at_most_a_hundred_thousand_edges(store):
    with pytest.raises(InputError, match="one context"):
        runs.write_context(store, REGULATIONS, pd.concat([edges("r1"), edges("r1", "d/K562")]))
    many = pd.concat([edges("r1")] * 33_334)
    with pytest.raises(InputError, match="at most 100,000"):
        runs.write_context(store, REGULATIONS, many)


def test_deleting_a_run_leaves_nothing_of_it_and_all_of_the_others(store):
    complete_run(store, "r1")
    runs.begin(store, a_run("r2"), source_ids=["dorothea"])
    runs.write_context(store, REGULATIONS, edges("r2"))
    link = {"source": [GENE_IDS[0]], "target": "p", "run_id": "r2", "context_id": "d/all", "weight": 0.5}
    runs.write_links(store, pd.DataFrame(link))
    assert LINKS.name == "LINKED"
    runs.delete(store, "r2")
    assert store.read("MATCH ()-[e:LINKED]->() RETURN count(e) AS n") == [{"n": 0}]
    assert num_edges(store) == 3
    assert [row["run_id"] for row in runs.listed(store, all_states=True)] == ["r1"]


def write_half_a_run_and_die(connection) -> None:
    store = open_store(connection)
    runs.begin(store, a_run("dead"), source_ids=["dorothea"])
    runs.write_context(store, REGULATIONS, edges("dead"))
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_writer_left_is_swept_and_the_run_can_be_made_again(store, neo4j_connection):
    child = multiprocessing.get_context("spawn").Process(
        target=write_half_a_run_and_die, args=(neo4j_connection,)
    )
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert num_edges(store) == 3
    assert runs.listed(store) == []
    assert runs.sweep(store) == ["dead"]
    assert num_edges(store) == 0
    complete_run(store, "dead")
    assert [row["run_id"] for row in runs.listed(store)] == ["dead"]


def test_a_process_id_that_was_used_again_is_told_from_the_writer(store):
    runs.begin(store, a_run("r1"), source_ids=["dorothea"])
    writer = runs.this_writer()
    host, pid, created = writer.split("|")
    assert psutil.pid_exists(int(pid))
    store.write("MATCH (r:Run) SET r.writer = $writer", writer=f"{host}|{pid}|{float(created) - 60:.2f}")
    assert runs.sweep(store) == ["r1"]
