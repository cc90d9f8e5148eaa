"""``cisgraph doctor``: what is there, what is missing, and how to get it."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cisgraph.finding import Finding
from cisgraph.libraries import examine_libraries
from cisgraph.machine import examine_machine
from cisgraph.settings import load_settings

_COLOURS = {"ok": "green", "later": "yellow", "missing": "red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Check Python, libraries, Java, memory, disk, ports and the database; exit status 1 if one is missing.

    "later" is what cisgraph fetches or starts itself when it is needed, or does without.
    """
    findings = [*examine_libraries(), *examine_machine(load_settings())]
    if as_json:
        Console(soft_wrap=True).print_json(data=[asdict(each) for each in findings])
    else:
        Console(soft_wrap=not Console().is_terminal).print(_table(findings))
    if any(each.state == "missing" for each in findings):
        raise typer.Exit(1)


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None)
    for heading in ("what", "state", "found", "how to get it"):
        table.add_column(heading, overflow="fold")
    for each in findings:
        colour = _COLOURS[each.state]
        table.add_row(
            escape(each.name),
            f"[{colour}]{each.state}[/{colour}]",
            escape(each.found),
            escape(each.remedy),
        )
    return table
