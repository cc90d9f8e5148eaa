import socket

import pytest

from graph.errors import LocalServerError
from graph.local.ports import choose_ports, is_free


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_free_ports_are_found_and_differ():
    bolt, http = choose_ports((None, None))
    assert bolt != http
    assert is_free(bolt)
    assert is_free(http)


def test_a_wanted_port_that_is_taken_is_refused(taken_port):
    with pytest.raises(LocalServerError, match=str(taken_port)):
        choose_ports((taken_port, None))


def test_a_preferred_port_that_is_taken_is_replaced(taken_port):
    bolt, http = choose_ports((None, None), preferred=(taken_port, None))
    assert taken_port not in {bolt, http}


def test_free_preferred_ports_are_kept():
    former = choose_ports((None, None))
    assert choose_ports((None, None), preferred=former) == former


def test_a_wanted_port_beats_a_preferred_one():
    first, second, third = (*choose_ports((None, None)), choose_ports((None, None))[0])
    assert choose_ports((third, None), preferred=(first, second)) == (third, second)
