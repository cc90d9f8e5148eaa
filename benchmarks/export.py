"""Exports and a comparison of made runs: `python -P benchmarks/export.py --edges 5000000`.

Makes a scratch Neo4j with a run of so many edges (1,000 regulators, 10,000 genes, 10 contexts) and a second
one of a tenth of them, by the admin import. Each format is written by `cisgraph export` in a process of its
own: seconds, edges a second, and the most memory that the process and the server held. Then the two runs
are compared.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from graph import runs
from graph.bulk import BulkImport
from graph.cypher import write
from graph.local import Connection, LocalServer
from graph.migrations import migrate
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import GENES, REGULATIONS, REGULATORS

NUM_REGULATORS, NUM_GENES, NUM_CONTEXTS = 1_000, 10_000, 10
DATASET = "made"


def gene_ids(number: int) -> list[str]:
    return [f"ENSG{place:011d}" for place in range(number)]


def write_nodes(store: GraphStore) -> None:
    """Write genes, regulators, a data set and its contexts."""
    ids = gene_ids(NUM_GENES)
    of_all = {"name": "made", "species": "human", "biotype": "protein_coding"}
    genes = pd.DataFrame({"gene_id": ids, "symbol": [f"SYM{i}" for i in range(NUM_GENES)], **of_all})
    empty = [[] for _ in ids]
    store.write_table(GENES, genes.assign(aliases=empty, previous_symbols=empty))
    classes = {"regulator_class": "transcription_factor", "tf_family": None, "source_id": "made"}
    store.write_table(REGULATORS, pd.DataFrame({"gene_id": ids[:NUM_REGULATORS], **classes}))
    store.write(
        write.BEGIN_DATASET,
        **dict.fromkeys(("name", "rna_sha256", "atac_sha256", "licence", "citation"), DATASET),
        **dict.fromkeys(("time_column", "time_unit", "rna_path", "atac_path"), ""),
        **dict.fromkeys(("num_cells", "num_genes", "num_peaks"), 1),
        dataset_id=DATASET,
        species="human",
        assembly="GRCh38",
        licence_class="open",
    )
    for place in range(NUM_CONTEXTS):
        store.write(
            write.CONTEXT,
            dataset_id=DATASET,
            context_id=f"{DATASET}/c{place}",
            name=f"c{place}",
            obs_column="context",
            num_cells=100,
        )


def edges(run_id: str, place: int, num_targets: int, seed: int) -> pd.DataFrame:
    """Return the edges of one context: for each regulator so many genes, scores by chance."""
    chance = np.random.default_rng([seed, place])
    ids = np.array(gene_ids(NUM_GENES))
    targets = np.concatenate([chance.permutation(NUM_GENES)[:num_targets] for _ in range(NUM_REGULATORS)])
    number = len(targets)
    return pd.DataFrame(
        {
            "source": np.repeat(ids[:NUM_REGULATORS], num_targets),
            "target": ids[targets],
            "run_id": run_id,
            "context_id": f"{DATASET}/c{place}",
            "score": chance.random(number),
            "uncertainty": chance.random(number),
            "rank": np.tile(np.arange(1, num_targets + 1), NUM_REGULATORS),
            "sign": chance.integers(-1, 2, number),
            "evidence_count": 0,
            "novel": True,
        }
    )


def make(server: LocalServer, num_edges: int) -> Connection:
    """Fill a scratch server with two runs and return how to reach it."""
    connection = server.start()
    num_targets = num_edges // NUM_CONTEXTS // NUM_REGULATORS
    plan = [("big", place) for place in range(NUM_CONTEXTS)] + [("other", 0)]
    with opened(connection) as store:
        migrate(store)
        write_nodes(store)
        for run_id in ("big", "other"):
            runs.begin(store, Run(run_id, "prediction", DATASET, "{}", 0, "made", "open"), source_ids=[])
    with BulkImport(server) as bulk:
        for seed, (run_id, place) in enumerate(plan):
            bulk.add(REGULATIONS, edges(run_id, place, num_targets, seed))
        bulk.finish()
    connection = server.start()
    with opened(connection) as store:
        for run_id in ("big", "other"):
            number = num_edges if run_id == "big" else num_edges // NUM_CONTEXTS
            runs.publish(store, run_id, metrics={}, num_edges=number, num_links=0)
    return connection


def opened(connection: Connection) -> GraphStore:
    return GraphStore.connect(connection.uri, user=connection.user, password=connection.password)


def timed(words: list[str], connection: Connection, server_pid: int) -> dict[str, float]:
    """Return seconds and peak memory of a command, and of the server meanwhile."""
    settings = {"URI": connection.uri, "USER": connection.user, "PASSWORD": connection.password}
    environment = {**os.environ, **{f"NEO4J_{name}": value for name, value in settings.items()}}
    started, most, server = time.perf_counter(), 0, 0
    process = psutil.Popen(
        [sys.executable, "-m", "cisgraph", *words], env=environment, stdout=subprocess.DEVNULL
    )
    while process.poll() is None:
        most = max(most, process.memory_info().rss)
        server = max(server, psutil.Process(server_pid).memory_info().rss)
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"cisgraph {' '.join(words)} failed")
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_rss_mb": most / 2**20, "server_rss_mb": server / 2**20}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=5_000_000)
    parser.add_argument("--formats", default="tsv,parquet,graphml,cx2")
    parser.add_argument("--home", type=Path, help="Keep the scratch Neo4j here, or use the one that is.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder) / "neo4j"
        is_made = home.exists()
        server = LocalServer(home, heap_mb=1024, page_cache_mb=512)
        try:
            started = time.perf_counter()
            connection = server.start() if is_made else make(server, asked.edges)
            found = {"edges": asked.edges, "made_s": time.perf_counter() - started}
            pid = server.status().state.pid
            for name in asked.formats.split(","):
                out = Path(folder) / f"network.{name}"
                words = ["export", "--run", "big", "--format", name, "-o", str(out)]
                told = timed(words, connection, pid)
                found[name] = {
                    **told,
                    "edges_a_second": asked.edges / told["seconds"],
                    "file_mb": out.stat().st_size / 2**20,
                }
                out.unlink()
                print(json.dumps({name: found[name]}), flush=True)
            for context in (["--context", "c0"], []):
                words = ["runs", "compare", "big", "other", "--json", *context]
                found[" ".join(words)] = timed(words, connection, pid)
            print(json.dumps(found, indent=1))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
