"""What routes ask for: the reader, and the filters of a question."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import cursor as cursors
from graph.questions import MAX_EDGES, EdgeQuestion, LagSign
from graph.reader import GraphReader

MAX_NAME = 200
"""Characters of a name; the longest symbol is far shorter."""


def current_reader(request: Request) -> GraphReader:
    """Return the reader that the process opened when it started."""
    reader: GraphReader = request.app.state.reader
    return reader


class EdgeFilters(BaseModel):
    """Filters of predicted edges; a name that is not among them is refused."""

    model_config = ConfigDict(extra="forbid")

    context: Annotated[
        str | None, Field(max_length=MAX_NAME, description="Name or id of a context, such as K562.")
    ] = None
    run: Annotated[
        str | None, Field(max_length=MAX_NAME, description="A complete run; the default one without it.")
    ] = None
    dataset: Annotated[str | None, Field(max_length=MAX_NAME, description="Id of a data set.")] = None
    min_score: Annotated[float | None, Field(allow_inf_nan=False, description="Lowest score.")] = None
    lag_sign: Annotated[
        LagSign | None, Field(description="none: not estimated; 0: tested and not different from 0.")
    ] = None
    novel: Annotated[bool | None, Field(description="true: without evidence in any source.")] = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Edges a page.")] = 50
    cursor: Annotated[str | None, Field(max_length=2000, description="next_cursor of the last page.")] = None

    def question(self, gene: str) -> EdgeQuestion:
        """Return the question of these filters about a gene.

        Raises
        ------
        InputError
            If the cursor is none of this question.
        """
        asked = EdgeQuestion(
            gene=gene,
            context=self.context,
            run_id=self.run,
            dataset_id=self.dataset,
            min_score=self.min_score,
            lag_sign=self.lag_sign,
            novel=self.novel,
            limit=self.limit,
        )
        if self.cursor is None:
            return asked
        return replace(asked, after=cursors.decode(self.cursor, asked))


Reader = Annotated[GraphReader, Depends(current_reader)]
Filters = Annotated[EdgeFilters, Query()]
GeneInPath = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="Ensembl id, symbol, alias or previous symbol.")
]
IdInPath = Annotated[str, Path(min_length=1, max_length=MAX_NAME)]
OptionalId = Annotated[str | None, Query(max_length=MAX_NAME)]
