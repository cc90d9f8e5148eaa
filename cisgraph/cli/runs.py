"""``cisgraph runs``: what was trained, and which run answers questions."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from api.relations import between_runs
from cisgraph.cli.asking import ask, print_json
from cisgraph.cli.comparison_table import changed_table, context_table, only_table
from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.settings import load_settings
from graph import runs
from graph.store import GraphStore

runs_app = typer.Typer(
    name="runs", help="List, show, compare and delete runs; choose the default one.", no_args_is_help=True
)

RunId = Annotated[str, typer.Argument(help="Id of a run; `cisgraph runs list` shows them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


@runs_app.command("list")
def list_runs(
    all_states: Annotated[bool, typer.Option("--all", help="Also those that are not complete.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the runs, newest first."""
    with _store() as store:
        rows = [_parsed(row) for row in runs.listed(store, all_states=all_states)]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=str))
        return
    table = Table("run", "kind", "data set", "state", "default", "edges", "licence class", "finished")
    for row in rows:
        default = "default" if row["is_default"] else ""
        shown = (row["num_edges"], row["licence_class"], row["finished_at"])
        table.add_row(
            escape(row["run_id"]),
            row["kind"],
            escape(row["dataset_id"]),
            row["state"],
            default,
            *map(_or_dash, shown),
        )
    standard_output().print(table if rows else "no runs; `cisgraph train` makes one")


@runs_app.command()
def show(run_id: RunId, as_json: AsJson = False) -> None:
    """Show a run: what it was made with, and its metrics."""
    with _store() as store:
        row = _parsed(runs.get(store, run_id))
    if as_json:
        typer.echo(json.dumps(row, indent=2, default=str))
        return
    table = Table(show_header=False, box=None)
    for name, value in sorted(row.items()):
        nested = isinstance(value, dict | list)
        table.add_row(
            name.replace("_", " "), escape(json.dumps(value, indent=2) if nested else _or_dash(value))
        )
    standard_output().print(table)


@runs_app.command()
def compare(
    a: RunId,
    b: RunId,
    context: Annotated[str | None, typer.Option(help="Name of a context; all without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what two runs share by context, and where they differ."""
    answer = ask(lambda reader: between_runs(reader, a, b, context=context))
    if as_json:
        print_json(answer)
        return
    console = standard_output()
    console.print(f"a: {escape(answer.a)}\nb: {escape(answer.b)}")
    console.print(context_table(answer.contexts))
    console.print(changed_table(answer.changed, names=("a", "b")))
    console.print(only_table(answer.only_a, title="best edges of a that b lacks"))
    console.print(only_table(answer.only_b, title="best edges of b that a lacks"))
    console.print(f"licence class {answer.licence_class}. {answer.notice}")


@runs_app.command()
def delete(run_id: RunId, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete a run and all that it wrote into the graph; its files stay."""
    with _store() as store:
        row = runs.get(store, run_id)
        what = f"run {run_id} ({row['kind']}, {row['state']}) and its {row.get('num_edges') or 0:,} edges"
        if not yes:
            typer.confirm(f"Delete {what}?", abort=True)
        runs.delete(store, run_id)
    typer.echo(f"deleted {what}")
    if row["is_default"]:
        typer.echo(f"it was the default of {row['dataset_id']}: cisgraph runs default RUN names another")


@runs_app.command()
def default(run_id: RunId) -> None:
    """Make a complete run the one that a question without a run means."""
    with _store() as store:
        runs.make_default(store, run_id)
        row = runs.get(store, run_id)
    typer.echo(f"{run_id} is the default {row['kind']} run of data set {row['dataset_id']}")


@contextmanager
def _store() -> Iterator[GraphStore]:
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        yield store


def _parsed(row: Mapping[str, Any]) -> dict[str, Any]:  # properties of a node
    """Return a row whose JSON texts are values; a NaN in them, which JSON does not know, is null."""
    texts = {
        name: json.loads(row[name] or "{}", parse_constant=lambda _: None) for name in ("config", "metrics")
    }
    return {**row, **texts}


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)
