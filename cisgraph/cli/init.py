"""``cisgraph init``: a database with the schema that this cisgraph knows."""

import typer

from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.settings import load_settings
from graph.migrations import migrate
from graph.schema import SCHEMA_VERSION


def init() -> None:
    """Make constraints and indexes, or bring an older graph up to date; what is there already stays."""
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        migrate(store)
    typer.echo(f"the graph has schema version {SCHEMA_VERSION}")
    typer.echo("next: cisgraph ingest all --demo loads what is shipped")
