"""Complete runs."""

from fastapi import APIRouter

from api.dependencies import IdInPath, Reader
from api.models.runs import Run, RunList

router = APIRouter(prefix="/runs", tags=["runs"])


@router.get("")
async def read_runs(reader: Reader) -> RunList:
    """Return the complete runs, newest first."""
    return RunList.model_validate({"runs": await reader.runs()})


@router.get("/{run_id}")
async def read_run(run_id: IdInPath, reader: Reader) -> Run:
    """Return a complete run with its configuration and metrics."""
    return Run.model_validate(await reader.run(run_id))
