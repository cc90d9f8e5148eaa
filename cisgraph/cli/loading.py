"""Loads a plan from the command line: asks before a source is replaced, prints the account."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cisgraph.cli.console import standard_output
from cisgraph.cli.ingest_report import change_table, show_report
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.connection import local_server
from cisgraph.settings import load_settings
from graph.progress import Progress
from graph.store import GraphStore
from ingest.changes import Change
from ingest.destination import Accept, accept_all
from ingest.plan import LicenceFilter, Plan, allowed, compare, ingest
from ingest.source import SourceSpec

JsonOption = Annotated[bool, typer.Option("--json", help="Print the account as JSON.")]
AcceptOption = Annotated[bool, typer.Option("--accept", help="Replace versions in the graph without asking.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what the sources would change; write nothing.")
]
LicenceOption = Annotated[
    LicenceFilter,
    typer.Option(help="open: leave out what may not be used commercially (academic, non-commercial)."),
]


def load_plan(
    plan: Plan,
    *,
    as_json: bool = False,
    accept: bool = False,
    dry_run: bool = False,
    licence: LicenceFilter = "any",
) -> None:
    """Load a plan and print what was read, kept, rejected and changed.

    Raises
    ------
    ConflictError
        If a source would be replaced by other edges, and nobody accepted that.
    """
    plan, left_out = allowed(plan, licence)
    settings = load_settings()
    with shown_progress() as progress, opened_store(settings, progress) as store:
        if dry_run:
            _show_changes(store, plan.sources, progress, as_json=as_json)
            return
        report = ingest(
            store,
            plan,
            home=settings.cisgraph_home,
            progress=progress,
            accept=accept_all if accept or not plan.sources else _asking(progress),
            server=local_server(settings),
        )
    if as_json:
        typer.echo(json.dumps({**asdict(report), "left_out": left_out}, default=str, indent=2))
        return
    console = standard_output()
    show_report(report, console)
    if left_out:
        console.print(f"left out by --licence {licence}: {', '.join(left_out)}")


def _asking(progress: Progress) -> Accept:
    """Return a question to the person at the terminal; without one, changes are not accepted."""

    def accept(source_id: str, changes: Mapping[str, Change]) -> bool:
        progress("")
        console = standard_output()
        console.print(f"{source_id} is in the graph already, and the new version differs:")
        console.print(change_table(changes))
        return sys.stdin.isatty() and typer.confirm(f"Replace {source_id}?")

    return accept


def _show_changes(
    store: GraphStore,
    sources: Sequence[tuple[SourceSpec, Sequence[Path]]],
    progress: Progress,
    *,
    as_json: bool,
) -> None:
    found = {spec.source_id: compare(store, spec, paths, progress=progress) for spec, paths in sources}
    if as_json:
        shown = {name: {k: asdict(c) for k, c in changes.items()} for name, changes in found.items()}
        typer.echo(json.dumps(shown, indent=2))
        return
    console = standard_output()
    for name, changes in found.items():
        console.print(f"[bold]{name}[/bold]")
        console.print(change_table(changes))
