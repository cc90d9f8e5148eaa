"""Complete runs."""

from fastapi import APIRouter

from api import contents, relations
from api.dependencies import IdInPath, OptionalId, Reader
from api.models.relations import Comparison
from api.models.runs import Run, RunList

router = APIRouter(prefix="/runs", tags=["runs"])


@router.get("")
async def read_runs(reader: Reader) -> RunList:
    """Return the complete runs, newest first."""
    return await contents.runs(reader)


@router.get("/{run_id}")
async def read_run(run_id: IdInPath, reader: Reader) -> Run:
    """Return a complete run with its configuration and metrics."""
    return Run.model_validate(await reader.run(run_id))


@router.get("/{a}:compare/{b}")
async def compare_runs(a: IdInPath, b: IdInPath, reader: Reader, context: OptionalId = None) -> Comparison:
    """Return what two runs share by context, and the best edges that one of them lacks."""
    return await relations.between_runs(reader, a, b, context=context)
