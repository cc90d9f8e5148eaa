"""How a run stood up to the databases."""

from fastapi import APIRouter

from api import answers
from api.dependencies import OptionalId, Reader
from api.models.runs import ValidationAnswer

router = APIRouter(prefix="/validation", tags=["validation"])


@router.get("")
async def read_validation(
    reader: Reader, run: OptionalId = None, dataset: OptionalId = None
) -> ValidationAnswer:
    """Return the metrics of a run, baselines beside them; without a run, those of the default one."""
    return await answers.validation(reader, run_id=run, dataset_id=dataset)
