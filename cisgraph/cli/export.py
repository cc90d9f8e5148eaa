"""``cisgraph export``: the network of a run as a file for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from api.filters import SavedFilters
from api.formats.names import FormatName
from cisgraph.cli.asking import ask
from cisgraph.cli.options import Context, DatasetId, Lag, Licence, MinScore, Novel, RunId


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    *,
    format_name: Annotated[
        FormatName | None, typer.Option("--format", help="Without it, the suffix of the file tells.")
    ] = None,
    run_id: RunId = None,
    dataset_id: DatasetId = None,
    context: Context = None,
    min_score: MinScore = None,
    lag_sign: Lag = None,
    novel: Novel = None,
    licence: Licence = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file when it is there.")] = False,
) -> None:
    """Write all edges of a run to a file, such as network.parquet, network.graphml or network.cx2."""
    from api.saving import format_of, save_network

    if output.exists() and not force:
        typer.echo(f"{output} is there already; --force replaces it", err=True)
        raise typer.Exit(1)
    format_ = format_of(output, format_name and format_name.value)
    filters = SavedFilters(
        run=run_id,
        dataset=dataset_id,
        context=context,
        min_score=min_score,
        lag_sign=lag_sign,
        novel=novel,
        licence=licence,
    )
    ask(lambda reader: save_network(reader, output, filters.question(), format_))
    typer.echo(f"{output} holds the network as {format_.name} ({output.stat().st_size / 1e6:,.1f} MB)")
