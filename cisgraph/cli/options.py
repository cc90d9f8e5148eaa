"""Arguments and options that questions share."""

from typing import Annotated

import typer
from pydantic import BaseModel

from graph.questions import MAX_EDGES, LagSign
from graph.schema import LicenceClass

Name = Annotated[str, typer.Argument(help="Ensembl id, symbol, alias or previous symbol.")]
Context = Annotated[str | None, typer.Option(help="Name or id of a context, such as K562; all without it.")]
RunId = Annotated[str | None, typer.Option("--run", help="A complete run; the default one without it.")]
DatasetId = Annotated[str | None, typer.Option("--dataset", help="A data set, where several could answer.")]
MinScore = Annotated[float | None, typer.Option(help="Lowest score.")]
Lag = Annotated[
    LagSign | None,
    typer.Option("--lag-sign", help="1: target after regulator; 0: tested, none; none: not estimated."),
]
MinChromatinLag = Annotated[
    float | None, typer.Option(help="Lowest lag of the target's RNA behind its own chromatin.")
]
Novel = Annotated[bool | None, typer.Option("--novel/--known", help="In no curated source, or in some.")]
SourceId = Annotated[str | None, typer.Option("--source", help="Only pairs that this source lists.")]
BoundIn = Annotated[
    str | None, typer.Option(help="Only pairs with ChIP-seq in this cell type, such as K562.")
]
Licence = Annotated[
    LicenceClass | None,
    typer.Option("--licence", help="Strictest class of training sources and evidence, such as open."),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, max=MAX_EDGES, help="Rows to show; 20, and what HTTP answers with --json."),
]
Cursor = Annotated[str | None, typer.Option("--cursor", help="next_cursor of the last answer.")]
AsJson = Annotated[bool, typer.Option("--json", help="What the API answers.")]

ROWS_OF_A_TABLE = 20


def rows_shown(limit: int | None, filters: type[BaseModel], *, as_json: bool) -> int:
    """Return how many rows to ask for: what was asked, else those of a table, or of the route for JSON."""
    if limit is not None:
        return limit
    return int(filters.model_fields["limit"].default) if as_json else ROWS_OF_A_TABLE
