import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import ResourceError
from graph.local.memory import fit_memory, total_memory_mb


@given(total_mb=st.integers(2048, 2_000_000))
def test_the_heap_is_at_most_a_quarter_and_between_its_bounds(total_mb):
    memory = fit_memory(total_mb)
    assert 512 <= memory.heap_mb <= min(2048, total_mb / 4)
    assert 64 <= memory.page_cache_mb <= 2048
    assert memory.transaction_mb < memory.heap_mb


def test_a_machine_that_is_too_small_is_refused():
    with pytest.raises(ResourceError, match="2047 MB"):
        fit_memory(2047)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ResourceError, match="do not fit"):
        fit_memory(8000, heap_mb=6000, page_cache_mb=1000)


def test_sizes_that_were_asked_for_are_kept():
    memory = fit_memory(8000, heap_mb=3000, page_cache_mb=100)
    assert (memory.heap_mb, memory.page_cache_mb) == (3000, 100)


def test_this_machine_has_memory():
    assert total_memory_mb() > 256
