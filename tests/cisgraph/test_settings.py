from pathlib import Path

import platformdirs
import pytest

from cisgraph.connection import connect_settings, remote_connection
from cisgraph.settings import load_settings
from graph.errors import InputError

NAMES = ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE", "CISGRAPH_HOME")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_variables_the_local_server_in_the_user_folder_is_meant():
    settings = load_settings()
    assert settings.neo4j_uri is None
    assert remote_connection(settings) is None
    assert settings.neo4j_home == Path(platformdirs.user_data_dir("cisgraph")) / "neo4j"


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "")
    assert load_settings().neo4j_uri is None


def test_the_environment_beats_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("NEO4J_USER=from_file\nNEO4J_DATABASE=from_file\nOTHER=1\n")
    monkeypatch.setenv("NEO4J_USER", "from_environment")
    settings = load_settings()
    assert (settings.neo4j_user, settings.neo4j_database) == ("from_environment", "from_file")


def test_folders_follow_cisgraph_home(monkeypatch, tmp_path):
    monkeypatch.setenv("CISGRAPH_HOME", "here")
    settings = load_settings()
    assert settings.neo4j_home == tmp_path / "here" / "neo4j"
    assert settings.runs_dir == tmp_path / "here" / "runs"


def test_an_address_without_a_scheme_is_refused(monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "localhost:7687")
    with pytest.raises(InputError, match="NEO4J_URI"):
        load_settings()


def test_a_remote_server_needs_a_password(monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "neo4j://example.org")
    with pytest.raises(InputError, match="NEO4J_PASSWORD is not set"):
        connect_settings(load_settings())


def test_a_remote_server_is_used_and_its_password_stays_out_of_sight(monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "neo4j://example.org")
    monkeypatch.setenv("NEO4J_PASSWORD", "sesame")
    settings = load_settings()
    connection = connect_settings(settings)
    assert (connection.uri, connection.password) == ("neo4j://example.org", "sesame")
    assert "sesame" not in repr(connection) + repr(settings)
