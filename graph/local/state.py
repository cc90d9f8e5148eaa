"""What the last start of a local server left to be known."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.local.home import Home


@dataclass(frozen=True)
class ServerState:
    """Process, ports and memory of the last start; it stays when the server stops, for its ports.

    Attributes
    ----------
    started
        Seconds since 1970 when the process began, as the system tells it.
    """

    pid: int
    started: float
    bolt_port: int
    http_port: int
    heap_mb: int
    page_cache_mb: int
    version: str


def read_state(home: Home) -> ServerState | None:
    """State of the last start; None when there was none or its file is damaged."""
    try:
        return ServerState(**json.loads(home.state.read_text()))
    except (OSError, ValueError, TypeError):
        # A damaged file (a full disk, an older cisgraph) is as good as none: the process table is asked too.
        return None


def write_state(home: Home, state: ServerState) -> None:
    """Replace the state in one step, so that no reader meets half of it."""
    draft = Path(f"{home.state}.new")
    draft.write_text(json.dumps(asdict(state), indent=1))
    draft.replace(home.state)
