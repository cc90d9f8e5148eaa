"""`python -m api.judging`: judges one uploaded network in a process of its own, whose memory is bounded.

It reads what is asked from the standard input, the database from the environment, tells its progress on the
standard output (one JSON object a line), and ends with a line `{"report": ...}` or `{"problem": ...}`.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api.errors import problem_of
from api.settings import ApiSettings
from graph.errors import CisgraphError, ResourceError
from graph.store import GraphStore
from graph.validation.asked import Asked, judge_file
from graph.validation.graph_names import names_of
from graph.validation.network import NegativeWeights


class Assignment(BaseModel):
    """An uploaded file, and how it is to be judged."""

    path: Path
    kind: str | None
    against: list[str]
    trained_on: list[str]
    negative_weights: NegativeWeights
    species: str
    dataset_id: str | None
    max_memory: int


def main() -> None:
    """Judge the network of the standard input's assignment."""
    assignment = Assignment.model_validate_json(sys.stdin.read())
    resource.setrlimit(resource.RLIMIT_AS, (assignment.max_memory, assignment.max_memory))
    try:
        _tell({"report": _report(assignment)})
    except CisgraphError as error:
        _tell({"problem": problem_of(error, path="/v1/validation").model_dump(exclude_none=True)})
    except MemoryError:
        words = ResourceError(
            f"the network needs more than {assignment.max_memory:,} bytes to be judged",
            hint="upload its best edges only, or use `cisgraph validate` on a machine of your own",
        )
        _tell({"problem": problem_of(words, path="/v1/validation").model_dump(exclude_none=True)})


def _report(assignment: Assignment) -> dict[str, Any]:  # the figures of the judge
    asked = Asked(
        path=assignment.path,
        against=assignment.against,
        trained_on=assignment.trained_on,
        kind=assignment.kind,
        negative_weights=assignment.negative_weights,
        species=assignment.species,
        dataset_id=assignment.dataset_id,
    )
    # pydantic-settings reads the required fields from the environment, which mypy cannot know
    settings = ApiSettings()  # type: ignore[call-arg]
    with GraphStore.connect(
        settings.neo4j_uri,
        user=settings.neo4j_user,
        password=settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
    ) as store:
        return judge_file(store, asked, names_of(store, asked.species), progress=_progress)


def _progress(message: str, fraction: float | None = None) -> None:
    _tell({"message": message, "fraction": fraction})


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
