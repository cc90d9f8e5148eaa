import os
import sys

import psutil
import pytest

from graph.errors import LocalServerError
from graph.local import Connection
from graph.local.home import open_home
from graph.local.ports import choose_ports
from graph.local.probe import await_answer
from graph.local.process import find_process, launch


@pytest.fixture
def home(tmp_path):
    place = open_home(tmp_path / "neo4j")
    place.make()
    return place


def local_connection():
    bolt, http = choose_ports((None, None))
    return Connection(f"bolt://127.0.0.1:{bolt}", "neo4j", "x", http_url=f"http://127.0.0.1:{http}")


def test_a_server_that_dies_shows_the_end_of_its_log(home):
    process = launch(home, [sys.executable, "-c", "print('the disk caught fire')"])
    with pytest.raises(LocalServerError, match="the disk caught fire"):
        await_answer(local_connection(), home=home, process=process, timeout_s=30)


def test_a_server_that_does_not_answer_in_time_is_an_error(home):
    with pytest.raises(LocalServerError, match="does not answer"):
        await_answer(local_connection(), home=home, process=psutil.Process(), timeout_s=0.3)


def test_a_command_that_does_not_exist_is_a_clean_error(home):
    with pytest.raises(LocalServerError, match="could not be started"):
        launch(home, [str(home.path / "no-java")])


def test_a_process_id_that_went_to_another_program_is_not_our_server(home):
    me = psutil.Process()
    assert find_process(home, pid=os.getpid(), started=me.create_time()) is None


def test_a_process_id_that_nobody_has_is_not_our_server(home):
    assert find_process(home, pid=2**22 + 1, started=0.0) is None
