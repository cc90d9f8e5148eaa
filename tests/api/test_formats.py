"""Networks in the formats of other tools, read by those tools."""

import asyncio
import io
import json

import anndata as ad
import decoupler
import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ndex2.cx2 import RawCX2NetworkFactory

from api.formats.contract import Network
from api.formats.negotiation import FORMATS
from graph.exports import COLUMNS, PART, Gene
from graph.validation.network_files import read_network

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))
EXPORT = "/v1/exports/run-new"
PAIRS = [(GATA1, HBG1), (GATA1, HBB), (GATA1, KLF1), (GATA1, TAL1), (SPI1, HBG1)]


def rows(response):
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def same(told, frame):
    """Whether a table has the rows that NDJSON told, with nulls where it had none."""
    frame = frame.astype(object).where(frame.notna(), None)
    assert list(frame.columns) == list(COLUMNS)
    assert frame.to_dict("records") == told


@pytest.fixture(scope="module")
def told(ask):
    return rows(ask(EXPORT, format="ndjson"))


def test_an_export_holds_every_edge_of_the_run_once_by_regulator_and_best_first(told):
    assert [(row["source"], row["target"], row["context"], row["score"]) for row in told] == [
        (GATA1, KLF1, "GM12878", 0.95),
        (GATA1, HBG1, "K562", 0.9),
        (GATA1, HBB, "K562", 0.8),
        (GATA1, KLF1, "K562", 0.8),
        (GATA1, TAL1, "K562", 0.4),
        (SPI1, HBG1, "K562", 0.3),
    ]
    assert {row["run_id"] for row in told} == {"run-new"}


def test_filters_of_an_export_keep_what_they_say(ask):
    found = rows(ask(EXPORT, format="ndjson", context="K562", min_score=0.5, novel="true"))
    assert [(row["source"], row["target"]) for row in found] == [(GATA1, HBB)]
    assert ask(EXPORT, licence="open").status_code == 409
    assert ask("/v1/exports/degree").status_code == 409
    assert ask("/v1/exports/run-now").status_code == 404


def test_json_tells_run_licence_and_edges(ask, told):
    response = ask(EXPORT)
    answer = response.json()
    assert answer["edges"] == told
    assert (answer["licence_class"], response.headers["X-Licence-Class"]) == ("academic", "academic")
    assert "not proof of causation" in answer["notice"]


def test_pyarrow_reads_parquet_and_the_arrow_stream(ask, told):
    table = pq.read_table(io.BytesIO(ask(EXPORT, format="parquet").content))
    assert table.to_pylist() == told
    assert table.schema.metadata[b"licence_class"] == b"academic"
    with pa.ipc.open_stream(ask(EXPORT, format="arrow").content) as stream:
        assert stream.read_all().to_pylist() == told


def test_pandas_reads_tsv(ask, told):
    frame = pd.read_csv(io.StringIO(ask(EXPORT, format="tsv").text), sep="\t")
    same(told, frame)


def test_networkx_reads_graphml_with_types(ask, told):
    graph = nx.read_graphml(io.BytesIO(ask(EXPORT, format="graphml").content))
    assert graph.is_directed()
    assert graph.nodes[GATA1] == {"symbol": "GATA1"}
    assert graph.graph["licence_class"] == "academic"
    edges = [{"source": s, "target": t, **data} for s, t, data in graph.edges(data=True)]
    ends = {"source_symbol", "target_symbol"}
    wanted = [{k: v for k, v in row.items() if v is not None and k not in ends} for row in told]
    by_key = lambda row: (row["source"], row["target"], row["context"])  # noqa: E731
    assert sorted(edges, key=by_key) == sorted(wanted, key=by_key)


def test_ndex2_reads_cx2(ask, told):
    document = ask(EXPORT, format="cx2").json()
    network = RawCX2NetworkFactory().get_cx2network(document)
    nodes = {key: node["v"] for key, node in network.get_nodes().items()}
    edges = [(nodes[e["s"]]["gene_id"], nodes[e["t"]]["gene_id"]) for e in network.get_edges().values()]
    assert sorted(edges) == sorted((row["source"], row["target"]) for row in told)
    (best,) = [e["v"] for e in network.get_edges().values() if e["v"]["score"] == 0.9]
    assert (best["sign"], best["novel"], best["lag"]) == (1, False, 1.5)
    counts = {each["name"]: each["elementCount"] for each in document[1]["metaData"]}
    assert (counts["nodes"], counts["edges"]) == (6, 6)


def test_decoupler_runs_on_its_table(ask):
    net = pd.read_csv(io.StringIO(ask(EXPORT, format="decoupler").text))
    assert net.set_index(["source", "target"])["weight"].to_dict() == {
        ("GATA1", "KLF1"): -0.95, ("GATA1", "HBG1"): 0.9, ("GATA1", "HBB"): 0.8, ("GATA1", "TAL1"): 0.4,
        ("SPI1", "HBG1"): 0.3,
    }  # fmt: skip
    genes = ["HBG1", "HBB", "KLF1", "TAL1", "SPI1", "GATA1"]
    counts = np.random.default_rng(0).poisson(5, (8, 6)).astype(np.float32)
    counts[4:, :2] += 10
    data = ad.AnnData(counts, var=pd.DataFrame(index=genes), obs=pd.DataFrame(index=list("abcdefgh")))
    decoupler.mt.ulm(data, net, tmin=2)
    scores = data.obsm["score_ulm"]
    assert list(scores.columns) == ["GATA1"]
    assert scores["GATA1"].iloc[4:].mean() > scores["GATA1"].iloc[:4].mean() + 1


def test_sif_has_a_line_a_pair(ask):
    lines = ask(EXPORT, format="sif").text.splitlines()
    assert [line.split("\t") for line in lines] == [
        ["GATA1", "represses", "KLF1"],
        ["GATA1", "activates", "HBG1"],
        ["GATA1", "activates", "HBB"],
        ["GATA1", "regulates", "TAL1"],
        ["SPI1", "activates", "HBG1"],
    ]


def test_scenicplus_eregulons_are_read_back_with_their_regions(ask, tmp_path):
    path = tmp_path / "eregulons.tsv"
    path.write_bytes(ask(EXPORT, format="scenicplus", context="K562").content)
    table = pd.read_csv(path, sep="\t").set_index(["TF", "Gene"])
    assert table.loc[("GATA1", "HBG1"), "Region"] == "chr11:1-6"
    assert table.loc[("SPI1", "HBG1"), "Region"] == "chr11:900-950"
    assert table["Region"].isna().sum() == 3
    assert table.loc[("GATA1", "KLF1"), "eRegulon_name"] == "GATA1_direct_-/+"
    understood = read_network(path)
    assert understood.kind == "scenicplus"
    edges = understood.frame.set_index(["source", "target"])
    assert tuple(edges.loc[("GATA1", "KLF1"), ["weight", "sign"]]) == (0.8, -1)


def test_a_page_of_targets_comes_in_formats_too(ask):
    path = "/v1/regulators/GATA1/targets"
    page = ask(path, context="K562").json()["edges"]
    assert rows(ask(path, context="K562", format="ndjson")) == page
    frame = pd.read_csv(io.StringIO(ask(path, context="K562", format="tsv").text), sep="\t")
    assert list(zip(frame["source"], frame["target"], strict=True)) == PAIRS[:4]
    net = ask("/v1/genes/HBG1/regulators", context="K562", format="decoupler").text.splitlines()
    assert net == ["source,target,weight", "GATA1,HBG1,0.9", "SPI1,HBG1,0.3"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/tab-separated-values;q=0.2, application/graphml+xml", "application/graphml+xml"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("", "application/json"),
    ],
)
def test_accept_chooses_the_format(ask, accept, media_type):
    response = ask(EXPORT, headers={"Accept": accept})
    assert response.headers["Content-Type"].split(";")[0] == media_type


@pytest.mark.parametrize("name", FORMATS)
def test_a_writer_holds_few_parts_of_a_network_whatever_its_size(name):
    genes = [Gene(GATA1, "GATA1", is_regulator=True), *(Gene(f"g{n}", None, False) for n in range(PART))]
    edge = dict.fromkeys(COLUMNS) | {"source": GATA1, "score": 0.5, "sign": 1}
    part = {column: [value] * PART for column, value in edge.items()} | {
        "target": [f"g{n}" for n in range(PART)]
    }
    drawn, waiting = 0, []

    async def parts():
        nonlocal drawn
        for _ in range(60):
            drawn += 1
            yield part

    async def write():
        nonlocal drawn
        async for _ in FORMATS[name].write(Network(parts(), {"licence_class": "open"}, genes, 60 * PART)):
            waiting.append(drawn)
            drawn = 0

    asyncio.run(write())
    assert sum(waiting) + drawn == 60
    assert max(waiting) <= 20


def test_a_format_that_nobody_knows_is_refused(ask):
    refused = ask(EXPORT, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "application/x-ndjson" in refused.json()["detail"]
    assert ask(EXPORT, format="xls").json()["errors"][0]["pointer"] == "#/query/format"
