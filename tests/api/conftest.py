"""A graph small enough to know every answer by heart, and clients that ask an application about it."""

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pandas as pd
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import ApiSettings
from graph import runs
from graph.cypher import write
from graph.local import Connection
from graph.migrations import migrate
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import (
    BASELINES,
    BINDINGS,
    CHIP_TARGETS,
    DETECTIONS,
    GENE_LAGS,
    GENES,
    LINKS,
    LOCATIONS,
    NEAR,
    PEAKS,
    PRIORS,
    REGULATIONS,
    REGULATORS,
)

Ask = Callable[..., httpx.Response]

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))
DUP_A, DUP_B, MOUSE = "ENSG00000000021", "ENSG00000000022", "ENSMUSG00000000001"

METRICS = {
    "table": [
        {"method": "cisgraph", "swap_auroc": 0.71, "low": 0.69, "high": 0.73},
        {"method": "random", "swap_auroc": 0.5, "low": float("nan"), "high": 0.52},
    ]
}


def _gene(gene_id, symbol, *, aliases=(), previous=(), species="human"):
    return {
        "gene_id": gene_id,
        "symbol": symbol,
        "aliases": list(aliases),
        "previous_symbols": list(previous),
        "species": species,
        "biotype": "protein_coding",
        "name": f"the gene {symbol}",
    }


def _edge(source, target, score, **more):
    edge = {
        "source": source,
        "target": target,
        "run_id": "run-new",
        "context_id": "lines/K562",
        "score": score,
        "uncertainty": 0.1,
        "rank": 1,
        "sign": 1,
        "lag": None,
        "lag_unit": None,
        "lag_sign": None,
        "lag_fdr": None,
        "chromatin_lag": None,
        "evidence_count": 0,
        "novel": True,
    }
    return {**edge, **more}


LAG = {"lag": 1.5, "lag_unit": "h", "lag_fdr": 0.01, "chromatin_lag": 0.5}

NEW_K562 = [
    _edge(GATA1, HBG1, 0.9, lag_sign=1, evidence_count=3, novel=False, **LAG),
    _edge(GATA1, KLF1, 0.8, rank=2, lag_sign=0, sign=-1, evidence_count=1, novel=False, **LAG),
    _edge(GATA1, HBB, 0.8, rank=3),
    _edge(GATA1, TAL1, 0.4, rank=4, lag_sign=-1, sign=0, **LAG),
    _edge(SPI1, HBG1, 0.3, rank=5),
]


def _write_genes(store):
    genes = [
        _gene(GATA1, "GATA1", aliases=["ERYF1", "NFE1"], previous=["GF1"]),
        _gene(SPI1, "SPI1", aliases=["PU.1", 'odd "name\\']),
        _gene(HBG1, "HBG1"),
        _gene(HBB, "HBB", aliases=["TWICE"]),
        _gene(KLF1, "KLF1", previous=["TWICE"]),
        _gene(TAL1, "TAL1"),
        _gene(DUP_A, "DUP"),
        _gene(DUP_B, "DUP"),
        _gene(MOUSE, "Tal1", species="mouse"),
    ]
    store.write_table(GENES, pd.DataFrame(genes))
    regulators = [
        {"gene_id": gene, "regulator_class": kind, "tf_family": "zinc finger", "source_id": "tfs"}
        for gene, kind in [
            (GATA1, "transcription_factor"),
            (SPI1, "transcription_factor"),
            (KLF1, "transcription_factor"),
        ]
    ]
    store.write_table(REGULATORS, pd.DataFrame(regulators))
    store.write(
        write.ASSEMBLY, assembly_id="GRCh38", species="human", aliases=["hg38"], chroms=[], chrom_sizes=[]
    )
    place = {
        "source_id": "annotation",
        "load_id": "annotation",
        "source": HBG1,
        "target": "GRCh38",
        "chrom": "chr11",
        "start": 5,
        "end": 9,
        "strand": "-",
    }
    store.write_table(LOCATIONS, pd.DataFrame([{**place, "tss": 8}]))


def _write_sources(store, write_source):
    for source_id, licence_class in [("dorothea", "academic"), ("trrust", "share-alike"), ("encode", "open")]:
        write_source(
            store,
            source_id,
            version="1",
            licence="some",
            licence_class=licence_class,
            sha256="0",
            citation="c",
            rows_read=5,
            rows_kept=4,
            rows_rejected=1,
            rejected='{"no such gene": 1}',
        )
    write_source(store, "annotation", stage="annotation")
    store.write(write.BEGIN_LOAD, source_id="half", load_id="half@1")


def _write_datasets(store):
    for dataset_id, names in [("lines", ["A549", "GM12878", "K562"]), ("times", ["A549", "H1"])]:
        store.write(
            write.BEGIN_DATASET,
            **dict.fromkeys(("name", "rna_sha256", "atac_sha256", "licence", "citation"), dataset_id),
            **dict.fromkeys(("time_column", "time_unit"), ""),
            **dict.fromkeys(("num_cells", "num_genes", "num_peaks"), 1047),
            dataset_id=dataset_id,
            species="human",
            assembly="GRCh38",
            rna_path="/secret/rna.h5ad",
            atac_path="/secret/atac.h5ad",
            licence_class="open",
        )
        for name in names:
            store.write(
                write.CONTEXT,
                dataset_id=dataset_id,
                context_id=f"{dataset_id}/{name}",
                name=name,
                obs_column="cell_line",
                num_cells=198,
            )
    store.write(write.COMPLETE_DATASET, dataset_id="lines", fingerprint="f")


def _write_evidence(store):
    priors = [
        (GATA1, HBG1, "dorothea", 1, "A", ["1", "2"]),
        (GATA1, HBG1, "trrust", -1, None, ["3"]),
        (GATA1, KLF1, "trrust", 1, "high", []),
        (SPI1, HBG1, "dorothea", 0, "E", []),
    ]
    columns = ["source", "target", "source_id", "sign", "confidence", "pmids"]
    rows = pd.DataFrame(priors, columns=columns)
    store.write_table(PRIORS, rows.assign(load_id=rows["source_id"]))
    # what a load that was killed leaves is seen by nobody
    store.write_table(PRIORS, rows.assign(load_id="killed"))
    chip = [
        (GATA1, HBG1, "encode", "E1", "K562", 7.0),
        (GATA1, HBG1, "encode", "E2", "GM12878", None),
        (GATA1, KLF1, "encode", "E2", "GM12878", None),
    ]
    rows = pd.DataFrame([(*row, "encode") for row in chip], columns=list(CHIP_TARGETS.columns))
    store.write_table(CHIP_TARGETS, rows)
    detections = [(GATA1, "lines/K562", 12, 12 / 198, 0.07), (HBG1, "lines/K562", 150, 150 / 198, 4.0)]
    store.write_table(DETECTIONS, pd.DataFrame(detections, columns=list(DETECTIONS.columns)))


PEAK, FAR = "GRCh38:chr11:1-6", "GRCh38:chr11:900-950"


def _write_peaks(store):
    peaks = [(PEAK, "GRCh38", "chr11", 1, 6), (FAR, "GRCh38", "chr11", 900, 950)]
    store.write_table(PEAKS, pd.DataFrame(peaks, columns=list(PEAKS.columns)))
    near = [(HBG1, PEAK, "lines", 2, 1), (HBG1, FAR, "lines", 892, 2), (HBG1, FAR, "times", 892, 1)]
    store.write_table(NEAR, pd.DataFrame(near, columns=list(NEAR.columns)))
    links = [(HBG1, PEAK, "run-new", "lines/K562", 0.6), (HBG1, FAR, "run-new", "lines/K562", 0.2)]
    columns = ["source", "target", "run_id", "context_id", "weight"]
    store.write_table(LINKS, pd.DataFrame(links, columns=columns))
    bound = [(GATA1, PEAK, "encode", "chip", "E1", "K562", 9.0, "encode")]
    bound += [(GATA1, FAR, "encode", "chip", "E9", "K562", 9.0, "killed")]
    bound += [(SPI1, FAR, "dorothea", "motif", "m1", None, None, "dorothea")]
    store.write_table(BINDINGS, pd.DataFrame(bound, columns=list(BINDINGS.columns)))
    lag = (HBG1, "times/A549", "run-times", 0.4, "h", 1, 0.02, 0.1, 0.7)
    lag += (False, [0.25, 0.75], [0.3, 0.5], [0, 1])
    store.write_table(GENE_LAGS, pd.DataFrame([lag], columns=list(GENE_LAGS.columns)))


def _write_run(store, run_id, edges, *, kind="prediction", dataset="lines", publish=True, licence="academic"):
    run = Run(
        run_id=run_id,
        kind=kind,
        dataset_id=dataset,
        config='{"epochs": 3}',
        seed=42,
        code_version="0.1",
        licence_class=licence,
    )
    runs.begin(store, run, source_ids=["encode" if licence == "open" else "dorothea"])
    rows = pd.DataFrame([{**edge, "run_id": run_id} for edge in edges])
    for _, part in rows.groupby("context_id"):
        runs.write_context(store, BASELINES if kind == "baseline" else REGULATIONS, part)
    if publish:
        runs.publish(store, run_id, metrics=METRICS, num_edges=len(edges), num_links=0)


def _write_graph(store, write_source):
    store.write_autocommit("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    migrate(store)
    _write_genes(store)
    _write_sources(store, write_source)
    _write_datasets(store)
    _write_evidence(store)
    _write_peaks(store)
    known = _edge(SPI1, HBG1, 0.6, evidence_count=1, novel=False)  # by dorothea, which is academic
    _write_run(store, "run-open", [_edge(SPI1, TAL1, 0.7), known], licence="open")
    _write_run(store, "run-old", [_edge(GATA1, HBG1, 0.2, sign=-1)])
    gm = [_edge(GATA1, KLF1, 0.95, context_id="lines/GM12878", sign=-1)]
    _write_run(store, "run-new", NEW_K562 + gm)
    _write_run(store, "run-times", [_edge(GATA1, HBB, 0.6, context_id="times/A549")], dataset="times")
    _write_run(store, "degree", [_edge(GATA1, HBG1, 1.0, sign=0)], kind="baseline")
    _write_run(store, "run-half", [_edge(GATA1, SPI1, 0.99)], publish=False)


@pytest.fixture(scope="module")
def blood_graph(neo4j_connection: Connection, write_source) -> Iterator[Connection]:
    """The hand-made graph."""
    auth = {"user": neo4j_connection.user, "password": neo4j_connection.password}
    with GraphStore.connect(neo4j_connection.uri, **auth) as store:
        _write_graph(store, write_source)
        yield neo4j_connection
        store.write_autocommit("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")


@pytest.fixture(scope="session")
def app_for() -> Callable[[Connection], FastAPI]:
    """Makes the application of a database."""
    return lambda connection: create_app(
        ApiSettings(neo4j_uri=connection.uri, neo4j_user=connection.user, neo4j_password=connection.password)
    )


@pytest.fixture(scope="module")
def asking() -> Callable[[FastAPI], "Asking"]:
    """Makes a started application that can be asked."""
    return Asking


class Asking:
    """A started application: `ask("/v1/runs", limit=3)` is one request."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def __enter__(self) -> Ask:
        self._runner.__enter__()
        self._lifespan = self._app.router.lifespan_context(self._app)
        self._runner.run(self._lifespan.__aenter__())
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://cisgraph.test")
        return self.request

    def request(self, path, *, method="GET", headers=None, json=None, content=None, **params):
        """Return the response to one request; what is not of HTTP is a parameter of the question."""
        sent = self._client.request(method, path, params=params, headers=headers, json=json, content=content)
        return self._runner.run(sent)

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.run(self._lifespan.__aexit__(None, None, None))
        self._runner.__exit__(None, None, None)


@pytest.fixture(scope="module")
def ask(blood_graph, app_for) -> Iterator[Ask]:
    """Asks the application of the hand-made graph."""
    with Asking(app_for(blood_graph)) as ask:
        yield ask
