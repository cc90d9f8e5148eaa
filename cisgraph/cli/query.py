"""``cisgraph query``: predicted edges and their evidence, the same answers as those of the API."""

import typer

from api import answers
from api.filters import EdgeFilters
from api.models.edges import EdgeAnswer
from cisgraph.cli import query_regions, query_relations
from cisgraph.cli.asking import ask, print_json
from cisgraph.cli.console import standard_output
from cisgraph.cli.edge_table import print_edges, print_pair
from cisgraph.cli.options import (
    AsJson,
    BoundIn,
    Context,
    Cursor,
    DatasetId,
    Lag,
    Licence,
    Limit,
    MinChromatinLag,
    MinScore,
    Name,
    Novel,
    RunId,
    SourceId,
    rows_shown,
)

query_app = typer.Typer(
    name="query", help="Ask who regulates what, with the evidence beside it.", no_args_is_help=True
)


@query_app.command()
def regulator(
    name: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    min_score: MinScore = None,
    lag_sign: Lag = None,
    min_chromatin_lag: MinChromatinLag = None,
    novel: Novel = None,
    source_id: SourceId = None,
    bound_in: BoundIn = None,
    licence: Licence = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the predicted targets of a regulator, best first."""
    filters = EdgeFilters(
        context=context,
        run=run_id,
        dataset=dataset_id,
        min_score=min_score,
        lag_sign=lag_sign,
        min_chromatin_lag=min_chromatin_lag,
        novel=novel,
        source=source_id,
        bound_in=bound_in,
        licence=licence,
        limit=rows_shown(limit, EdgeFilters, as_json=as_json),
        cursor=cursor,
    )
    question = filters.question(name, rows="targets")
    _show(ask(lambda reader: answers.targets(reader, question)), as_json=as_json, other_end="target")


@query_app.command()
def gene(
    name: Name,
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    min_score: MinScore = None,
    lag_sign: Lag = None,
    min_chromatin_lag: MinChromatinLag = None,
    novel: Novel = None,
    source_id: SourceId = None,
    bound_in: BoundIn = None,
    licence: Licence = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the predicted regulators of a gene, best first."""
    filters = EdgeFilters(
        context=context,
        run=run_id,
        dataset=dataset_id,
        min_score=min_score,
        lag_sign=lag_sign,
        min_chromatin_lag=min_chromatin_lag,
        novel=novel,
        source=source_id,
        bound_in=bound_in,
        licence=licence,
        limit=rows_shown(limit, EdgeFilters, as_json=as_json),
        cursor=cursor,
    )
    question = filters.question(name, rows="sources")
    _show(ask(lambda reader: answers.regulators(reader, question)), as_json=as_json, other_end="source")


@query_app.command()
def edge(regulator: Name, target: Name, *, licence: Licence = None, as_json: AsJson = False) -> None:
    """Show everything known of one regulator and one target: predictions, priors, ChIP-seq, conflicts."""
    answer = ask(lambda reader: answers.pair(reader, regulator, target, licence=licence))
    if as_json:
        print_json(answer)
    else:
        print_pair(standard_output(), answer)


def _show(told: answers.Answer, *, as_json: bool, other_end: str) -> None:
    answer = EdgeAnswer.model_validate(told)
    if as_json:
        print_json(answer)
    else:
        print_edges(standard_output(), answer, other_end=other_end)


query_regions.add_to(query_app)
query_relations.add_to(query_app)
