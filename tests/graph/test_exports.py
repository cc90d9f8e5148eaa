"""Exports of networks with many genes: what the server holds grows with them, not with their square."""

import asyncio

import pandas as pd
import pytest

from graph import runs
from graph.cypher import write
from graph.exports import export_of
from graph.migrations import migrate
from graph.questions import EdgeQuestion
from graph.reader import GraphReader
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import GENES, REGULATIONS, REGULATORS

NUM_GENES = 10_000
"""Their square in references is 800 MB, more than a transaction of the tests' server may take."""


@pytest.fixture
def wide_run(neo4j_connection, wipe):
    """One regulator of ten thousand genes."""
    c = neo4j_connection
    ids = [f"ENSG{number:011d}" for number in range(NUM_GENES)]
    genes = pd.DataFrame({"gene_id": ids, "symbol": ids, "name": "", "species": "human", "biotype": "x"})
    empty = [[] for _ in ids]
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        wipe(store)
        migrate(store)
        store.write_table(GENES, genes.assign(aliases=empty, previous_symbols=empty))
        classes = {"regulator_class": "transcription_factor", "tf_family": "x", "source_id": "x"}
        store.write_table(REGULATORS, pd.DataFrame([{"gene_id": ids[0], **classes}]))
        texts = ("name", "rna_sha256", "atac_sha256", "licence", "citation", "time_column", "time_unit")
        numbers = dict.fromkeys(("num_cells", "num_genes", "num_peaks"), 1)
        more = {"species": "human", "assembly": "GRCh38", "rna_path": "", "atac_path": ""}
        store.write(
            write.BEGIN_DATASET,
            dataset_id="d",
            licence_class="open",
            **dict.fromkeys(texts, "x"),
            **numbers,
            **more,
        )
        store.write(write.CONTEXT, dataset_id="d", context_id="d/all", name="all", obs_column="", num_cells=1)
        runs.begin(store, Run("wide", "prediction", "d", "{}", 0, "x", "open"), source_ids=[])
        edges = pd.DataFrame({"source": ids[0], "target": ids, "run_id": "wide", "context_id": "d/all"})
        scored = edges.assign(score=0.5, rank=1, sign=0, evidence_count=0, novel=True)
        runs.write_context(store, REGULATIONS, scored)
        runs.publish(store, "wide", metrics={}, num_edges=NUM_GENES, num_links=0)
        yield c
        wipe(store)


def test_the_genes_of_a_wide_network_are_told_once_each_within_the_memory_of_a_transaction(wide_run):
    async def ask():
        auth = {"user": wide_run.user, "password": wide_run.password}
        async with GraphReader.connect(wide_run.uri, **auth) as reader:
            return await (await export_of(reader, EdgeQuestion("", run_id="wide"))).genes()

    genes, num_edges = asyncio.run(ask())
    assert (len(genes), len({gene.gene_id for gene in genes}), num_edges) == (NUM_GENES,) * 3
    assert [gene.is_regulator for gene in genes[:2]] == [True, False]
