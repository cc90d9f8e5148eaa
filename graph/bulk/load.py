"""Loads tables into a local server by making a new store beside the present one.

What the graph holds is carried along. The present store keeps serving until the new one takes its place,
which happens in seconds; whatever kills that, the next start of the server finds the one or the other, whole.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pandas as pd

from graph.bulk.acceptance import complete, empty_lists, open_store
from graph.bulk.collected import Collected
from graph.bulk.csv_files import LIST_SEPARATOR, CsvFile
from graph.bulk.keys import ENDS
from graph.bulk.present import carry
from graph.errors import ConflictError, DatabaseError
from graph.local import Connection, LocalServer
from graph.local.admin import as_running, install
from graph.local.importer import ImportFiles, import_store
from graph.migrations import migrate
from graph.progress import Progress, silent
from graph.tables import PEAKS, Table


@dataclass(frozen=True)
class BulkReport:
    """What an import did.

    Attributes
    ----------
    num_nodes, num_relationships
        What was imported, the carried ones among them.
    num_added
        Relationships that were not carried.
    num_bytes
        Size of the files.
    seconds
        By step: `nodes` (genes, names, regulators and sets, by Bolt), `files` (writing tables), `present`
        (carrying the graph), `import`, and `install` (stop, start, constraints and indexes).
    """

    num_nodes: int
    num_relationships: int
    num_added: int
    num_bytes: int
    seconds: Mapping[str, float]


class BulkImport:
    """Collects tables, and makes them and the present graph a new store.

    ::

        with BulkImport(server) as bulk:
            bulk.add(PRIORS, frame)
            report = bulk.finish()

    Left without `finish`, the relationships and peaks that were added are forgotten. `finish` ends the
    import: the server is a new process then, at the same address. Connections that were open are dead, and
    begin again with the next statement that is retried (`GraphStore.read`, `write`, `write_table`).

    Parameters
    ----------
    server
        The local server; it is started if it does not run.
    """

    def __init__(self, server: LocalServer, *, progress: Progress = silent) -> None:
        self._server = server
        self._progress = progress
        self._seconds: dict[str, float] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        connection = self._server.start(self._progress)
        self._server = as_running(self._server.home)
        with ExitStack() as stack:
            self._store = stack.enter_context(open_store(connection))
            migrate(self._store)
            self._staged = stack.enter_context(self._server.staging())
            self._stack = stack.pop_all()
        self._folder = self._staged.path / "import"  # one of the folders of a home
        self._collected = Collected(self._folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, table: Table, frame: pd.DataFrame) -> int:
        """Take the rows of a table; return how many.

        Genes, their names, regulators and gene sets are merged into the present graph at once, as
        `GraphStore.write_table` does it; relationships and peaks wait for `finish`.

        Raises
        ------
        InputError
            If columns are missing, or hold nulls or values where these may not be.
        ResourceError
            If the disk is full.
        DatabaseError
            If a gene that is named or called a regulator is not in the graph.
        """
        if table is PEAKS or table.name in ENDS:
            with self._timed("files"):
                self._collected.add(table, frame)
            return len(frame)
        with self._timed("nodes"):
            return self._store.write_table(table, frame)

    def finish(self) -> BulkReport:
        """Make the new store, put it in the place of the present one, and return what it holds.

        Raises
        ------
        DatabaseError
            If a relationship names a node that is not in the graph.
        ConflictError
            If the graph is too large or not ours, or was written to meanwhile.
        ResourceError
            If memory or disk do not suffice.
        LocalServerError
            If neo4j-admin refused the files, or Neo4j the store that it made.
        """
        mark = self._store.bookmark()
        with self._timed("present"):
            self._progress("reading the graph as it is")
            present = carry(self._store, self._folder)
        with self._timed("files"):
            peaks = self._collected.write_peaks(present)
            self._collected.check_ends(present)
        nodes = [*present.nodes, *peaks]
        edges = [*present.relationships, *self._collected.relationships]
        empty_lists(nodes)  # what cannot be told apart is refused before the import, not after it
        with self._timed("import"):
            self._import(nodes, edges)
        with self._timed("install"):
            self._install(mark, nodes, edges)
        return BulkReport(
            num_nodes=_num_rows(nodes),
            num_relationships=_num_rows(edges),
            num_added=self._collected.num_relationships,
            num_bytes=sum(file.num_bytes for file in (*nodes, *edges)),
            seconds=dict(self._seconds),
        )

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._seconds[step] = self._seconds.get(step, 0.0) + time.perf_counter() - started

    def _import(self, nodes: Sequence[CsvFile], edges: Sequence[CsvFile]) -> None:
        self._progress(f"importing {_num_rows(edges):,} relationships")
        files = ImportFiles(
            nodes=[file.path for file in nodes],
            relationships=[(file.name, file.path) for file in edges],
            multiline=[file.path for file in (*nodes, *edges) if file.has_line_breaks],
        )
        found = import_store(self._staged, files, list_separator=LIST_SEPARATOR, progress=self._progress)
        if found != (_num_rows(nodes), _num_rows(edges)):
            raise DatabaseError(
                f"neo4j-admin imported {found[0]:,} nodes and {found[1]:,} relationships, the files hold "
                f"{_num_rows(nodes):,} and {_num_rows(edges):,}; the graph is unchanged"
            )

    def _install(self, mark: str, nodes: Sequence[CsvFile], edges: Sequence[CsvFile]) -> None:
        def accept(connection: Connection) -> None:
            self._progress("checking the new store, making its constraints and indexes")
            complete(connection, nodes=nodes, relationships=edges)

        with self._server.hold():
            if self._store.bookmark() != mark:
                raise ConflictError(
                    "the graph was written to while it was imported; it is as that left it",
                    hint="let one process write at a time, and repeat the load",
                )
            self._store.close()
            self._progress("the server starts on the new store")
            install(
                self._staged,
                server=self._server,
                progress=self._progress,
                accept=accept,
            )


def _num_rows(files: Sequence[CsvFile]) -> int:
    return sum(file.num_rows for file in files)
