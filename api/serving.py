"""One process that serves the API until it is told to stop."""

import uvicorn

from api.app import create_app
from api.logs import configure_logs
from api.settings import ApiSettings

STOP_S = 30
"""What is being answered when the signal comes is answered to its end, for so long at most."""

IDLE_S = 65
"""For so long an idle connection stays open: longer than the minute of clients and proxies."""


def serve(settings: ApiSettings, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve at an address until a signal comes."""
    application = create_app(settings)
    configure_logs()
    uvicorn.run(
        application,
        host=host,
        port=port,
        access_log=False,
        timeout_graceful_shutdown=STOP_S,
        timeout_keep_alive=IDLE_S,
    )
