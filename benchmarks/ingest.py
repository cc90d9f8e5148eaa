"""Rates of loading relationships, by every route, on one fresh local server and in one run.

    python benchmarks/ingest.py --edges 3000000

Makes genes, regulators and evidence from a seed and prints relationships a second:

* `plain`: UNWIND + MATCH + MATCH + CREATE of flat rows, 10,000 a batch (the rate of the notes to beat);
* `merge`: the same with MERGE, of relationships that are there;
* `bolt`: what `GraphStore.write_table` does, from the frame to the last commit;
* `delete`: what a source's removal does, by type and load;
* `import`: neo4j-admin alone, its Java among it;
* `bulk`: everything from the frames to a server that answers: files, carried nodes, import, stop, start,
  constraints, indexes.

Two cores at most are used where the system can pin processes. A machine that does other work gives lower
figures: what counts are the ratios.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from graph.bulk import BulkImport
from graph.cypher import ingest as statements
from graph.local import LocalServer
from graph.migrations import migrate
from graph.rows import as_rows, batches
from graph.store import GraphStore
from graph.tables import GENES, PRIORS, REGULATORS

NUM_CORES = 2
LOAD = {"source_id": "benchmark", "load_id": "benchmark@0123456789ab"}

_ROW = """
UNWIND $rows AS row
MATCH (r:Regulator {gene_id: row.source})
MATCH (g:Gene {gene_id: row.target})
"""
PLAIN = (
    _ROW
    + """
CREATE (r)-[:PRIOR {source_id: row.source_id, sign: row.sign, confidence: row.confidence, pmids: row.pmids,
  complex: row.complex, weight: row.weight, load_id: row.load_id}]->(g)
RETURN count(*) AS wrote
"""
)
MERGE = (
    _ROW
    + """
MERGE (r)-[e:PRIOR {source_id: row.source_id, sign: row.sign, load_id: row.load_id}]->(g)
SET e.confidence = row.confidence, e.pmids = row.pmids, e.complex = row.complex, e.weight = row.weight
RETURN count(*) AS wrote
"""
)


def made_genes(number: int) -> pd.DataFrame:
    """Return genes of the size of a human annotation's."""
    ids = [f"ENSG{each:011d}" for each in range(number)]
    none: list[list[str]] = [[] for _ in ids]
    columns = {"gene_id": ids, "symbol": ids, "aliases": none, "previous_symbols": none}
    return pd.DataFrame({**columns, "species": "human", "biotype": "protein_coding"})


def made_regulators(genes: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the first genes as transcription factors."""
    ids = genes["gene_id"].iloc[:number]
    return pd.DataFrame({"gene_id": ids, "regulator_class": "transcription_factor", "source_id": "list"})


def made_priors(genes: pd.DataFrame, *, num_regulators: int, num_edges: int, seed: int) -> pd.DataFrame:
    """Return evidence sorted by regulator, each pair once.

    As in the shipped sources, one half has a confidence (DoRothEA), the other papers (CollecTRI, TRRUST).
    """
    rng = np.random.default_rng(seed)
    num_pairs = num_regulators * len(genes)
    pairs = np.unique(rng.integers(0, num_pairs, int(num_edges * 1.2)))[:num_edges]
    ids = genes["gene_id"].to_numpy()
    papers: list[list[str]] = [[], ["12345678", "23456789"]]
    has_papers = rng.integers(0, 2, len(pairs))
    return pd.DataFrame(
        {
            "source": ids[pairs // len(genes)],
            "target": ids[pairs % len(genes)],
            "sign": rng.integers(-1, 2, len(pairs)),
            "confidence": np.where(has_papers, None, rng.choice(list("ABCDE"), len(pairs))),
            "pmids": [papers[each] for each in has_papers],
            **LOAD,
        }
    )


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def write_rows(store: GraphStore, statement: str, frame: pd.DataFrame) -> None:
    """Write flat rows in batches of 10,000, one after the other."""
    for part in batches(PRIORS, frame, size=10_000):
        store.write(statement, **as_rows(part))  # type: ignore[arg-type]  # a constant of this file


def remove(store: GraphStore) -> None:
    """Delete what the benchmark wrote."""
    for statement in statements.DELETE_OTHER_LOADS.values():
        store.write_autocommit(statement, source_id=LOAD["source_id"], load_id=None)


def by_bolt(store: GraphStore, frame: pd.DataFrame) -> dict[str, float]:
    """Return relationships a second of the routes over Bolt."""
    write_rows(store, PLAIN, frame.iloc[:20_000])  # warms the compiler
    store.write_table(PRIORS, frame.iloc[:20_000])
    remove(store)
    rates = {"plain": len(frame) / seconds(lambda: write_rows(store, PLAIN, frame))}
    rates["merge"] = len(frame) / seconds(lambda: write_rows(store, MERGE, frame))
    rates["delete"] = len(frame) / seconds(lambda: remove(store))
    rates["bolt"] = len(frame) / seconds(lambda: store.write_table(PRIORS, frame))
    remove(store)
    return rates


def by_import(server: LocalServer, frame: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Return relationships a second of the admin import, and its seconds by step."""
    started = time.perf_counter()
    with BulkImport(server) as bulk:
        bulk.add(PRIORS, frame)
        report = bulk.finish()
    whole = time.perf_counter() - started
    steps = dict(report.seconds)
    rates = {"files": len(frame) / steps["files"], "import": len(frame) / steps["import"]}
    return {**rates, "bulk": len(frame) / whole}, {**steps, "whole": whole}


def run(args: argparse.Namespace, folder: Path) -> None:
    """Load by every route, and print the rates."""
    genes = made_genes(args.genes)
    frame = made_priors(genes, num_regulators=args.regulators, num_edges=args.edges, seed=args.seed)
    server = LocalServer(folder / "neo4j", heap_mb=args.heap_mb, page_cache_mb=512)
    connection = server.start()
    try:
        with GraphStore.connect(connection.uri, user=connection.user, password=connection.password) as store:
            migrate(store)
            store.write_table(GENES, genes)
            store.write_table(REGULATORS, made_regulators(genes, args.regulators))
            rates = by_bolt(store, frame.iloc[: args.bolt_edges])
        bulk_rates, steps = by_import(server, frame)
    finally:
        server.stop()
    print(
        f"{len(genes):,} genes; by Bolt {min(args.bolt_edges, len(frame)):,}, by import {len(frame):,} edges"
    )
    for name, rate in {**rates, **bulk_rates}.items():
        print(f"{name:8} {rate:12,.0f} relationships / s {rate / rates['plain']:8.2f} x plain")
    print("bulk, seconds: " + ", ".join(f"{name} {value:.1f}" for name, value in steps.items()))


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--genes", type=int, default=60_000)
    parser.add_argument("--regulators", type=int, default=1_500)
    parser.add_argument("--edges", type=int, default=3_000_000, help="of the import")
    parser.add_argument("--bolt-edges", type=int, default=300_000, help="of each route over Bolt")
    parser.add_argument("--heap-mb", type=int, default=1_024)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:NUM_CORES])
    with TemporaryDirectory() as folder:
        run(args, Path(folder))


if __name__ == "__main__":
    main()
