"""``cisgraph query conflicts|shared|difference|network``: many pairs at once."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api import relations
from api.filters import ConflictFilters, ContextPair, PictureFilters, SharedFilters
from api.models.relations import ContextDifference, SharedAnswer
from cisgraph.cli.asking import ask, print_json
from cisgraph.cli.comparison_table import changed_table, only_table
from cisgraph.cli.console import standard_output
from cisgraph.cli.options import (
    AsJson,
    Context,
    Cursor,
    DatasetId,
    Licence,
    Limit,
    MinScore,
    RunId,
    rows_shown,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file to a group."""
    for command in (conflicts, shared, difference, network):
        app.command()(command)


def conflicts(
    regulator: str | None = typer.Option(None, help="A regulator."),
    target: str | None = typer.Option(None, help="A gene; one of the two is needed."),
    *,
    licence: Licence = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """Show the pairs of which some sources say activation and some repression."""
    filters = ConflictFilters(
        regulator=regulator,
        target=target,
        licence=licence,
        limit=rows_shown(limit, ConflictFilters, as_json=as_json),
        cursor=cursor,
    )
    answer = ask(lambda reader: relations.conflicts(reader, filters))
    if as_json:
        print_json(answer)
        return
    table = Table("regulator", "target", "say it activates", "say it represses")
    for each in answer.conflicts:
        ends = (each.source_symbol or each.source, each.target_symbol or each.target)
        said = (", ".join(each.activating), ", ".join(each.repressing))
        table.add_row(*map(escape, (*ends, *said)))
    console = standard_output()
    console.print(table if answer.conflicts else "the sources agree")
    if answer.next_cursor:
        console.print(f"more: --cursor {answer.next_cursor}", soft_wrap=True)


def shared(
    genes: Annotated[list[str], typer.Argument(help="Two genes or more.")],
    *,
    min_shared: Annotated[int, typer.Option(min=1, help="Genes that each regulator has at least.")] = 2,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    licence: Licence = None,
    min_score: MinScore = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Show who regulates several genes of a list, those of most genes first."""
    filters = SharedFilters(
        genes=",".join(genes),
        min_shared=min_shared,
        context=context,
        run=run_id,
        dataset=dataset_id,
        licence=licence,
        min_score=min_score,
        limit=rows_shown(limit, SharedFilters, as_json=as_json),
    )
    answer = ask(lambda reader: relations.shared(reader, filters))
    if as_json:
        print_json(answer)
        return
    console = standard_output()
    console.print(_shared_table(answer) if answer.regulators else "no regulator has so many of them")
    console.print(f"run {escape(answer.run.run_id)}; licence class {answer.licence_class}. {answer.notice}")


def difference(
    a: Annotated[str, typer.Argument(help="Name or id of a context, such as K562.")],
    b: Annotated[str, typer.Argument(help="Another context of the same data set.")],
    *,
    regulator: Annotated[str | None, typer.Option(help="Of one regulator; of all without.")] = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    licence: Licence = None,
    as_json: AsJson = False,
) -> None:
    """Show how two contexts of one run differ: edges of one only, and the largest changes of scores."""
    pair = ContextPair(a=a, b=b, regulator=regulator, run=run_id, dataset=dataset_id, licence=licence)
    answer = ask(lambda reader: relations.between_contexts(reader, pair))
    if as_json:
        print_json(answer)
    else:
        _print_difference(answer)


def network(
    regulators: Annotated[list[str], typer.Argument(help="One regulator or more.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Picture to write: .png, .svg or .pdf.")],
    *,
    context: Context = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    licence: Licence = None,
    min_score: MinScore = None,
    max_edges: Annotated[int, typer.Option(min=1, max=200, help="Edges that are drawn.")] = 30,
) -> None:
    """Draw the best edges of some regulators: colour is sign, width is score, the arrow tells the lag."""
    from api import many
    from cisgraph.notebook.network import Network

    filters = PictureFilters(
        regulators=",".join(regulators),
        context=context,
        run=run_id,
        dataset=dataset_id,
        licence=licence,
        min_score=min_score,
    )
    found = ask(lambda reader: many.picture(reader, filters))
    Network(found.model_dump(mode="json")).plot(output, max_edges=max_edges)
    standard_output().print(str(output), highlight=False, soft_wrap=True)


def _shared_table(answer: SharedAnswer) -> Table:
    table = Table("regulator", "genes", "mean score", "which", "all its targets")
    for each in answer.regulators:
        table.add_row(
            escape(each.symbol or each.regulator),
            str(each.num_shared),
            f"{each.mean_score:.3f}",
            escape(", ".join(each.target_symbols)),
            f"{each.num_targets:,}",
        )
    return table


def _print_difference(answer: ContextDifference) -> None:
    console, (a, b) = standard_output(), (answer.a.name, answer.b.name)
    console.print(
        f"{escape(a)} has {answer.num_a:,} edges, {escape(b)} {answer.num_b:,}; {answer.num_common:,} are "
        f"common (of the same sign {answer.num_same_sign:,}, of opposite sign {answer.num_opposite_sign:,})"
    )
    console.print(changed_table(answer.changed, names=(a, b)))
    console.print(only_table(answer.only_a, title=f"best edges of {a} that {b} lacks"))
    console.print(only_table(answer.only_b, title=f"best edges of {b} that {a} lacks"))
    console.print(f"run {escape(answer.run.run_id)}; licence class {answer.licence_class}. {answer.notice}")
