"""Runs an analyst's statement so that it cannot write, and not for long; one at a time, for a worker."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import neo4j
from neo4j import GraphDatabase
from neo4j.exceptions import ClientError, Neo4jError, TransientError
from neo4j.graph import Node, Path, Relationship

from graph.errors import InputError
from graph.guard import check_read_only
from graph.store import Row, translated_errors

READS = "r"
ROWS_AHEAD = 100


@dataclass(frozen=True)
class Caps:
    """What one statement may take.

    Parameters
    ----------
    max_rows, max_bytes
        Of the answer, as JSON; what is beyond is cut off and told.
    timeout_s
        After which the server gives the transaction up.
    """

    max_rows: int = 1000
    max_bytes: int = 5_000_000
    timeout_s: float = 15.0


class Analyst:
    """One connection for statements of analysts.

    Parameters
    ----------
    uri, user, password, database
        The server; a user that may only read, where the edition has such.
    """

    def __init__(self, uri: str, *, user: str, password: str, database: str) -> None:
        with translated_errors():
            self._driver = GraphDatabase.driver(
                uri,
                auth=(user, password),
                notifications_min_severity="OFF",
                max_connection_pool_size=1,
                connection_timeout=5,
                max_transaction_retry_time=0,
            )
        self._database = database

    def close(self) -> None:
        """Close the connection."""
        self._driver.close()

    def run(self, statement: str, parameters: Mapping[str, Any], *, caps: Caps) -> Row:
        """Return `columns`, `rows` and whether they were `truncated`.

        Raises
        ------
        InputError
            If the statement is refused, is none, takes too long or too much memory.
        DatabaseAwayError
            If no server answers.
        """
        checked: Any = check_read_only(
            statement
        )  # the driver wants a literal; the layers below do not trust it
        with translated_errors(), _told(caps), self._session() as session:
            with session.begin_transaction(timeout=caps.timeout_s) as transaction:
                kind = transaction.run("EXPLAIN " + checked, dict(parameters)).consume().query_type
                transaction.rollback()
            if kind != READS:
                raise InputError(f"the statement is refused: the server plans it as {kind!r}, not as a read")
            with session.begin_transaction(timeout=caps.timeout_s) as transaction:
                try:
                    return _capped(transaction.run(checked, dict(parameters)), caps)
                finally:
                    if not transaction.closed():
                        transaction.rollback()  # never committed, whatever the layers above have missed

    def _session(self) -> neo4j.Session:
        return self._driver.session(
            database=self._database, default_access_mode=neo4j.READ_ACCESS, fetch_size=ROWS_AHEAD
        )


def _capped(result: neo4j.Result, caps: Caps) -> Row:
    columns, size = list(result.keys()), 0
    rows: list[list[Any]] = []
    for record in result:
        row = [plain(value) for value in record.values()]
        size += len(json.dumps(row))
        if len(rows) == caps.max_rows or size > caps.max_bytes:
            return {"columns": columns, "rows": rows, "truncated": True}
        rows.append(row)
    return {"columns": columns, "rows": rows, "truncated": False}


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a statement returns
    """Return a value of the graph as JSON holds it; what JSON does not know becomes text."""
    if isinstance(value, Node | Relationship | Path):
        return _plain_element(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float) and value - value != 0:
        return None  # NaN and infinities
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _plain_element(value: Node | Relationship | Path) -> Row:
    if isinstance(value, Path):
        return {"nodes": plain(list(value.nodes)), "relationships": plain(list(value.relationships))}
    kind = {"labels": sorted(value.labels)} if isinstance(value, Node) else {"type": value.type}
    return {**kind, "properties": plain(dict(value))}


@contextmanager
def _told(caps: Caps) -> Iterator[None]:
    """Turn what the server says of a statement into what its author can act on."""
    try:
        yield
    except Neo4jError as error:
        code = error.code or ""
        if "TransactionTimedOut" in code or "Terminated" in code:
            raise InputError(
                f"the statement did not end within {caps.timeout_s:g} s",
                hint="begin at a node by its key (gene_id, symbol, run_id), and set a LIMIT",
            ) from error
        if "Memory" in code or isinstance(error, TransientError):
            raise InputError(
                "the statement takes more than a transaction may", hint="aggregate less at once"
            ) from error
        if isinstance(error, ClientError) and "Security" not in code:
            raise InputError(f"the statement cannot be run: {error.message}") from error
        raise
