"""``cisgraph cypher``: a statement that reads, behind the same checks as `POST /v1/cypher`."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from cisgraph.cli.asking import connected
from cisgraph.cli.console import standard_output
from cisgraph.notebook.statements import run_statement
from graph.errors import InputError


def cypher(
    statement: Annotated[str, typer.Argument(help="One statement; `-` reads it from the standard input.")],
    *,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", help="name=value; a value is JSON or else text. May be repeated."),
    ] = None,
    max_rows: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="Rows as JSON objects.")] = False,
) -> None:
    """Run a Cypher statement that reads and show its rows; one that would write is refused."""
    text = sys.stdin.read() if statement == "-" else statement
    parameters = dict(_parameter(each) for each in parameter or ())
    found = run_statement(connected(), text, parameters, max_rows=max_rows)
    if as_json:
        typer.echo(json.dumps(found["rows"], indent=2))
    else:
        table = Table(*map(escape, found["columns"]))
        for row in found["rows"]:
            table.add_row(*(escape(_cell(value)) for value in row.values()))
        standard_output().print(table if found["rows"] else "no rows")
    if found["truncated"]:
        typer.echo(f"there are more than {len(found['rows']):,} rows; --max-rows shows more", err=True)


def _parameter(text: str) -> tuple[str, Any]:  # a value of JSON
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--param {text!r}: expected a name, `=` and a value", hint="--param gene=GATA1")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
