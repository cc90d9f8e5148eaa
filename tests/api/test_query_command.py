"""`cisgraph query`, `runs` and `serve`: the same answers from the same code as the API."""

import json

import pytest
from typer.testing import CliRunner

from cisgraph.cli.query import query_app
from cisgraph.cli.runs import runs_app
from cisgraph.cli.serve import api_settings
from graph import runs
from graph.errors import ConflictError, NotFoundError
from graph.schema import Run
from graph.store import GraphStore


@pytest.fixture
def call(blood_graph, monkeypatch, tmp_path):
    """Runs a command against the hand-made graph; returns what it printed."""
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    monkeypatch.setenv("NEO4J_URI", blood_graph.uri)
    monkeypatch.setenv("NEO4J_USER", blood_graph.user)
    monkeypatch.setenv("NEO4J_PASSWORD", blood_graph.password)
    monkeypatch.setenv("COLUMNS", "160")

    def run(app, *words):
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


@pytest.mark.parametrize(
    ("words", "path", "params"),
    [
        (
            ["regulator", "GATA1", "--context", "K562"],
            "/v1/regulators/GATA1/targets",
            {"context": "K562"},
        ),
        (
            ["regulator", "GF1", "--dataset", "lines", "--limit", "2", "--novel", "--min-score", "0.1"],
            "/v1/regulators/GF1/targets",
            {"dataset": "lines", "limit": 2, "novel": "true", "min_score": 0.1},
        ),
        (
            ["regulator", "GATA1", "--run", "run-new", "--lag-sign", "none", "--limit", "1"],
            "/v1/regulators/GATA1/targets",
            {"run": "run-new", "lag_sign": "none", "limit": 1},
        ),
        (["gene", "HBG1", "--context", "K562"], "/v1/genes/HBG1/regulators", {"context": "K562"}),
        (["edge", "GATA1", "HBG1"], "/v1/edges/GATA1/HBG1", {}),
        (["edge", "GATA1", "HBG1", "--licence", "open"], "/v1/edges/GATA1/HBG1", {"licence": "open"}),
        (
            ["regulator", "SPI1", "--context", "K562", "--licence", "share-alike", "--source", "encode"],
            "/v1/regulators/SPI1/targets",
            {"context": "K562", "licence": "share-alike", "source": "encode"},
        ),
    ],
)
def test_the_command_and_the_api_give_the_same_json(call, ask, words, path, params):
    response = ask(path, **params)
    assert response.status_code == 200
    assert json.loads(call(query_app, *words, "--json")) == response.json()


def test_pages_go_on_from_a_cursor(call):
    words = ["regulator", "GATA1", "--context", "K562", "--json", "--limit", "3"]
    first = json.loads(call(query_app, *words))
    second = json.loads(call(query_app, *words, "--cursor", first["next_cursor"]))
    assert [edge["target_symbol"] for edge in second["edges"]] == ["TAL1"]


def test_the_table_tells_detection_run_licence_evidence_and_what_next(call):
    shown = call(query_app, "regulator", "GATA1", "--context", "K562")
    assert "GATA1 is seen in 12 of 198 K562 cells (6.1%)" in shown
    assert "run-new" in shown
    assert "academic" in shown
    assert "dorothea A →; trrust ⊣; encode ChIP 2 (own cell type)" in shown
    assert "not proof of causation" in shown
    assert "next: cisgraph query edge GATA1 HBG1" in shown


def test_the_table_keeps_lag_signs_apart(call):
    lines = call(query_app, "regulator", "GATA1", "--context", "K562").splitlines()
    told = {g: next(line for line in lines if f" {g} " in line) for g in ("HBG1", "KLF1", "HBB", "TAL1")}
    lag_words = {"HBG1": "+ after", "KLF1": "0 none", "HBB": "not estimated", "TAL1": "- before"}
    assert all(lag_words[gene] in line for gene, line in told.items())


def test_a_pair_is_shown_with_baselines_and_disagreeing_sources(call):
    shown = call(query_app, "edge", "GATA1", "HBG1")
    assert "baseline" in shown
    assert "dorothea say it activates, trrust say it represses" in shown


def test_an_unknown_gene_is_an_error_with_the_nearest_names(call):
    with pytest.raises(NotFoundError, match="did you mean GATA1"):
        call(query_app, "regulator", "GATTA1")


def test_runs_are_listed_complete_ones_only_unless_asked(call):
    assert "run-half" not in call(runs_app, "list")
    rows = json.loads(call(runs_app, "list", "--all", "--json"))
    assert {row["run_id"]: row["state"] for row in rows}["run-half"] == "writing"


def test_a_run_is_shown_with_its_metrics_as_json(call):
    row = json.loads(call(runs_app, "show", "run-new", "--json"))
    assert row["metrics"]["table"][1]["low"] is None
    assert "swap_auroc" in call(runs_app, "show", "run-new")


def test_another_run_can_be_made_the_default(call, blood_graph, app_for, asking):
    def answering():  # what a service finds that was just started: one that runs looks once a second
        with asking(app_for(blood_graph)) as ask:
            return ask("/v1/regulators/GATA1/targets", context="K562").json()["run"]

    call(runs_app, "default", "run-old")
    answered = answering()
    call(runs_app, "default", "run-new")
    assert (answered["run_id"], answered["is_default"]) == ("run-old", True)
    assert answering()["run_id"] == "run-new"


def test_a_run_that_is_not_complete_cannot_be_the_default(call):
    with pytest.raises(ConflictError, match="writing"):
        call(runs_app, "default", "run-half")


def test_a_run_is_deleted_after_a_question(call, blood_graph):
    auth = {"user": blood_graph.user, "password": blood_graph.password}
    with GraphStore.connect(blood_graph.uri, **auth) as store:
        run = Run("run-gone", "lags", "times", "{}", 1, "0.1", "open")
        runs.begin(store, run, source_ids=["encode"])
        with pytest.raises(SystemExit):
            call(runs_app, "delete", "run-gone")
        assert runs.get(store, "run-gone")["state"] == "writing"
        assert "deleted run run-gone" in call(runs_app, "delete", "run-gone", "--yes")
        with pytest.raises(NotFoundError):
            runs.get(store, "run-gone")


def test_serve_uses_the_database_of_the_command(blood_graph):
    settings = api_settings(blood_graph)
    assert settings.neo4j_uri == blood_graph.uri
    assert settings.neo4j_password.get_secret_value() == blood_graph.password
