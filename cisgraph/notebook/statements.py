"""Plain Cypher that reads, behind the same checks as `POST /v1/cypher`."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from graph.analyst import Analyst, Caps
from graph.local import Connection


def run_statement(
    connection: Connection, statement: str, parameters: Mapping[str, Any], *, max_rows: int
) -> dict[str, Any]:
    """Return `columns`, `rows` as records, and whether they were `truncated`.

    Raises
    ------
    InputError
        If the statement is refused, is none, takes too long or too much memory.
    DatabaseAwayError
        If no server answers.
    """
    analyst = Analyst(
        connection.uri,
        user=connection.user,
        password=connection.password,
        database=connection.database,
    )
    with closing(analyst):
        found = analyst.run(statement, parameters, caps=Caps(max_rows=max_rows))
    rows = [dict(zip(found["columns"], values, strict=True)) for values in found["rows"]]
    return {"rows": rows, "columns": found["columns"], "truncated": found["truncated"]}
