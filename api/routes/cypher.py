"""Analysts' own Cypher: only there where it was switched on."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.dependencies import CypherUser, CypherWorkers
from api.errors import MEDIA_TYPE
from api.models.cypher import Rows, Statement
from api.models.problems import Problem

router = APIRouter(tags=["cypher"])


@router.post("/cypher", response_model=Rows)
async def run_cypher(asked: Statement, workers: CypherWorkers, _: CypherUser) -> Rows | Response:
    """Return the rows of one statement that reads; it takes a key, time, memory and rows are limited."""
    told = await workers.run(asked.statement, asked.parameters)
    if "problem" in told:
        problem = Problem.model_validate(told["problem"])
        text = problem.model_dump_json(exclude_none=True)
        headers = {"Retry-After": "5"} if problem.status == 503 else None
        return Response(text, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)
    return Rows.model_validate(told["answer"])
