"""``cisgraph query``: predicted edges and their evidence, the same answers as those of the API."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel

from api import answers, cursor
from api.models.edges import EdgeAnswer
from cisgraph.cli.console import standard_output
from cisgraph.cli.edge_table import print_edges, print_pair
from cisgraph.cli.progress import shown_progress
from cisgraph.connection import connect_settings
from cisgraph.settings import load_settings
from graph.local import Connection
from graph.questions import MAX_EDGES, EdgeQuestion, LagSign
from graph.reader import GraphReader
from graph.schema import LicenceClass

query_app = typer.Typer(
    name="query", help="Ask who regulates what, with the evidence beside it.", no_args_is_help=True
)

Answer = TypeVar("Answer", bound=BaseModel)
Asked = Callable[[GraphReader], Awaitable[Answer]]

Name = Annotated[str, typer.Argument(help="Ensembl id, symbol, alias or previous symbol.")]
Context = Annotated[str | None, typer.Option(help="Name or id of a context, such as K562; all without it.")]
RunId = Annotated[str | None, typer.Option("--run", help="A complete run; the default one without it.")]
DatasetId = Annotated[str | None, typer.Option("--dataset", help="A data set, where several could answer.")]
MinScore = Annotated[float | None, typer.Option(help="Lowest score.")]
Lag = Annotated[
    LagSign | None,
    typer.Option("--lag-sign", help="1: target after regulator; 0: tested, none; none: not estimated."),
]
Novel = Annotated[bool | None, typer.Option("--novel/--known", help="Without evidence, or with some.")]
SourceId = Annotated[str | None, typer.Option("--source", help="Only pairs that this source lists.")]
Licence = Annotated[
    LicenceClass | None,
    typer.Option("--licence", help="Strictest class of training sources and evidence, such as open."),
]
Limit = Annotated[int, typer.Option(min=1, max=MAX_EDGES, help="Edges to show.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="next_cursor of the last answer.")]
AsJson = Annotated[bool, typer.Option("--json", help="What the API answers.")]


@query_app.command()
def regulator(
    name: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    min_score: MinScore = None,
    lag_sign: Lag = None,
    novel: Novel = None,
    source_id: SourceId = None,
    licence: Licence = None,
    limit: Limit = 50,
    after: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the predicted targets of a regulator, best first."""
    asked = EdgeQuestion(
        gene=name,
        context=context,
        run_id=run_id,
        dataset_id=dataset_id,
        min_score=min_score,
        lag_sign=lag_sign,
        novel=novel,
        limit=limit,
        source_id=source_id,
        licence=licence,
    )
    question = _from_cursor(asked, after)
    answer = _ask(lambda reader: answers.targets(reader, question))
    _show_edges(answer, as_json=as_json, other_end="target")


@query_app.command()
def gene(
    name: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    min_score: MinScore = None,
    lag_sign: Lag = None,
    novel: Novel = None,
    source_id: SourceId = None,
    licence: Licence = None,
    limit: Limit = 50,
    after: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the predicted regulators of a gene, best first."""
    asked = EdgeQuestion(
        gene=name,
        context=context,
        run_id=run_id,
        dataset_id=dataset_id,
        min_score=min_score,
        lag_sign=lag_sign,
        novel=novel,
        limit=limit,
        source_id=source_id,
        licence=licence,
    )
    question = _from_cursor(asked, after)
    answer = _ask(lambda reader: answers.regulators(reader, question))
    _show_edges(answer, as_json=as_json, other_end="source")


@query_app.command()
def edge(regulator: Name, target: Name, *, licence: Licence = None, as_json: AsJson = False) -> None:
    """Show everything known of one regulator and one target: predictions, priors, ChIP-seq, conflicts."""
    answer = _ask(lambda reader: answers.pair(reader, regulator, target, licence=licence))
    if as_json:
        _print_json(answer)
    else:
        print_pair(standard_output(), answer)


def _from_cursor(asked: EdgeQuestion, after: str | None) -> EdgeQuestion:
    return asked if after is None else replace(asked, after=cursor.decode(after, asked))


def _ask(asked: Asked[Answer]) -> Answer:
    with shown_progress() as progress:
        connection = connect_settings(load_settings(), progress)
    return asyncio.run(_read(connection, asked))


async def _read(connection: Connection, asked: Asked[Answer]) -> Answer:
    async with GraphReader.connect(
        connection.uri,
        user=connection.user,
        password=connection.password,
        database=connection.database,
    ) as reader:
        return await asked(reader)


def _show_edges(answer: EdgeAnswer, *, as_json: bool, other_end: str) -> None:
    if as_json:
        _print_json(answer)
    else:
        print_edges(standard_output(), answer, other_end=other_end)


def _print_json(answer: BaseModel) -> None:
    typer.echo(answer.model_dump_json(indent=2))
