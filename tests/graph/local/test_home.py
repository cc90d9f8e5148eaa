import json

import pytest

from graph.errors import LocalServerError
from graph.local import LocalServer
from graph.local.artifacts import NEO4J_VERSION
from graph.local.config import read_config, write_config
from graph.local.home import open_home
from graph.local.memory import Memory
from graph.local.password import make_password, read_password
from graph.local.state import ServerState, read_state, write_state


@pytest.fixture
def home(tmp_path):
    place = open_home(tmp_path / "neo4j")
    place.make()
    return place


def test_ports_and_memory_are_read_back_from_the_configuration(home):
    write_config(home, bolt_port=1234, http_port=5678, memory=Memory(600, 70))
    assert read_config(home) == (1234, 5678, Memory(600, 70))


def test_the_configuration_listens_on_loopback_only_and_sends_nothing(home):
    write_config(home, bolt_port=1234, http_port=5678, memory=Memory(600, 70))
    lines = home.config.read_text().splitlines()
    assert "dbms.usage_report.enabled=false" in lines
    assert "dbms.security.auth_enabled=true" in lines
    assert all("=127.0.0.1" in line for line in lines if "_address=" in line)


def test_a_damaged_configuration_or_state_counts_as_none(home):
    assert read_config(home) is None
    assert read_state(home) is None
    home.config.write_text("server.bolt.listen_address=127.0.0.1:1\n")
    home.state.write_text('{"pid": 1')
    assert read_config(home) is None
    assert read_state(home) is None
    home.state.write_text(json.dumps({"pid": 1}))
    assert read_state(home) is None


def test_the_state_is_a_round_trip(home):
    state = ServerState(1, 2.5, 3, 4, 5, 6, NEO4J_VERSION)
    write_state(home, state)
    assert read_state(home) == state


def test_only_the_owner_reads_the_password_and_each_is_new(home):
    first = make_password(home)
    assert home.password.stat().st_mode & 0o777 == 0o600
    assert read_password(home) == first
    assert make_password(home) != first


def test_a_missing_password_says_where_it_belongs(home):
    with pytest.raises(LocalServerError, match="password") as caught:
        read_password(home)
    assert str(home.password) in caught.value.message


def test_data_of_a_newer_neo4j_are_refused_before_anything_is_touched(home):
    home.version.write_text("5.100.0\n")
    with pytest.raises(LocalServerError, match=r"5\.100\.0"):
        LocalServer(home.path).start()
    assert not home.config.exists()


def test_a_home_that_cannot_be_made_is_a_clean_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalServerError, match="cannot be made or written"):
        LocalServer(tmp_path / "file" / "neo4j").start()


def test_a_server_that_never_ran_has_a_status_and_nothing_to_stop(tmp_path):
    server = LocalServer(tmp_path / "none")
    status = server.status()
    assert not status.running
    assert status.connection is None
    assert server.connection() is None
    assert server.stop() is False
    assert not (tmp_path / "none").exists()
