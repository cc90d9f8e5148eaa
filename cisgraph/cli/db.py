"""``cisgraph db``: the local Neo4j."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cisgraph.cli.progress import shown_progress
from cisgraph.settings import load_settings
from graph.cypher.admin import FIRST_QUERY
from graph.local import Connection, LocalServer, ServerStatus
from graph.local import admin as database

db_app = typer.Typer(
    name="db",
    help="Start, stop, look at, dump and restore the local Neo4j (used when NEO4J_URI is not set).",
    no_args_is_help=True,
)

_MB = 2**20


@db_app.command()
def start(
    bolt_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Bolt port; a free one by default.")
    ] = None,
    http_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of Neo4j Browser; a free one by default.")
    ] = None,
    heap_mb: Annotated[int | None, typer.Option(help="Java heap; a quarter of memory, at most 2 GB.")] = None,
    page_cache_mb: Annotated[
        int | None, typer.Option(help="Cache of store files; an eighth of the memory, at most 2 GB.")
    ] = None,
) -> None:
    """Start the local Neo4j and leave it running; downloads it (150 MB) the first time."""
    server = LocalServer(
        load_settings().neo4j_home,
        bolt_port=bolt_port,
        http_port=http_port,
        heap_mb=heap_mb,
        page_cache_mb=page_cache_mb,
    )
    with shown_progress() as progress:
        connection = server.start(progress)
    _say(f"Neo4j runs at {connection.uri}, Neo4j Browser at {connection.browser_url}")
    _say("next: cisgraph db browser to look at it, cisgraph db stop to end it")


@db_app.command()
def stop() -> None:
    """Stop the local Neo4j; the data stay."""
    server = _server()
    with shown_progress() as progress:
        progress("Neo4j stops", None)
        stopped = server.stop()
    _say("Neo4j is stopped" if stopped else "Neo4j was not running")


@db_app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable; without the password.")] = False,
) -> None:
    """Show what runs, where, and how large it is; exit status 1 when it runs but does not answer."""
    found = _server().status()
    if as_json:
        Console(soft_wrap=True).print_json(data=_facts(found))
    else:
        _print_table(found)
    if found.running and not found.answers:
        raise typer.Exit(1)


@db_app.command()
def browser(
    no_open: Annotated[bool, typer.Option("--no-open", help="Only print the address.")] = False,
) -> None:
    """Open Neo4j Browser on the local Neo4j, which is started when it does not run."""
    server = _server()
    with shown_progress() as progress:
        connection = server.start(progress)
    password_file = server.status().password_file
    url = _query_url(connection)
    _say(f"Neo4j Browser: {url}")
    _say(f"user {connection.user}; the password: cat '{password_file}'")
    _say(f"a first query: {FIRST_QUERY}")
    if not no_open and _has_display():
        webbrowser.open(url)


@db_app.command()
def dump(
    file: Annotated[Path, typer.Argument(help="File to write, such as graph.dump.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file when it is there.")] = False,
) -> None:
    """Write the whole database into one file; a running server is stopped meanwhile."""
    if file.exists() and not force:
        _say(f"{file} is there already; --force replaces it")
        raise typer.Exit(1)
    home = load_settings().neo4j_home
    with shown_progress() as progress:
        written = database.dump(home, file, progress=progress)
    _say(f"{written} holds the database of {home} ({written.stat().st_size / _MB:,.1f} MB)")


@db_app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="File that `cisgraph db dump` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Replace the whole database by a dump; the dump is checked before anything is touched."""
    home = load_settings().neo4j_home
    if not yes:
        typer.confirm(f"Replace all data in {home} by {file}?", abort=True)
    with shown_progress() as progress:
        database.restore(home, file, progress=progress)
    _say(f"{home} now holds the database of {file}")


@db_app.command()
def check() -> None:
    """Verify the store of the database; a running server is stopped meanwhile."""
    home = load_settings().neo4j_home
    with shown_progress() as progress:
        database.check(home, progress=progress)
    _say(f"the database in {home} is consistent")


def _server() -> LocalServer:
    settings = load_settings()
    if settings.neo4j_uri:
        Console(stderr=True, markup=False).print(
            f"note: NEO4J_URI is set, so other commands use {settings.neo4j_uri}, not this local Neo4j"
        )
    return LocalServer(settings.neo4j_home)


def _facts(found: ServerStatus) -> dict[str, object]:
    state, connection = found.state, found.connection
    return {
        "running": found.running,
        "answers": found.answers,
        "home": str(found.home),
        "password_file": str(found.password_file),
        "data_mb": round(found.data_bytes / _MB, 1),
        "resident_mb": round(found.resident_bytes / _MB, 1),
        "pid": state.pid if state else None,
        "version": state.version if state else None,
        "heap_mb": state.heap_mb if state else None,
        "page_cache_mb": state.page_cache_mb if state else None,
        "uri": connection.uri if connection else None,
        "user": connection.user if connection else None,
        "browser_url": connection.browser_url if connection else None,
    }


def _print_table(found: ServerStatus) -> None:
    table = Table(show_header=False, box=None)
    for name, value in _facts(found).items():
        table.add_row(name.replace("_", " "), "-" if value is None else escape(str(value)))
    Console(soft_wrap=True).print(table)


def _query_url(connection: Connection) -> str:
    return f"{connection.browser_url}?{urlencode({'cmd': 'edit', 'arg': FIRST_QUERY}, quote_via=quote)}"


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(text: str) -> None:
    Console(soft_wrap=True, highlight=False, markup=False).print(text)
