import json

import pytest
import typer
from packaging.requirements import Requirement
from typer.testing import CliRunner

from cisgraph.cli.db import db_app
from cisgraph.cli.doctor import doctor
from cisgraph.libraries import examine_libraries, required_libraries, unmet
from graph.local.ports import choose_ports

app = typer.Typer()
app.command()(doctor)
app.add_typer(db_app)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CISGRAPH_HOME", str(tmp_path / "home"))
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def findings(result):
    return {each["name"]: each for each in json.loads(result.output)}


def test_a_local_server_that_does_not_run_is_no_fault(run):
    result = run("doctor", "--json")
    found = findings(result)
    assert result.exit_code == 0, result.output
    assert found["database"]["state"] == "later"
    assert {found[name]["state"] for name in ("libraries", "Python", "Java", "memory", "ports")} == {"ok"}


def test_a_running_server_is_named_with_its_version(run, monkeypatch, neo4j_connection):
    monkeypatch.setenv("NEO4J_URI", neo4j_connection.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_connection.password)
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.output
    assert neo4j_connection.uri in findings(result)["database"]["found"]
    assert "Java" not in findings(result)


def test_a_server_that_does_not_answer_is_missing(run, monkeypatch):
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{choose_ports((None, None))[0]}")
    monkeypatch.setenv("NEO4J_PASSWORD", "x")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert findings(result)["database"]["state"] == "missing"


def test_the_table_says_how_to_get_what_is_missing(run, monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    result = run("doctor")
    assert result.exit_code == 1
    assert "NEO4J_PASSWORD" in result.output


def test_absent_and_outdated_libraries_are_told_apart():
    wanted = [Requirement("numpy>=1"), Requirement("numpy>=999"), Requirement("no-such-library-here")]
    first, second = unmet(wanted)
    assert first.startswith("numpy ")
    assert "expected >=999" in first
    assert second == "no-such-library-here is not installed"


def test_the_extra_is_not_part_of_the_base():
    base = {each.name for each in required_libraries()}
    extra = {each.name for each in required_libraries(extra="model")}
    assert "neo4j" in base
    assert "torch" in extra
    assert not base & extra


def test_versions_that_differ_from_the_constraints_are_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["numpy"]\n'
        '[project.optional-dependencies]\nmodel = ["no-such-library-here"]\n'
    )
    (tmp_path / "constraints.txt").write_text("# tested together\nnumpy==0.1\nno-such-library-here==1\n")
    found = {each.name: each for each in examine_libraries(tmp_path)}
    assert found["libraries"].state == "ok"
    assert found["[model] extra"].state == "later"
    assert "numpy" in found["tested versions"].found


def test_status_of_a_home_that_never_ran(run, tmp_path):
    result = run("db", "status", "--json")
    assert result.exit_code == 0
    status = json.loads(result.output)
    assert status["running"] is False
    assert status["home"] == str(tmp_path / "home" / "neo4j")
    assert "was not running" in run("db", "stop").output


def test_a_dump_file_is_not_overwritten_unasked(run, tmp_path):
    (tmp_path / "old.dump").write_text("precious")
    result = run("db", "dump", "old.dump")
    assert result.exit_code == 1
    assert (tmp_path / "old.dump").read_text() == "precious"


def test_restore_asks_first(run, tmp_path):
    (tmp_path / "some.dump").write_text("")
    assert run("db", "restore", "some.dump").exit_code != 0
    assert not (tmp_path / "home").exists()
