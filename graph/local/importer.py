"""``neo4j-admin database import``: a store made from CSV files, in a home of its own."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import LocalServerError, ResourceError
from graph.local.config import write_config
from graph.local.home import DATABASE, Home
from graph.local.memory import MIN_HEAP_MB, MIN_PAGE_CACHE_MB, Memory, total_memory_mb
from graph.local.startup import MIN_FREE_BYTES
from graph.local.tool import run_tool
from graph.progress import Progress, silent

MAX_HEAP_MB = 1024
STORE_BYTES_PER_CSV_BYTE = 4
"""Measured 2.6 for relationships with six properties each; more for short rows."""


@dataclass(frozen=True)
class ImportFiles:
    """What the import reads; each file has a header of its own.

    Attributes
    ----------
    nodes
        Files of nodes with a column `:LABEL`.
    relationships
        Files with the relationship type of their rows.
    multiline
        Those of them in which texts span lines.
    """

    nodes: Sequence[Path]
    relationships: Sequence[tuple[str, Path]]
    multiline: Sequence[Path]


def import_store(
    staged: Home, files: ImportFiles, *, list_separator: str, progress: Progress = silent
) -> tuple[int, int]:
    """Make the store of a new home from files; return the numbers of nodes and relationships.

    A row that names a node which is in no file, or a node that comes twice, is an error.

    Raises
    ------
    ResourceError
        The disk does not suffice.
    LocalServerError
        neo4j-admin refused the files; with the end of what it said.
    """
    paths = [*files.nodes, *(path for _, path in files.relationships)]
    _check_disk(staged.path, sum(path.stat().st_size for path in paths))
    total_mb = total_memory_mb()
    write_config(staged, bolt_port=0, http_port=0, memory=Memory(MIN_HEAP_MB, MIN_PAGE_CACHE_MB))
    arguments = [
        *("database", "import", "full", DATABASE),
        *(f"--nodes={path}" for path in files.nodes),
        *(f"--relationships={name}={path}" for name, path in files.relationships),
        f"--array-delimiter=U+{ord(list_separator):04X}",
        *("--skip-bad-relationships=false", "--skip-duplicate-nodes=false", "--bad-tolerance=0"),
        f"--max-off-heap-memory={max(total_mb // 4, MIN_HEAP_MB)}m",
        f"--report-file={staged.path / 'logs' / 'import.report'}",
    ]
    if files.multiline:
        named = ",".join(map(str, files.multiline))
        arguments += [f"--multiline-fields={named}", "--multiline-fields-format=v2"]
    heap_mb = min(max(total_mb // 4, MIN_HEAP_MB), MAX_HEAP_MB)
    said = run_tool(staged, arguments, what="import the files", progress=progress, heap_mb=heap_mb)
    return _count(said, "nodes"), _count(said, "relationships")


def _count(said: str, what: str) -> int:
    match = re.search(rf"^\s*(\d+) {what}$", said, re.MULTILINE)
    if match is None:
        raise LocalServerError(f"neo4j-admin did not say how many {what} it imported:\n{said[-2000:]}")
    return int(match.group(1))


def _check_disk(folder: Path, num_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    needed = num_bytes * STORE_BYTES_PER_CSV_BYTE + MIN_FREE_BYTES
    if free < needed:
        raise ResourceError(
            f"the import of {num_bytes / 1e6:,.0f} MB of files needs {needed / 1e6:,.0f} MB of free disk in "
            f"{folder}, found {free / 1e6:,.0f} MB",
            hint="free some space, or set CISGRAPH_HOME to a folder on a larger disk",
        )
