"""Whether the process lives, and can answer."""

from fastapi import APIRouter

from api.dependencies import Reader
from api.models.health import Live, Ready

router = APIRouter(prefix="/health", tags=["operations"])


@router.get("/live")
async def read_live() -> Live:
    """Return that the process answers; the database is not asked."""
    return Live()


@router.get("/ready")
async def read_ready(reader: Reader) -> Ready:
    """Return that the database answers and has the schema that this code knows."""
    return Ready(schema_version=await reader.known_schema_version())
