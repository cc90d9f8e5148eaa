"""``cisgraph releases``: which versions the graph held of its sources, and what a new one would change."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cisgraph.cli.console import standard_output
from cisgraph.cli.ingest_report import change_table
from cisgraph.cli.opened import opened_store
from cisgraph.cli.progress import shown_progress
from cisgraph.settings import load_settings
from graph.errors import InputError
from ingest.catalogue import source_named
from ingest.plan import compare
from ingest.releases import Difference, Part, differences, release_named, releases

releases_app = typer.Typer(
    name="releases", help="List the releases of the graph's data; show what changed.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable.")]


@releases_app.command("list")
def list_releases(as_json: AsJson = False) -> None:
    """List the releases, newest first; the first one is what the graph holds."""
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        known = releases(store)
    if as_json:
        typer.echo(json.dumps([asdict(release) for release in known], indent=2))
        return
    table = Table("release", "made", "sources and data sets", "entries")
    for release in known:
        entries = sum(part["num_written"] for part in release.contents.values())
        made = release.created_at[:16].replace("T", " ")
        table.add_row(release.release_id, made, f"{len(release.contents)}", f"{entries:,}")
    standard_output().print(table if known else "no releases; `cisgraph ingest all --demo` makes one")


@releases_app.command()
def diff(
    what: Annotated[str, typer.Argument(help="A release, or a source whose new files follow.")],
    others: Annotated[list[str], typer.Argument(help="The later release, or the files of the source.")],
    as_json: AsJson = False,
) -> None:
    """Show what changed between two releases, or what the new files of a source would change.

    Nothing is written. `cisgraph releases diff 3f2a 9c41` compares two releases,
    `cisgraph releases diff trrust trrust_v3.tsv.gz` a new file with what the graph holds.
    """
    if len(others) == 1 and not Path(others[0]).exists():
        _diff_releases(what, others[0], as_json=as_json)
    else:
        _diff_files(what, [Path(name) for name in others], as_json=as_json)


def _diff_files(source_id: str, paths: list[Path], *, as_json: bool) -> None:
    spec = source_named(source_id)
    if len(paths) != len(spec.files):
        expected = ", ".join(Path(name).name for name in spec.files)
        raise InputError(f"{source_id} takes {len(spec.files)} files ({expected}), found {len(paths)}")
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        changes = compare(store, spec, paths, progress=progress)
    if as_json:
        typer.echo(json.dumps({name: asdict(change) for name, change in changes.items()}, indent=2))
        return
    standard_output().print(change_table(changes))


def _diff_releases(before: str, after: str, *, as_json: bool) -> None:
    with shown_progress() as progress, opened_store(load_settings(), progress) as store:
        found = differences(release_named(store, before), release_named(store, after))
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], indent=2))
        return
    table = Table("source or data set", "before", "after", "changed about the version before it")
    for each in found:
        table.add_row(escape(each.identifier), _part(each.before), _part(each.after), _changed(each))
    standard_output().print(table if found else "the two releases hold the same")


def _part(part: Part | None) -> str:
    if part is None:
        return "-"
    return f"{part['num_written']:,} entries" + (f", version {part['version']}" if part["version"] else "")


def _changed(each: Difference) -> str:
    changes = (each.after or {}).get("changes", {})
    return "\n".join(
        f"{name}: {one['num_added']:,} added, {one['num_removed']:,} removed, {one['num_changed']:,} changed"
        for name, one in changes.items()
    )
