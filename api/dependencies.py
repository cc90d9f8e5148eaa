"""What routes ask for: the reader, the state of the data, and the filters of a question."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api import cursor as cursors
from api.formats.negotiation import FormatName
from api.jobs import JobBook
from api.workers import Workers
from graph.data_state import StateWatch
from graph.errors import InputError
from graph.questions import MAX_EDGES, EdgeQuestion, LagSign
from graph.reader import GraphReader
from graph.schema import LicenceClass

MAX_DRAWN = 50
FORMAT = "Format of the answer; goes before `Accept`."
LICENCE = "Strictest class of training sources and evidence: `open` leaves runs of academic sources out."
MAX_NAME = 200
"""Characters of a name; the longest symbol is far shorter."""


def current_reader(request: Request) -> GraphReader:
    """Return the reader that the process opened when it started."""
    reader: GraphReader = request.app.state.reader
    return reader


def current_watch(request: Request) -> StateWatch:
    """Return what knows the present release."""
    watch: StateWatch = request.app.state.watch
    return watch


def current_jobs(request: Request) -> JobBook:
    """Return the jobs of this process."""
    jobs: JobBook = request.app.state.jobs
    return jobs


def current_owner(request: Request) -> str | None:
    """Return the name of the key that asks, None without one."""
    owner: str | None = request.state.owner
    return owner


def key_holder(request: Request) -> str | None:
    """Return the name of the key that asks.

    Raises
    ------
    HTTPException
        401, if there are keys and none was sent.
    """
    owner = current_owner(request)
    if owner is None and request.app.state.has_keys:
        raise HTTPException(
            401, "expected an API key: what you send is private to it", {"WWW-Authenticate": "Bearer"}
        )
    return owner


def current_workers(request: Request) -> Workers:
    """Return what runs analysts' statements."""
    workers: Workers = request.app.state.workers
    return workers


def known_analyst(request: Request) -> str:
    """Return the name of the key that sends Cypher.

    Raises
    ------
    HTTPException
        401 without a key, whatever else is open to everybody.
    """
    owner = current_owner(request)
    if owner is None:
        raise HTTPException(401, "Cypher takes an API key", {"WWW-Authenticate": "Bearer"})
    return owner


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
    source: Annotated[
        str | None, Field(max_length=MAX_NAME, description="Only pairs that this source lists.")
    ] = None
    licence: Annotated[LicenceClass | None, Field(description=LICENCE)] = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Edges a page.")] = 50
    cursor: Annotated[str | None, Field(max_length=2000, description="next_cursor of the last page.")] = None
    format: Annotated[FormatName | None, Field(description=FORMAT)] = None

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
            source_id=self.source,
            licence=self.licence,
        )
        if self.cursor is None:
            return asked
        return replace(asked, after=cursors.decode(self.cursor, asked))


class ExportFilters(BaseModel):
    """Which edges of a run are exported, and how; another name is refused."""

    model_config = ConfigDict(extra="forbid")

    context: Annotated[str | None, Field(max_length=MAX_NAME, description="Name or id of a context.")] = None
    min_score: Annotated[float | None, Field(allow_inf_nan=False, description="Lowest score.")] = None
    lag_sign: Annotated[LagSign | None, Field(description="none: not estimated.")] = None
    novel: Annotated[bool | None, Field(description="true: without evidence in any source.")] = None
    licence: Annotated[LicenceClass | None, Field(description=LICENCE)] = None
    format: Annotated[FormatName | None, Field(description=FORMAT)] = None

    def question(self, run_id: str) -> EdgeQuestion:
        """Return the question of these filters about a run."""
        return EdgeQuestion(
            gene="",
            run_id=run_id,
            context=self.context,
            min_score=self.min_score,
            lag_sign=self.lag_sign,
            novel=self.novel,
            licence=self.licence,
        )


class ContextFilters(BaseModel):
    """Which run and contexts are asked, and how much of the answer; another name is refused."""

    model_config = ConfigDict(extra="forbid")

    context: Annotated[str | None, Field(max_length=MAX_NAME, description="Name or id of a context.")] = None
    run: Annotated[str | None, Field(max_length=MAX_NAME, description="A complete run.")] = None
    dataset: Annotated[str | None, Field(max_length=MAX_NAME, description="Id of a data set.")] = None
    licence: Annotated[LicenceClass | None, Field(description=LICENCE)] = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDGES, description="Rows at most.")] = 200

    def question(self, gene: str = "") -> EdgeQuestion:
        """Return the question of these filters about a gene."""
        return EdgeQuestion(
            gene=gene,
            context=self.context,
            run_id=self.run,
            dataset_id=self.dataset,
            licence=self.licence,
            limit=self.limit,
        )


class TripletFilters(ContextFilters):
    """The ends of triplets, one of them at least."""

    regulator: Annotated[str | None, Field(min_length=1, max_length=MAX_NAME)] = None
    target: Annotated[str | None, Field(min_length=1, max_length=MAX_NAME)] = None


class PictureFilters(BaseModel):
    """What is drawn: the best edges of some regulators."""

    model_config = ConfigDict(extra="forbid")

    regulators: Annotated[
        str, Field(min_length=1, max_length=2000, description="Names with commas between them, 50 at most.")
    ]
    context: Annotated[str | None, Field(max_length=MAX_NAME)] = None
    run: Annotated[str | None, Field(max_length=MAX_NAME)] = None
    dataset: Annotated[str | None, Field(max_length=MAX_NAME)] = None
    licence: Annotated[LicenceClass | None, Field(description=LICENCE)] = None
    min_score: Annotated[float | None, Field(allow_inf_nan=False, description="Lowest score.")] = None
    max_nodes: Annotated[int, Field(ge=2, le=3000, description="Genes at most.")] = 300

    def names(self) -> list[str]:
        """Return the regulators that were named.

        Raises
        ------
        InputError
            If there are none, or more than 50.
        """
        named = [name.strip() for name in self.regulators.split(",") if name.strip()]
        if not 1 <= len(named) <= MAX_DRAWN:
            raise InputError(f"regulators: expected 1 to {MAX_DRAWN} names, found {len(named)}")
        return list(dict.fromkeys(named))


Reader = Annotated[GraphReader, Depends(current_reader)]
Jobs = Annotated[JobBook, Depends(current_jobs)]
Owner = Annotated[str | None, Depends(current_owner)]
Uploader = Annotated[str | None, Depends(key_holder)]
CypherWorkers = Annotated[Workers, Depends(current_workers)]
CypherUser = Annotated[str, Depends(known_analyst)]
Watch = Annotated[StateWatch, Depends(current_watch)]
Filters = Annotated[EdgeFilters, Query()]
InContexts = Annotated[ContextFilters, Query()]
OfTriplets = Annotated[TripletFilters, Query()]
OfPicture = Annotated[PictureFilters, Query()]
Licence = Annotated[LicenceClass | None, Query(description=LICENCE)]
GeneInPath = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="Ensembl id, symbol, alias or previous symbol.")
]
IdInPath = Annotated[str, Path(min_length=1, max_length=MAX_NAME)]
OptionalId = Annotated[str | None, Query(max_length=MAX_NAME)]
