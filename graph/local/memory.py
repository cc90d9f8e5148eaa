"""How much memory the local Neo4j takes."""

from dataclasses import dataclass
from pathlib import Path

import psutil

from graph.errors import ResourceError

MIN_HEAP_MB = 512
MAX_DEFAULT_HEAP_MB = 2048
MIN_PAGE_CACHE_MB = 64
MAX_DEFAULT_PAGE_CACHE_MB = 2048
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Memory:
    """Memory of the server, in MB (2**20 bytes).

    Attributes
    ----------
    heap_mb
        Java heap, also an upper bound of what running queries hold.
    page_cache_mb
        Cache of the store files, outside the heap.
    """

    heap_mb: int
    page_cache_mb: int

    @property
    def transaction_mb(self) -> int:
        """Most that one transaction may hold before Neo4j ends it: six tenths of the heap."""
        return self.heap_mb * 6 // 10


def fit_memory(total_mb: int, *, heap_mb: int | None = None, page_cache_mb: int | None = None) -> Memory:
    """Heap and page cache for a machine with `total_mb` of memory.

    By default the heap is a quarter of the memory, the page cache an eighth; each at most 2 GB.

    Raises
    ------
    ResourceError
        A quarter of the memory is less than the smallest heap, or the sizes asked for do not fit.
    """
    heap = heap_mb if heap_mb is not None else min(total_mb // 4, MAX_DEFAULT_HEAP_MB)
    cache = page_cache_mb if page_cache_mb is not None else min(total_mb // 8, MAX_DEFAULT_PAGE_CACHE_MB)
    if heap < MIN_HEAP_MB or cache < MIN_PAGE_CACHE_MB:
        raise ResourceError(
            f"Neo4j needs a heap of {MIN_HEAP_MB} MB and a page cache of {MIN_PAGE_CACHE_MB} MB; "
            f"found {heap} MB and {cache} MB on a machine with {total_mb} MB of memory",
            hint="use a machine with at least 2 GB of memory, or set NEO4J_URI to a server elsewhere",
        )
    if heap + cache > total_mb * 8 // 10:
        raise ResourceError(
            f"a heap of {heap} MB and a page cache of {cache} MB do not fit into the {total_mb} MB of memory",
            hint="ask for less: both together at most eight tenths of the memory",
        )
    return Memory(heap, cache)


def total_memory_mb() -> int:
    """Memory of this machine, or of the container this process runs in, in MB."""
    limits = [int(psutil.virtual_memory().total)]
    for path in _CGROUP_LIMITS:
        text = path.read_text().strip() if path.is_file() else ""
        if text.isdigit():
            limits.append(int(text))
    return min(limits) // 2**20
