"""``cisgraph sources``: what the graph was loaded from, under which licence; and how to take it out again."""

import json
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.settings import load_settings
from ingest.references import References
from ingest.removal import remove_source

sources_app = typer.Typer(
    name="sources",
    help="Show what the graph was loaded from; remove a source.",
    invoke_without_command=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


@sources_app.callback()
def sources(context: typer.Context, as_json: AsJson = False) -> None:
    """List the sources with version, licence and counts."""
    if context.invoked_subcommand:
        return
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        rows = [row for row in References(store).states().values() if row["state"] == "complete"]
    if as_json:
        typer.echo(json.dumps([_parsed(row) for row in rows], indent=2))
        return
    standard_output().print(_table(rows) if rows else "no sources; `cisgraph ingest all --demo` loads some")


@sources_app.command()
def remove(
    source_id: Annotated[str, typer.Argument(help="Id of a source; `cisgraph sources` shows them.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a source and all that only it said."""
    if not yes:
        typer.confirm(f"Remove {source_id} and all that it wrote?", abort=True)
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        progress(f"removing {source_id}")
        removal = remove_source(store, source_id)
    typer.echo(f"removed {source_id}: {removal.num_removed:,} entries; release {removal.release_id}")


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(
        "source", "name", "species", "version", "licence class", "in graph", "kept of read", "loaded"
    )
    for row in rows:
        table.add_row(
            escape(row["source_id"]),
            escape(row["name"]),
            escape(row["species"]),
            escape(row["version"]),
            row["licence_class"],
            f"{row['num_written']:,}",
            f"{row['rows_kept']:,} of {row['rows_read']:,}",
            row["ingested_at"][:16].replace("T", " "),
        )
    return table


def _parsed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: json.loads(row[name] or "{}") for name in ("rejected", "notes", "changes")}}
