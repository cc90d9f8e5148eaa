"""The synchronous door to Neo4j: grouped reads and batched writes, for ingest and model."""

import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, Self, cast

import neo4j
import pandas as pd
from neo4j import Driver, GraphDatabase, ManagedTransaction
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.cypher import admin, catalogue, create, write
from graph.errors import DatabaseAwayError, DatabaseError
from graph.kept_reads import KeptReads
from graph.rows import Columns, Row, as_rows, batches, by_source
from graph.tables import Table

__all__ = ["FETCH_ROWS", "GraphStore", "Row", "RowCount", "Step", "translated_errors"]

FETCH_ROWS = 10_000

# What the driver has to say reaches us as errors; its retries while a server starts are nothing to print.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

RowCount = Callable[[int], None]
"""Told after every batch how many rows it held."""

Step = tuple[Table, pd.DataFrame] | tuple[LiteralString, Row]
"""A table with its rows, or a statement with its parameters."""


@dataclass(frozen=True)
class _Plan:
    """The statement that writes a table, how it wants the rows, and on how many connections at once."""

    statement: LiteralString
    parameters_of: Callable[[Columns], Row]
    num_writers: int


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the driver's errors into ours, with their cause.

    Raises
    ------
    DatabaseAwayError
        If no server answers.
    DatabaseError
        If the server refused a statement or the credentials.
    """
    try:
        yield
    except AuthError as error:
        raise DatabaseError(
            "Neo4j refused the user name or the password",
            hint="set NEO4J_USER and NEO4J_PASSWORD; `cisgraph db status` shows the local server's",
        ) from error
    except (ServiceUnavailable, SessionExpired) as error:
        raise DatabaseAwayError(
            f"no Neo4j answers: {error}",
            hint="`cisgraph db start` starts the local server; with NEO4J_URI set, check that address",
        ) from error
    except ConfigurationError as error:
        raise DatabaseError(f"the Neo4j address cannot be used: {error}", hint="check NEO4J_URI") from error
    except ClientError as error:
        raise DatabaseError(f"Neo4j refused a statement: {error.message}") from error
    except (Neo4jError, DriverError) as error:
        raise DatabaseError(f"Neo4j failed: {error}") from error


class GraphStore:
    """Reads and writes of one Neo4j database.

    Parameters
    ----------
    driver
        An open driver; the store closes it.
    database
        Name of the database on the server.
    kept
        Where answers of `read_evidence` are kept; None keeps none.
    """

    def __init__(self, driver: Driver, *, database: str = "neo4j", kept: KeptReads | None = None) -> None:
        self._driver = driver
        self._database = database
        self._kept = kept

    @classmethod
    def connect(
        cls,
        uri: str,
        *,
        user: str,
        password: str,
        database: str = "neo4j",
        kept: KeptReads | None = None,
    ) -> Self:
        """Return a store whose server was seen to answer.

        Raises
        ------
        DatabaseAwayError
            If no server answers at `uri`.
        DatabaseError
            If the credentials are refused.
        """
        with translated_errors():
            driver = GraphDatabase.driver(
                uri,
                auth=(user, password),
                notifications_min_severity="OFF",
                connection_timeout=10,
                max_transaction_retry_time=30,
            )
            try:
                driver.verify_connectivity()
            except (DriverError, Neo4jError):
                driver.close()
                raise
        return cls(driver, database=database, kept=kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def read(self, statement: LiteralString, **parameters: object) -> list[Row]:
        """Return the rows of a read statement, as dictionaries."""

        def work(transaction: ManagedTransaction) -> list[Row]:
            return transaction.run(statement, parameters).data()

        with translated_errors(), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(work)

    def read_frame(self, statement: LiteralString, **parameters: object) -> pd.DataFrame:
        """Return the rows of a read statement as columns, also when there are none."""

        def work(transaction: ManagedTransaction) -> tuple[list[str], list[list[Any]]]:
            result = transaction.run(statement, parameters)
            return list(result.keys()), result.values()

        with translated_errors(), self._session(neo4j.READ_ACCESS) as session:
            columns, rows = session.execute_read(work)
        return pd.DataFrame(rows, columns=pd.Index(columns))

    def read_evidence(self, statement: LiteralString, **parameters: object) -> pd.DataFrame:
        """Return what `read_frame` does, for a statement that reads nothing but sources and data sets.

        The answer comes from disk where it was kept and neither has changed since.
        """
        if self._kept is None:
            return self.read_frame(statement, **parameters)
        state = hashlib.sha256(json.dumps(self.read(catalogue.EVIDENCE_STATE)).encode()).hexdigest()[:20]
        return self._kept.recall(
            state, statement, parameters, read=lambda: self.read_frame(statement, **parameters)
        )

    def write(self, statement: LiteralString, **parameters: object) -> list[Row]:
        """Run one write statement in a transaction of its own, retried when the server asks for it."""

        def work(transaction: ManagedTransaction) -> list[Row]:
            return transaction.run(statement, parameters).data()

        with translated_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)

    def write_autocommit(self, statement: LiteralString, **parameters: object) -> None:
        """Run a statement that opens its own transactions, such as `CALL ... IN TRANSACTIONS`."""
        with translated_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(statement, parameters).consume()

    def write_table(self, table: Table, frame: pd.DataFrame, *, on_batch: RowCount | None = None) -> int:
        """Write a frame in batches of 5,000 rows, one transaction each; return the number of rows.

        Nodes are merged by their key. Relationships are created without a look at those that are there: they
        belong to a load, a data set or a run, whose earlier ones the caller has deleted. Two connections
        write them; should a batch fail, the one beside it may be in the graph.

        Raises
        ------
        InputError
            If columns are missing, or hold nulls where none may be.
        DatabaseError
            If an end of a relationship is not in the graph.
        """
        plan = _plan(table)

        def send(columns: Columns) -> int:
            (outcome,) = self.write(plan.statement, **plan.parameters_of(columns))
            return _check_written(table, columns, outcome["wrote"])

        for num_written in _in_order(send, batches(table, frame), num_writers=plan.num_writers):
            if on_batch is not None:
                on_batch(num_written)
        return len(frame)

    def write_atomic(self, steps: Sequence[Step]) -> int:
        """Run statements and write frames in one transaction, in this order; return the number of rows.

        Readers see all of it or nothing. Keep it below 100,000 rows: the transaction is held in the server's
        heap.
        """

        def work(transaction: ManagedTransaction) -> int:
            return sum(_step(transaction, *step) for step in steps)

        with translated_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)

    def bookmark(self) -> str:
        """Return a mark that stays the same as long as nobody writes to the database."""
        with translated_errors(), self._session(neo4j.READ_ACCESS) as session:
            session.run(admin.ANSWERS).consume()
            return "".join(sorted(session.last_bookmarks().raw_values))

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(
            database=self._database, default_access_mode=access, fetch_size=FETCH_ROWS
        )


def _step(transaction: ManagedTransaction, what: Table | LiteralString, content: pd.DataFrame | Row) -> int:
    if isinstance(content, dict):
        transaction.run(cast("LiteralString", what), content).consume()
        return 0
    table = cast("Table", what)
    plan = _plan(table)
    for columns in batches(table, content):
        outcome = transaction.run(plan.statement, plan.parameters_of(columns)).single(strict=True)
        _check_written(table, columns, outcome["wrote"])
    return len(content)


def _plan(table: Table) -> _Plan:
    if table.name in create.STATEMENTS:
        return _Plan(create.STATEMENTS[table.name], by_source, num_writers=2)
    # One writer: of two rows about one node the later one wins.
    return _Plan(write.STATEMENTS[table.name], as_rows, num_writers=1)


def _in_order(send: Callable[[Columns], int], parts: Iterable[Columns], *, num_writers: int) -> Iterator[int]:
    """Send parts on some connections at once while the next one is made; yield the outcomes in order."""
    with ThreadPoolExecutor(num_writers) as writers:
        under_way: deque[Future[int]] = deque()
        for part in parts:
            under_way.append(writers.submit(send, part))
            if len(under_way) > num_writers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _check_written(table: Table, columns: Columns, num_written: int) -> int:
    """Return the number of rows.

    Raises
    ------
    DatabaseError
        If not all of them were written.
    """
    keys = columns[table.key[0]]
    if num_written != len(keys):
        raise DatabaseError(
            f"{table.name}: wrote {num_written:,} of {len(keys):,} rows, an end node is not in the graph "
            f"(the batch starts at {keys[0]!r})",
            hint="ingest the gene annotation and the regulators before what points at them",
        )
    return len(keys)
