"""The command line: one file a command group; errors are told in words, never as a traceback."""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from cisgraph.cli.ablate import ablate
from cisgraph.cli.baselines import baselines
from cisgraph.cli.benchmark import benchmark
from cisgraph.cli.cypher import cypher
from cisgraph.cli.db import db_app
from cisgraph.cli.demo import demo
from cisgraph.cli.doctor import doctor
from cisgraph.cli.export import export
from cisgraph.cli.ingest import ingest_app
from cisgraph.cli.init import init
from cisgraph.cli.keys import keys_app
from cisgraph.cli.lags import lags_app
from cisgraph.cli.predict import predict
from cisgraph.cli.query import query_app
from cisgraph.cli.releases import releases_app
from cisgraph.cli.report import report
from cisgraph.cli.runs import runs_app
from cisgraph.cli.serve import serve
from cisgraph.cli.sources import sources_app
from cisgraph.cli.train import train
from cisgraph.cli.validate import validate
from graph.errors import CisgraphError

app = typer.Typer(
    name="cisgraph",
    help="Gene regulation on Neo4j: evidence in, judged regulator-target edges out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(doctor)
app.add_typer(db_app)
app.command()(init)
app.add_typer(ingest_app)
app.add_typer(sources_app)
app.add_typer(releases_app)
app.command()(train)
app.command()(predict)
app.command()(baselines)
app.command()(validate)
app.command()(benchmark)
app.add_typer(lags_app)
app.command()(ablate)
app.command()(report)
app.add_typer(query_app)
app.command()(cypher)
app.command()(export)
app.add_typer(runs_app)
app.command()(serve)
app.add_typer(keys_app)


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
