"""The command line: one file a command group; errors are told in words, never as a traceback."""

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup
from typer.main import get_command, get_group

from graph.errors import CisgraphError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "cisgraph.cli.demo:demo",
        "doctor": "cisgraph.cli.doctor:doctor",
        "db": "cisgraph.cli.db:db_app",
        "init": "cisgraph.cli.init:init",
        "ingest": "cisgraph.cli.ingest:ingest_app",
        "sources": "cisgraph.cli.sources:sources_app",
        "releases": "cisgraph.cli.releases:releases_app",
        "train": "cisgraph.cli.train:train",
        "predict": "cisgraph.cli.predict:predict",
        "baselines": "cisgraph.cli.baselines:baselines",
        "validate": "cisgraph.cli.validate:validate",
        "benchmark": "cisgraph.cli.benchmark:benchmark",
        "lags": "cisgraph.cli.lags:lags_app",
        "ablate": "cisgraph.cli.ablate:ablate",
        "report": "cisgraph.cli.report:report",
        "query": "cisgraph.cli.query:query_app",
        "cypher": "cisgraph.cli.cypher:cypher",
        "export": "cisgraph.cli.export:export",
        "runs": "cisgraph.cli.runs:runs_app",
        "serve": "cisgraph.cli.serve:serve",
        "keys": "cisgraph.cli.keys:keys_app",
    }
)
"""Commands and groups by name, in the order of `--help`: module and name of what runs them."""


class _Loaded(MutableMapping[str, Any]):  # commands of click, whose home differs by version of typer
    """The commands, each imported when it is asked for: a question need not wait for what ingests."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - see the class
        if name not in self._found:
            module, _, attribute = COMMANDS[name].partition(":")
            self._found[name] = _command(name, getattr(import_module(module), attribute))
        return self._found[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401 - see the class
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Root(TyperGroup):
    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - what typer hands over
        super().__init__(**{**more, "commands": _Loaded()})

    def list_commands(self, _: object) -> list[str]:
        return list(COMMANDS)


def _command(name: str, found: Any) -> Any:  # noqa: ANN401 - a group, or a function and the command it is
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


app = typer.Typer(
    name="cisgraph",
    cls=_Root,
    help="Gene regulation on Neo4j: evidence in, judged regulator-target edges out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    """Gene regulation on Neo4j: evidence in, judged regulator-target edges out."""


def main() -> None:
    """Run a command; exit status 1 on an error that cisgraph explains, 130 when interrupted."""
    try:
        app()
    except CisgraphError as error:
        Console(stderr=True, soft_wrap=True).print(f"[bold red]error:[/] {escape(str(error))}")
        sys.exit(1)
    except KeyboardInterrupt:
        Console(stderr=True).print("interrupted")
        sys.exit(130)
