"""How a run, or an uploaded network, stands up to the databases."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import answers, uploads
from api.dependencies import IdInPath, Jobs, OptionalId, Owner, Reader, Uploader
from api.models.jobs import Job
from api.models.runs import ValidationAnswer
from api.uploads import UploadFilters

router = APIRouter(tags=["validation"])

BODY = {
    "requestBody": {
        "required": True,
        "description": "A network: a table with tabs, commas or semicolons (also gzipped), or Parquet.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/validation")
async def read_validation(
    reader: Reader, run: OptionalId = None, dataset: OptionalId = None
) -> ValidationAnswer:
    """Return the metrics of a run, baselines beside them; without a run, those of the default one."""
    return await answers.validation(reader, run_id=run, dataset_id=dataset)


@router.post("/validation", openapi_extra=BODY, responses={202: {"model": Job}})
async def validate_upload(
    filters: Annotated[UploadFilters, Query()],
    jobs: Jobs,
    owner: Uploader,
    request: Request,
    response: Response,
) -> Job:
    """Judge an uploaded network; what takes longer than two seconds is answered as a job (202)."""
    path = await uploads.save(request.stream(), jobs.new_path())
    job_id = jobs.begin(path, filters.assignment(), owner=owner)
    job = await jobs.waited(job_id, owner=owner, seconds=uploads.WAIT_S)
    if job.state in {"waiting", "running"}:
        response.status_code = 202
        response.headers.update({"Location": f"/v1/jobs/{job_id}", "Retry-After": "2"})
    return job


@router.get("/jobs/{job_id}")
async def read_job(
    job_id: IdInPath,
    jobs: Jobs,
    owner: Owner,
    wait: Annotated[float, Query(ge=0, le=20, description="Seconds to wait for its end.")] = 0,
) -> Job:
    """Return how far a job is, and its report when it is done; only to the key that began it."""
    return await jobs.waited(job_id, owner=owner, seconds=wait)


@router.delete("/jobs/{job_id}", status_code=204)
async def delete_job(job_id: IdInPath, jobs: Jobs, owner: Owner) -> None:
    """Stop a job and delete all that is kept of it."""
    jobs.forget(job_id, owner=owner)
