"""`python -m api.analyst`: runs analysts' statements in a process of its own, whose memory is bounded.

One JSON object a line on the standard input (`statement`, `parameters`, `caps`), one a line on the standard
output: `{"answer": ...}` or `{"problem": ...}`. The database comes from the environment.
"""

import json
import resource
import sys
from typing import Any

from api.errors import problem_of
from api.settings import ApiSettings
from graph.analyst import Analyst, Caps
from graph.errors import CisgraphError, InputError

MAX_MEMORY = 1536 * 1024**2
"""Bytes of address space: a single value that is larger ends the statement, not the service."""


def main() -> None:
    """Answer statements until the standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    # pydantic-settings reads the required fields from the environment, which mypy cannot know
    settings = ApiSettings()  # type: ignore[call-arg]
    analyst = Analyst(
        settings.neo4j_uri,
        user=settings.neo4j_user,
        password=settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
    )
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(analyst, json.loads(line))) + "\n")
        sys.stdout.flush()
    analyst.close()


def _answer(analyst: Analyst, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        caps = Caps(**asked["caps"])
        return {"answer": analyst.run(asked["statement"], asked["parameters"], caps=caps)}
    except CisgraphError as error:
        return {"problem": problem_of(error, path="/v1/cypher").model_dump(exclude_none=True)}
    except MemoryError:
        large = InputError("a value of the answer is too large", hint="return less, or aggregate it")
        return {"problem": problem_of(large, path="/v1/cypher").model_dump(exclude_none=True)}


if __name__ == "__main__":
    main()
