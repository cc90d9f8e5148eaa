"""One real server in a home of its own: started twice at once, killed, dumped, restored, stopped."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from graph.errors import InputError, LocalServerError
from graph.local import LocalServer
from graph.local.admin import check, dump, restore
from graph.local.ports import choose_ports
from graph.local.process import ENTRY_POINT
from graph.local.store_lock import store_is_locked

ROOT = Path(__file__).resolve().parents[3]
START = """
import sys
from pathlib import Path
from graph.local import LocalServer
connection = LocalServer(Path(sys.argv[1]), heap_mb=512, page_cache_mb=64).start()
print(connection.uri)
"""


@pytest.fixture(scope="module")
def starters(tmp_path_factory):
    """Home and addresses of a new server that two processes started at the same moment."""
    home = tmp_path_factory.mktemp("local") / "neo4j"
    command = [sys.executable, "-c", START, str(home)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    uris = [process.communicate()[0].strip() for process in running]
    yield home, uris
    LocalServer(home).stop()


@pytest.fixture
def server(starters):
    """The running server, whatever the test before did to it."""
    server = LocalServer(starters[0], heap_mb=512, page_cache_mb=64)
    server.start()
    return server


def ask(server, statement, **parameters):
    connection = server.connection()
    with GraphDatabase.driver(connection.uri, auth=(connection.user, connection.password)) as driver:
        return driver.execute_query(statement, **parameters).records


def num_genes(server):
    return ask(server, "MATCH (g:Gene) RETURN count(g) AS n")[0]["n"]


def make_genes(server, count):
    ask(server, "MATCH (g:Gene) DETACH DELETE g")
    ask(server, "UNWIND range(1, $count) AS i CREATE (:Gene {gene_id: 'ENSG' + i})", count=count)


def num_processes(home):
    option = f"--home-dir={home}"
    commands = [each.info["cmdline"] or [] for each in psutil.process_iter(["cmdline"])]
    return sum(ENTRY_POINT in command and option in command for command in commands)


def test_two_processes_that_start_at_once_share_one_server(starters):
    home, uris = starters
    assert uris[0].startswith("bolt://127.0.0.1:")
    assert uris[0] == uris[1]
    assert num_processes(home) == 1


def test_the_server_outlives_its_starter_in_a_session_of_its_own(starters):
    status = LocalServer(starters[0]).status()
    assert status.running
    assert status.answers
    assert os.getsid(status.state.pid) == status.state.pid
    assert status.resident_bytes > 100_000_000
    assert (status.state.heap_mb, status.state.page_cache_mb) == (512, 64)


def test_starting_a_running_server_returns_it(server):
    pid = server.status().state.pid
    assert server.start() == server.connection()
    assert server.status().state.pid == pid


def test_other_ports_than_those_of_the_running_server_are_refused(server):
    port = choose_ports((None, None))[0]
    with pytest.raises(LocalServerError, match="already runs"):
        LocalServer(server.home.path, bolt_port=port).start()


def test_a_wrong_password_is_refused_and_the_right_one_is_private(server):
    connection = server.connection()
    assert connection.password not in repr(connection)
    assert server.home.password.stat().st_mode & 0o777 == 0o600
    with (
        GraphDatabase.driver(connection.uri, auth=("neo4j", "neo4j")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


def test_neo4j_browser_is_served(server):
    with urllib.request.urlopen(server.connection().browser_url) as page:
        assert page.status == 200
        assert page.headers.get_content_type() == "text/html"
        assert b"Neo4j Browser" in page.read()


def test_a_lost_state_file_is_healed(server):
    connection = server.connection()
    server.home.state.unlink()
    assert server.connection() == connection
    assert server.start() == connection


def test_the_store_is_locked_while_the_server_runs(server):
    assert store_is_locked(server.home.data / "databases" / "store_lock")


def test_a_killed_server_is_seen_and_comes_back_with_its_data(server):
    make_genes(server, 7)
    old = server.status()
    process = psutil.Process(old.state.pid)
    process.send_signal(signal.SIGKILL)
    psutil.wait_procs([process])
    assert server.connection() is None
    assert server.start() == old.connection
    assert server.status().state.pid != old.state.pid
    assert num_genes(server) == 7


def test_a_dump_restores_what_was_dumped_and_a_broken_one_changes_nothing(server, tmp_path):
    make_genes(server, 20)
    said = []
    written = dump(
        server.home.path,
        tmp_path / "genes.dump",
        progress=lambda message, fraction=None: said.append(message),
    )
    assert any("stopped" in message for message in said)
    assert server.status().state.heap_mb == 512
    make_genes(server, 3)
    broken = tmp_path / "broken.dump"
    broken.write_bytes(written.read_bytes()[:-100])
    pid = server.status().state.pid
    with pytest.raises(LocalServerError, match="untouched"):
        restore(server.home.path, broken)
    assert server.status().state.pid == pid
    assert num_genes(server) == 3
    restore(server.home.path, written)
    assert num_genes(server) == 20
    assert not list(server.home.path.glob("staging-*"))


def test_a_stopped_server_frees_its_data_and_stop_says_whether_it_ran(server):
    make_genes(server, 5)
    uri = server.connection().uri
    assert server.stop() is True
    assert server.stop() is False
    assert not server.status().running
    assert not store_is_locked(server.home.data / "databases" / "store_lock")
    assert "100%" in check(server.home.path)
    assert not server.status().running
    assert server.start().uri == uri
    assert num_genes(server) == 5


def test_dumping_what_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="no database"):
        dump(tmp_path / "none", tmp_path / "x.dump")
    with pytest.raises(InputError, match="not a file"):
        restore(tmp_path / "none", tmp_path / "none.dump")
    assert not (tmp_path / "none").exists()
