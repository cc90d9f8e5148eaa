"""`python -m api`: the API alone, with the database of `NEO4J_URI`; `cisgraph serve` starts one itself."""

import uvicorn

from api.app import create_app
from api.logs import configure_logs
from api.settings import ApiSettings

if __name__ == "__main__":
    # pydantic-settings reads the required fields from the environment, which mypy cannot know
    application = create_app(ApiSettings())  # type: ignore[call-arg]
    configure_logs()
    # what is being answered when the signal comes is answered to its end, for half a minute at most
    uvicorn.run(application, host="127.0.0.1", port=8000, access_log=False, timeout_graceful_shutdown=30)
