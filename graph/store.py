"""The synchronous door to Neo4j: grouped reads and batched writes, for ingest and model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString, Self

import neo4j
import numpy as np
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

from graph.cypher import create, write
from graph.errors import DatabaseAwayError, DatabaseError, InputError
from graph.tables import Kind, Table

BATCH_ROWS = 10_000
FETCH_ROWS = 10_000

Row = dict[str, Any]  # what Bolt carries: strings, numbers, booleans, lists and maps of them
Shape = Callable[[Sequence[Row]], list[Row]]
RowCount = Callable[[int], None]
"""Told after every batch how many rows it held."""

Step = tuple[Table, pd.DataFrame] | tuple[LiteralString, Row]
"""A table with its rows, or a statement with its parameters."""

_PYTHON_TYPES: Mapping[Kind, type] = {"string": str, "integer": int, "float": float, "boolean": bool}


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
    """

    def __init__(self, driver: Driver, *, database: str = "neo4j") -> None:
        self._driver = driver
        self._database = database

    @classmethod
    def connect(cls, uri: str, *, user: str, password: str, database: str = "neo4j") -> Self:
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
        return cls(driver, database=database)

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
        """Write a frame in batches of 10,000 rows, one transaction each; return the number of rows.

        Nodes are merged by their key. Relationships are created without a look at those that are there: they
        belong to a load, a data set or a run, whose earlier ones the caller has deleted.

        Raises
        ------
        InputError
            If columns are missing, or hold nulls where none may be.
        DatabaseError
            If an end of a relationship is not in the graph.
        """
        statement, rows_of = _plan(table)
        for rows in batches(table, frame):
            (outcome,) = self.write(statement, rows=rows_of(rows))
            _require_all_written(table, rows, outcome["wrote"])
            if on_batch is not None:
                on_batch(len(rows))
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

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(
            database=self._database, default_access_mode=access, fetch_size=FETCH_ROWS
        )


def batches(table: Table, frame: pd.DataFrame, *, size: int = BATCH_ROWS) -> Iterator[list[Row]]:
    """Yield the rows of a frame as Bolt parameters, sorted by the first key column.

    Raises
    ------
    InputError
        If columns are missing, or hold nulls where none may be.
    """
    checked = _checked(table, frame).sort_values(table.key[0], kind="stable")
    for first in range(0, len(checked), size):
        part = checked.iloc[first : first + size]
        columns = {name: _python_values(part[name], kind) for name, kind in table.columns.items()}
        yield [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def grouped(rows: Sequence[Row]) -> list[Row]:
    """Return rows that are sorted by `source` as one row a source, the rest of each below `edges`."""
    return [
        {"source": source, "edges": [_without_nulls(row) for row in edges]}
        for source, edges in groupby(rows, key=itemgetter("source"))
    ]


def _step(transaction: ManagedTransaction, what: Table | LiteralString, content: pd.DataFrame | Row) -> int:
    if isinstance(what, str):
        transaction.run(what, content).consume()
        return 0
    statement, rows_of = _plan(what)
    for rows in batches(what, content):
        outcome = transaction.run(statement, rows=rows_of(rows)).single(strict=True)
        _require_all_written(what, rows, outcome["wrote"])
    return len(content)


def _without_nulls(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None and name != "source"}


def _plan(table: Table) -> tuple[LiteralString, Callable[[Sequence[Row]], Sequence[Row]]]:
    """Return the statement that writes a table, and how it wants the rows."""
    if table.name in create.STATEMENTS:
        return create.STATEMENTS[table.name], grouped
    return write.STATEMENTS[table.name], list


def _checked(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    required = [name for name in table.columns if name not in table.optional]
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise InputError(f"{table.name}: expected columns {required}, missing {missing}")
    holed = [name for name in required if frame[name].isna().any()]
    if holed:
        raise InputError(f"{table.name}: columns {holed} may not hold nulls")
    return frame.reindex(columns=list(table.columns))


def _python_values(column: pd.Series, kind: Kind) -> list[Any]:
    """Return plain Python values; nulls of every flavour become None."""
    if kind == "strings":
        return [list(value) for value in column]
    target = _PYTHON_TYPES[kind]
    if kind == "float":
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return [value if np.isfinite(value) else None for value in values.tolist()]
    if not column.isna().any():
        return column.astype(target).tolist()
    return [None if pd.isna(value) else target(value) for value in column]


def _require_all_written(table: Table, rows: Sequence[Row], num_written: int) -> None:
    if num_written != len(rows):
        raise DatabaseError(
            f"{table.name}: wrote {num_written:,} of {len(rows):,} rows, an end node is not in the graph "
            f"(the batch starts at {rows[0].get(table.key[0])!r})",
            hint="ingest the gene annotation and the regulators before what points at them",
        )
