"""`python -m api`: the API alone, with the database of `NEO4J_URI`; `cisgraph serve` starts one itself."""

from api.serving import serve
from api.settings import ApiSettings

if __name__ == "__main__":
    # pydantic-settings reads the required fields from the environment, which mypy cannot know
    serve(ApiSettings())  # type: ignore[call-arg]
