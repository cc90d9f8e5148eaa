"""Logs of lines of JSON, one a request."""

import json
import logging
import sys
from typing import Any

LOGGER = logging.getLogger("cisgraph.api")


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object; what is in `record.told` goes in too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {  # what is told differs by record
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure_logs() -> None:
    """Write the lines of the API to the standard error; for programs that serve, never at import."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
