"""`import cisgraph as cg`: the answers of the API as frames and pictures, where nothing is asynchronous."""

import asyncio
import subprocess
import sys
from typing import get_type_hints

import networkx as nx
import pandas as pd
import pytest

import cisgraph as cg
from api.filters import EdgeFilters
from cisgraph.notebook.answer import frame_of
from cisgraph.notebook.drawing import COLOURS, draw
from cisgraph.notebook.filters import EdgeFilter

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))
HEAVY = {"pandas", "neo4j", "pydantic", "matplotlib", "networkx", "fastapi", "numpy", "torch"}


@pytest.fixture(scope="module")
def db(blood_graph):
    """The hand-made graph, as a notebook has it."""
    with cg.connect(blood_graph.uri, password=blood_graph.password) as database:
        yield database


def test_importing_it_loads_nothing_heavy():
    code = f"import cisgraph, sys; sys.exit(', '.join({HEAVY} & sys.modules.keys()) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there():
    assert all(hasattr(cg, name) for name in cg.__all__)
    assert {"connect", "NotFoundError"} <= set(cg.__all__)


@pytest.mark.parametrize(
    ("question", "path", "asked"),
    [
        (
            lambda db: db.targets("GATA1", context="K562", novel=False),
            "/v1/regulators/GATA1/targets",
            {"context": "K562", "novel": "false"},
        ),
        (
            lambda db: db.regulators("HBG1", dataset="lines", limit=1),
            "/v1/genes/HBG1/regulators",
            {"dataset": "lines", "limit": 1},
        ),
        (lambda db: db.edge("GATA1", "HBG1"), "/v1/edges/GATA1/HBG1", {}),
        (lambda db: db.peaks("HBG1", context="K562"), "/v1/genes/HBG1/peaks", {"context": "K562"}),
        (lambda db: db.lags("HBG1"), "/v1/genes/HBG1/lags", {}),
        (lambda db: db.regulons("HBG1", context="K562"), "/v1/genes/HBG1/regulons", {"context": "K562"}),
        (
            lambda db: db.triplets(target="HBG1", context="K562"),
            "/v1/triplets",
            {"target": "HBG1", "context": "K562"},
        ),
        (lambda db: db.conflicts("GATA1"), "/v1/conflicts", {"regulator": "GATA1"}),
        (
            lambda db: db.shared_regulators(["HBG1", "KLF1"], context="K562"),
            "/v1/regulators:shared",
            {"genes": "HBG1,KLF1", "context": "K562"},
        ),
        (lambda db: db.compare_runs("run-new", "run-old"), "/v1/runs/run-new:compare/run-old", {}),
        (
            lambda db: db.compare_contexts("K562", "GM12878"),
            "/v1/contexts:compare",
            {"a": "K562", "b": "GM12878"},
        ),
        (lambda db: db.runs(), "/v1/runs", {}),
        (lambda db: db.contexts(), "/v1/contexts", {}),
        (lambda db: db.datasets(), "/v1/datasets", {}),
        (lambda db: db.sources(), "/v1/sources", {}),
        (lambda db: db.releases(), "/v1/releases", {}),
    ],
)
def test_the_notebook_and_the_api_give_the_same_json(db, ask, question, path, asked):
    response = ask(path, **asked)
    assert response.status_code == 200, response.text
    answer = question(db)
    assert answer.to_dict() == response.json()
    assert len(answer.to_pandas()) == len(answer)


def test_the_filters_are_those_of_the_api():
    assert set(get_type_hints(EdgeFilter)) == set(EdgeFilters.model_fields) - {"cursor", "format"}


def test_without_a_limit_all_pages_come(db):
    whole = db.targets("GATA1", context="K562", limit=None)
    assert list(whole.to_pandas()["target_symbol"]) == ["HBG1", "HBB", "KLF1", "TAL1"]
    assert whole.about["next_cursor"] is None


def test_a_frame_has_what_people_look_for_in_front_and_records_as_columns(db):
    frame = db.targets("GATA1", context="K562").to_pandas()
    assert list(frame.columns[:4]) == ["source_symbol", "target_symbol", "score", "rank"]
    assert frame["target_detection.num_cells"].tolist()[0] == 150
    assert pd.isna(frame["target_detection.num_cells"].tolist()[1])
    assert frame["evidence"].tolist()[0] == "dorothea A →; trrust ⊣; encode ChIP 2 (own cell type)"
    assert frame_of([]).empty
    assert frame_of([{"evidence": 3}])["evidence"].tolist() == [3]


def test_an_answer_shows_its_run_and_licence(db):
    shown = db.targets("GATA1", context="K562")
    assert "4 edges, run run-new, licence class academic" in repr(shown)
    assert "<table" in shown._repr_html_()
    assert "not proof of causation" in shown.about["notice"]


def test_what_a_pair_is_known_for_is_a_frame_each(db):
    pair = db.edge("GATA1", "HBG1")
    assert pair.tables == ["predictions", "baselines", "priors", "chip", "peaks"]
    assert list(pair.to_pandas("priors")["source_id"]) == ["dorothea", "trrust"]
    with pytest.raises(cg.InputError, match="did you mean 'priors'"):
        pair.to_pandas("prior")


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        (lambda db: db.targets("GATTA1", context="K562"), cg.NotFoundError, "did you mean GATA1"),
        (lambda db: db.targets("GATA1", context="K526"), cg.NotFoundError, "did you mean K562"),
        (lambda db: db.targets("HBB", context="K562"), cg.NotFoundError, "not a known regulator"),
        (lambda db: db.targets("GATA1"), cg.ConflictError, "lines, times"),
        (lambda db: db.targets("GATA1", contxt="K562"), cg.InputError, "did you mean context"),
        (lambda db: db.targets("GATA1", limit=0), cg.InputError, "limit"),
        (lambda db: db.cypher("CREATE (n) RETURN n"), cg.InputError, "CREATE"),
        (lambda db: db.network("HBB", context="K562"), cg.NotFoundError, "not a known regulator"),
    ],
)
def test_errors_say_what_to_do(db, question, error, words):
    with pytest.raises(error, match=words):
        question(db)


def test_no_server_is_told_when_connecting():
    with pytest.raises(cg.DatabaseAwayError, match="no Neo4j answers"):
        cg.connect("bolt://127.0.0.1:1", password="x")
    with pytest.raises(cg.InputError, match="password"):
        cg.connect("bolt://127.0.0.1:1")


def test_it_answers_where_an_event_loop_runs_as_in_jupyter(db):
    async def cell():
        return db.gene("GF1")["symbol"]

    assert asyncio.run(cell()) == "GATA1"


def test_plain_cypher_comes_as_a_frame(db):
    frame = db.cypher("MATCH (g:Gene {symbol: $name}) RETURN g.gene_id AS id", name="GATA1").to_pandas()
    assert frame.to_dict("list") == {"id": [GATA1]}


def test_a_network_is_a_graph_of_networkx(db):
    graph = db.network("GATA1", "SPI1", context="K562").to_networkx()
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (6, 5)
    assert graph[GATA1][KLF1] == pytest.approx(
        {"score": 0.8, "sign": -1, "lag_sign": 0, "novel": False, "context_id": "lines/K562"}
    )
    assert graph.nodes[GATA1] == {"label": "GATA1", "is_regulator": True}


def test_a_picture_is_capped_and_has_every_regulator(db, tmp_path):
    network = db.network("GATA1", "SPI1", context="K562")
    figure = network.plot(tmp_path / "network.png", max_edges=2)
    (axes,) = figure.axes
    assert len(axes.patches) == 2
    assert {text.get_text() for text in axes.texts} == {"GATA1", "SPI1", "HBG1"}
    assert "2 best of 5 edges" in axes.get_title(loc="left")
    assert (tmp_path / "network.png").stat().st_size > 10_000
    assert figure._repr_png_().startswith(b"\x89PNG"), "what a notebook shows"


def test_colour_is_sign_width_is_score_and_the_line_is_the_lag(db):
    (axes,) = db.network("GATA1", context="K562").plot().figure.axes
    best, *others = sorted(axes.patches, key=lambda arrow: -arrow.get_linewidth())
    assert best.get_edgecolor()[:3] == pytest.approx(rgb(COLOURS[1]))
    assert rgb(COLOURS[-1]) in [pytest.approx(arrow.get_edgecolor()[:3]) for arrow in others]
    assert len({str(arrow.get_linestyle()) for arrow in axes.patches}) == 3


def test_nothing_to_draw_is_said():
    with pytest.raises(cg.InputError, match="no edge to draw"):
        draw(nx.DiGraph(), {}, max_edges=5)


def rgb(colour):
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def test_a_run_is_written_to_a_file_that_appears_whole(db, tmp_path):
    path = db.export(tmp_path / "network.parquet", run="run-new", context="K562")
    assert len(pd.read_parquet(path)) == 5
    assert [each.name for each in tmp_path.iterdir()] == ["network.parquet"]
    with pytest.raises(cg.InputError, match="tells no format"):
        db.export(tmp_path / "network.xyz", run="run-new")
    with pytest.raises(cg.InputError, match="cannot be written"):
        db.export(tmp_path / "nowhere" / "network.tsv", run="run-new")


def test_names_are_resolved_in_a_frame(db):
    told = db.resolve(["GF1", "TWICE", "nothing"]).to_pandas()
    assert told["status"].tolist() == ["previous", "ambiguous", "not_found"]
