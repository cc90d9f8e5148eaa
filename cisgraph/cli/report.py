"""``cisgraph report``: a page with pictures of complete runs."""

from pathlib import Path
from typing import Annotated

import typer

from cisgraph.cli.console import standard_output
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.libraries import require_training
from cisgraph.settings import load_settings


def report(
    run_ids: Annotated[list[str], typer.Argument(metavar="RUN...", help="Complete runs.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the report.")] = Path("report"),
) -> None:
    """Write report.html and its pictures from what is in the graph and on disk."""
    require_training()
    from cisgraph.report import write_report

    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        page = write_report(store, run_ids, folder=output, progress=progress)
    standard_output().print(f"report: {page}")
