"""The application: routes, errors, and the one driver of the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api.errors import MEDIA_TYPE, add_error_handlers
from api.models.problems import Problem
from api.routes import catalogue, edges, genes, health, regulators, runs, validation
from api.settings import ApiSettings
from graph.reader import GraphReader

VERSION = "1"
DESCRIPTION = (
    "Who regulates what, with the evidence beside it: predicted regulator-target edges, priors by source, "
    "ChIP-seq, validation. Scores are associations, not proof of causation."
)


def create_app(settings: ApiSettings) -> FastAPI:
    """Return the application; it connects when it is started, not when it is made."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with GraphReader.connect(
            settings.neo4j_uri,
            user=settings.neo4j_user,
            password=settings.neo4j_password.get_secret_value(),
            database=settings.neo4j_database,
            timeout_s=settings.query_timeout_s,
        ) as reader:
            app.state.reader = reader
            yield

    app = FastAPI(title="cisgraph", version=VERSION, description=DESCRIPTION, lifespan=lifespan)
    add_error_handlers(app)
    app.include_router(_version_1())
    app.include_router(health.router, include_in_schema=False)  # where orchestrators look for it
    return app


def _version_1() -> APIRouter:
    problem = {"model": Problem, "content": {MEDIA_TYPE: {}}}
    router = APIRouter(prefix="/v1", responses={404: problem, 409: problem, 422: problem, 503: problem})
    for resource in (genes, regulators, edges, validation, runs, catalogue, health):
        router.include_router(resource.router)
    return router
