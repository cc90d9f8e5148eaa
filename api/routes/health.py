"""Whether the process lives, and can answer."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.dependencies import Reader
from api.models.health import Live, Organization, Ready, ServiceInfo

router = APIRouter(tags=["operations"])


@router.get("/health/live")
async def read_live() -> Live:
    """Return that the process answers; the database is not asked."""
    return Live()


@router.get("/health/ready")
async def read_ready(reader: Reader) -> Ready:
    """Return that the database answers and has the schema that this code knows."""
    return Ready(schema_version=await reader.known_schema_version())


@router.get("/service-info")
async def read_service_info(request: Request) -> ServiceInfo:
    """Return what this service is, as GA4GH asks for it."""
    asked = Organization(url=str(request.base_url))
    return ServiceInfo(version=request.app.version, organization=asked)


@router.get("/metrics", response_class=Response)
async def read_metrics(request: Request) -> Response:
    """Return numbers of requests and times in the text format of Prometheus."""
    return Response(request.app.state.measures.text(), media_type=CONTENT_TYPE_LATEST)
