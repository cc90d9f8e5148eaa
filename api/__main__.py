"""`python -m api`: the API alone, with the database of `NEO4J_URI`; `cisgraph serve` starts one itself."""

import uvicorn

from api.app import create_app
from api.settings import ApiSettings

if __name__ == "__main__":
    # pydantic-settings reads the required fields from the environment, which mypy cannot know
    uvicorn.run(create_app(ApiSettings()), host="127.0.0.1", port=8000)  # type: ignore[call-arg]
