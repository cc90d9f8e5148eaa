import pytest

from graph.errors import ResourceError
from model.memory import announce, available_memory


def test_some_memory_is_free():
    assert available_memory() > 0


def test_a_step_tells_what_it_takes():
    told = []
    announce("step", 2_000_000_000, available=10**10, hint="-", progress=lambda text, _: told.append(text))
    assert told == ["step takes at most 2.0 GB of 10.0 GB free"]


def test_a_step_that_does_not_fit_is_refused_with_the_numbers():
    with pytest.raises(ResourceError, match=r"step needs 8\.10 GB; 8\.00 GB of 10\.00 GB free") as error:
        announce("step", 8_100_000_000, available=10**10, hint="take less", progress=print)
    assert error.value.hint == "take less"
