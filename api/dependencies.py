"""What routes ask for: the reader, the state of the data, and the filters of a question."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.exceptions import HTTPException

from api.filters import (
    LICENCE,
    MAX_NAME,
    ConflictFilters,
    ContextFilters,
    ContextPair,
    EdgeFilters,
    PictureFilters,
    SharedFilters,
    TripletFilters,
)
from api.jobs import JobBook
from api.workers import Workers
from graph.data_state import StateWatch
from graph.reader import GraphReader
from graph.schema import LicenceClass


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
OfConflicts = Annotated[ConflictFilters, Query()]
OfGenes = Annotated[SharedFilters, Query()]
OfTwoContexts = Annotated[ContextPair, Query()]
LicenceInQuery = Annotated[LicenceClass | None, Query(description=LICENCE)]
GeneInPath = Annotated[
    str, Path(min_length=1, max_length=MAX_NAME, description="Ensembl id, symbol, alias or previous symbol.")
]
IdInPath = Annotated[str, Path(min_length=1, max_length=MAX_NAME)]
OptionalId = Annotated[str | None, Query(max_length=MAX_NAME)]
