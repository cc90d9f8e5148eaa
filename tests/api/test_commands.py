"""The commands that ask, compare and export: the same answers as the API's, on the hand-made graph."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cisgraph.cli.app import app
from graph.errors import CisgraphError, InputError

COMMANDS = (
    "demo", "doctor", "init", "ingest multiome", "train", "predict", "validate", "baselines", "export",
    "db start", "db stop", "db status", "db browser", "db dump", "db restore", "lags estimate", "lags plot",
    "lags simulate", "benchmark", "sources", "releases list", "releases diff", "runs list", "runs show",
    "runs compare", "runs delete", "runs default", "query gene", "query regulator", "query edge", "cypher",
    "serve",
)  # fmt: skip


@pytest.fixture
def call(blood_graph, monkeypatch, tmp_path):
    """Runs a command against the hand-made graph; returns what it printed."""
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    monkeypatch.setenv("NEO4J_URI", blood_graph.uri)
    monkeypatch.setenv("NEO4J_USER", blood_graph.user)
    monkeypatch.setenv("NEO4J_PASSWORD", blood_graph.password)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*words, status=0, **more):
        result = CliRunner().invoke(app, list(words), **more)
        if isinstance(result.exception, CisgraphError):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return run


@pytest.mark.parametrize("words", COMMANDS)
def test_the_whole_command_line_is_there(words):
    command = get_command(app)
    for word in words.split():
        command = command.commands[word]
    assert command.help


@pytest.mark.parametrize(
    ("words", "path", "asked", "shown"),
    [
        ("query peaks HBG1 --context K562 --limit 200", "/v1/genes/HBG1/peaks", {"context": "K562"}, "GATA1"),
        ("query lags HBG1", "/v1/genes/HBG1/lags", {}, "0.40 h"),
        ("query regulons HBG1 --context K562", "/v1/genes/HBG1/regulons", {"context": "K562"}, "SPI1"),
        (
            "query triplets --target HBG1 --context K562",
            "/v1/triplets",
            {"target": "HBG1", "context": "K562"},
            "GRCh38:chr11:1-6",
        ),
        ("query conflicts --regulator GATA1", "/v1/conflicts", {"regulator": "GATA1"}, "dorothea"),
        (
            "query shared HBG1 KLF1 --context K562",
            "/v1/regulators:shared",
            {"genes": "HBG1,KLF1", "context": "K562"},
            "HBG1, KLF1",
        ),
        (
            "query difference K562 GM12878",
            "/v1/contexts:compare",
            {"a": "K562", "b": "GM12878"},
            "K562 has 5 edges, GM12878 1",
        ),
        ("runs compare run-new run-old", "/v1/runs/run-new:compare/run-old", {}, "0.200"),
        (
            "query regulator GATA1 --context K562 --bound-in K562 --min-chromatin-lag 0.5",
            "/v1/regulators/GATA1/targets",
            {"context": "K562", "bound_in": "K562", "min_chromatin_lag": 0.5},
            "HBG1",
        ),
    ],
)
def test_a_command_answers_as_the_api_and_shows_a_table(call, ask, words, path, asked, shown):
    response = ask(path, **asked)
    assert response.status_code == 200, response.text
    assert json.loads(call(*words.split(), "--json")) == response.json()
    assert shown in call(*words.split())


@pytest.mark.parametrize("words", ["query triplets --regulator KLF1 --context K562", "query lags KLF1"])
def test_an_empty_answer_says_what_is_missing(call, words):
    assert "no triplets" in call(*words.split()) or "no lag was estimated" in call(*words.split())


def test_an_exported_file_is_what_its_suffix_says_and_is_not_replaced_unasked(call, tmp_path):
    told = call("export", "--run", "run-new", "--context", "K562", "-o", "network.csv")
    assert "decoupler" in told
    assert set(pd.read_csv(tmp_path / "network.csv").columns) == {"source", "target", "weight"}
    assert "--force replaces it" in call("export", "--run", "run-new", "-o", "network.csv", status=1)
    call("export", "--run", "run-new", "-o", "network.csv", "--format", "tsv", "--force")
    assert len(pd.read_csv(tmp_path / "network.csv", sep="\t")) == 6


def test_cypher_prints_rows_takes_parameters_and_refuses_to_write(call):
    statement = "MATCH (g:Gene {symbol: $name}) RETURN g.gene_id AS id, g.aliases AS aliases"
    (row,) = json.loads(call("cypher", statement, "--param", "name=GATA1", "--json"))
    assert row == {"id": "ENSG00000000001", "aliases": ["ERYF1", "NFE1"]}
    assert "ENSG00000000001" in call("cypher", "-", "-p", "name=GATA1", input=statement)
    assert "more than 2 rows" in call("cypher", "MATCH (g:Gene) RETURN g.symbol", "--max-rows", "2")
    with pytest.raises(InputError, match="refused"):
        call("cypher", "MATCH (n) DETACH DELETE n RETURN 1")
    with pytest.raises(InputError, match="expected a name"):
        call("cypher", statement, "-p", "GATA1")


def test_init_can_be_repeated(call):
    assert re.search(r"schema version \d", call("init"))
    assert call("init") == call("init")


def test_a_network_is_drawn_to_a_file(call, tmp_path):
    call("query", "network", "GATA1", "SPI1", "--context", "K562", "-o", "network.svg")
    assert "<svg" in (tmp_path / "network.svg").read_text()


@pytest.mark.parametrize(
    ("typed", "place", "offered"), [("cisgraph que", 1, "query"), ("cisgraph db st", 2, "status")]
)
def test_shells_complete_commands(typed, place, offered):
    asked = {"_CISGRAPH_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(place)}
    program = Path(sys.executable).with_name("cisgraph")
    done = subprocess.run([program], env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert offered in done.stdout.split()
