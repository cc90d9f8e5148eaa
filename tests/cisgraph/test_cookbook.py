"""docs/cookbook.md: Cypher, HTTP, command line and notebook give the same rows, on real evidence.

The graph is a small copy of the shipped data with two runs on it, whose scores are drawn by chance.
"""

import asyncio
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import cisgraph as cg
from api.app import create_app
from cisgraph.cli.app import app
from cisgraph.cli.serve import api_settings
from cisgraph.connection import connect_settings
from cisgraph.notebook.statements import run_statement
from cisgraph.settings import load_settings
from graph import runs
from graph.cypher import catalogue
from graph.local import Connection
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import BINDINGS, LINKS, REGULATIONS
from ingest.demo import demo_plan
from ingest.plan import ingest

PAGE = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONTEXTS = {"snareseq_celllines": ["all", "K562", "GM12878"], "scicar_a549": ["all"]}

PAIRS = """
MATCH (r:Regulator)-[e:PRIOR|CHIP_TARGET]->(t:Gene {species: 'human'})
RETURN r.gene_id AS source, t.gene_id AS target, r.symbol + '>' + t.symbol AS pair,
       count(DISTINCT e.source_id) AS evidence_count,
       NOT EXISTS { (r)-[:PRIOR]->(t) } AS novel
ORDER BY source, target
"""
PEAKS = """
MATCH (r:Regulator {symbol: 'GATA1'}), (t:Gene {symbol: 'TAL1'})-[n:NEAR]->(p:Peak)
WHERE n.dataset_id = 'snareseq_celllines'
RETURN r.gene_id AS regulator, t.gene_id AS gene, p.peak_id AS peak ORDER BY n.rank
"""


@dataclass(frozen=True)
class Recipe:
    title: str
    cypher: str
    http: str
    command: str
    notebook: str


def recipes() -> list[Recipe]:
    found = []
    for part in PAGE.split("\n## ")[1:]:
        (_, cypher), (_, http), (_, command), (_, notebook) = BLOCK.findall(part)
        found.append(Recipe(part.splitlines()[0], cypher, http, command, notebook))
    return found


RECIPES = recipes()


@pytest.fixture(scope="module")
def graph(neo4j_connection: Connection, wipe, cookbook_demo, tmp_path_factory) -> Iterator[Connection]:
    """The evidence of a small copy of the shipped data, a run on each of its data sets."""
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password) as store:
        wipe(store)
        ingest(store, demo_plan(cookbook_demo), home=tmp_path_factory.mktemp("cookbook"))
        for seed, dataset_id in enumerate(CONTEXTS):
            write_run(store, dataset_id, np.random.default_rng(seed))
        yield c
        wipe(store)


def write_run(store: GraphStore, dataset_id: str, chance: np.random.Generator) -> None:
    run = Run(f"{dataset_id}-1", "prediction", dataset_id, "{}", 0, "test", "academic")
    runs.begin(store, run, source_ids=["dorothea"])
    pairs = store.read_frame(PAIRS)
    in_time = "a549" in dataset_id
    for name in CONTEXTS[dataset_id]:
        kept = pairs[(chance.random(len(pairs)) < 0.5) | (pairs["pair"] == "GATA1>TAL1")]
        edges = kept.drop(columns="pair").assign(
            run_id=run.run_id,
            context_id=f"{dataset_id}/{name}",
            score=chance.random(len(kept)),
            sign=chance.integers(-1, 2, len(kept)),
            lag_sign=chance.integers(-1, 2, len(kept)) if in_time else None,
            lag_unit="h" if in_time else None,
            chromatin_lag=chance.normal(size=len(kept)) if in_time else None,
        )
        edges["rank"] = edges.groupby("source")["score"].rank(ascending=False).astype(int)
        runs.write_context(store, REGULATIONS, edges)
    if dataset_id == "snareseq_celllines":
        write_peaks(store, run.run_id, chance)
    runs.publish(store, run.run_id, metrics={}, num_edges=len(pairs), num_links=0)


def write_peaks(store: GraphStore, run_id: str, chance: np.random.Generator) -> None:
    near = store.read_frame(PEAKS)
    ends = {"source": near["gene"], "target": near["peak"], "context_id": "snareseq_celllines/K562"}
    store.write_table(LINKS, pd.DataFrame(ends).assign(run_id=run_id, weight=chance.random(len(near))))
    loads = {row["source_id"]: row["load_id"] for row in store.read(catalogue.LOADS)}
    bound = pd.DataFrame({"source": near["regulator"], "target": near["peak"]}).assign(
        source_id="chea", kind="chip", experiment="e", cell_type="K562", load_id=loads["chea"]
    )
    store.write_table(BINDINGS, bound.assign(score=chance.random(len(near))))


@pytest.fixture
def settings_of_graph(graph: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    for name, value in {"URI": graph.uri, "USER": graph.user, "PASSWORD": graph.password}.items():
        monkeypatch.setenv(f"NEO4J_{name}", value)


def by_cypher(recipe: Recipe) -> list[dict[str, object]]:
    return run_statement(connect_settings(load_settings()), recipe.cypher, {}, max_rows=1000)["rows"]


def by_http(recipe: Recipe) -> object:
    (url,) = re.findall(r"'(http://127\.0\.0\.1:8000[^']*)'", recipe.http)
    asked = urlsplit(url)
    api = create_app(api_settings(connect_settings(load_settings())))

    async def answer() -> httpx.Response:
        async with api.router.lifespan_context(api):
            transport = httpx.ASGITransport(app=api)
            async with httpx.AsyncClient(transport=transport, base_url="http://cisgraph") as client:
                return await client.get(f"{asked.path}?{asked.query}")

    told = asyncio.run(answer())
    assert told.status_code == 200, told.text
    return told.json()


def by_command(recipe: Recipe) -> object:
    program, *words = shlex.split(recipe.command)
    assert program == "cisgraph"
    table = CliRunner().invoke(app, [word for word in words if word != "--json"])
    assert table.exit_code == 0, table.output
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def by_notebook(recipe: Recipe) -> object:
    with cg.connect() as db:
        frame = eval(recipe.notebook, {"db": db, "cg": cg})
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def rows_with(columns: list[str], answer: object) -> list[dict[str, object]]:
    """The first list of an answer whose rows have these columns, and of its rows only them."""
    lists = (
        [answer] if isinstance(answer, list) else [each for each in answer.values() if isinstance(each, list)]
    )
    rows = next(rows for rows in lists if rows and set(columns) <= set(rows[0]))
    return [{name: row[name] for name in columns} for row in rows]


def rounded(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {name: round(value, 9) if isinstance(value, float) else value for name, value in row.items()}
        for row in rows
    ]


def test_the_page_asks_twelve_questions() -> None:
    assert [recipe.title.split(".")[0] for recipe in RECIPES] == [str(n) for n in range(1, 13)]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
@pytest.mark.usefixtures("settings_of_graph")
def test_cypher_http_command_line_and_notebook_give_the_same_rows(recipe: Recipe) -> None:
    expected = by_cypher(recipe)
    assert expected, "the question has an answer in this graph"
    columns = list(expected[0])
    for ask in (by_http, by_command, by_notebook):
        assert rounded(rows_with(columns, ask(recipe))) == rounded(expected), ask.__name__
