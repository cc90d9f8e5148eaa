"""The application: routes, errors, and the one driver of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api.errors import MEDIA_TYPE, add_error_handlers
from api.freshness import Freshness
from api.jobs import JobBook
from api.keys import KeyRing
from api.limits import Bounds, Limits
from api.measures import Measures
from api.models.problems import Problem
from api.observation import Observation
from api.rates import RateLimit
from api.routes import (
    catalogue,
    cypher,
    edges,
    exports,
    genes,
    health,
    networks,
    regulators,
    runs,
    validation,
)
from api.settings import ApiSettings
from api.workers import Workers
from graph.analyst import Caps
from graph.reader import GraphReader

VERSION = "1"
PROBLEMS = (400, 401, 404, 406, 409, 413, 422, 429, 503)
DESCRIPTION = (
    "Who regulates what, with the evidence beside it: predicted regulator-target edges, priors by source, "
    "ChIP-seq, validation. Scores are associations, not proof of causation."
)


def create_app(settings: ApiSettings) -> FastAPI:
    """Return the application; it connects when it is started, not when it is made."""
    caps = Caps(timeout_s=settings.cypher_timeout_s)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            GraphReader.connect(
                settings.neo4j_uri,
                user=settings.neo4j_user,
                password=settings.neo4j_password.get_secret_value(),
                database=settings.neo4j_database,
                timeout_s=settings.query_timeout_s,
            ) as reader,
            JobBook.opened(settings) as app.state.jobs,
            Workers.opened(settings.cypher_environment(), caps=caps) as app.state.workers,
        ):
            app.state.reader = reader
            app.state.watch = reader.watch
            yield

    app = FastAPI(title="cisgraph", version=VERSION, description=DESCRIPTION, lifespan=lifespan)
    add_error_handlers(app)
    _add_layers(app, settings)
    app.include_router(_version_1(with_cypher=settings.cypher))
    app.include_router(health.router, include_in_schema=False)  # where orchestrators look for it
    return app


def _add_layers(app: FastAPI, settings: ApiSettings) -> None:
    """Put round the routes, from the inside: what is fresh, what is allowed, what is observed."""
    app.state.measures = Measures()
    bounds = Bounds(
        max_body=settings.max_body,
        max_upload=settings.max_upload,
        timeout_s=settings.timeout_s,
        upload_timeout_s=settings.upload_timeout_s,
        require_key=settings.require_key,
    )
    keys = KeyRing({}) if settings.keys_file is None else KeyRing.read(settings.keys_file)
    app.state.has_keys = len(keys) > 0
    app.add_middleware(Freshness)
    app.add_middleware(Limits, keys=keys, rate=RateLimit(settings.rate, burst=settings.burst), bounds=bounds)
    app.add_middleware(Observation, measures=app.state.measures)


def _version_1(*, with_cypher: bool) -> APIRouter:
    problem = {"model": Problem, "content": {MEDIA_TYPE: {}}}
    router = APIRouter(prefix="/v1", responses=dict.fromkeys(PROBLEMS, problem))
    for resource in (genes, regulators, edges, networks, exports, validation, runs, catalogue, health):
        router.include_router(resource.router)
    if with_cypher:
        router.include_router(cypher.router)
    return router
