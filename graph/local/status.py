"""What can be said about a local server without changing it."""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from graph.local.connection import Connection
from graph.local.home import Home
from graph.local.probe import answers
from graph.local.startup import connect, find_server
from graph.local.state import ServerState


@dataclass(frozen=True)
class ServerStatus:
    """A local server as it is now.

    Attributes
    ----------
    running, answers
        Whether its process lives, and whether it answers over Bolt.
    data_bytes
        Size of stores and transaction logs.
    resident_bytes
        Memory that the process holds; 0 when it does not run.
    state, connection
        Process, ports and memory, and how to reach it; None when it does not run.
    """

    running: bool
    answers: bool
    home: Path
    password_file: Path
    data_bytes: int
    resident_bytes: int = 0
    state: ServerState | None = None
    connection: Connection | None = None


def read_status(home: Home) -> ServerStatus:
    """Status of the server of this home; it need not run, nor exist."""
    data_bytes = folder_bytes(home.data)
    running = find_server(home)
    if running is None:
        return ServerStatus(
            running=False, answers=False, home=home.path, password_file=home.password, data_bytes=data_bytes
        )
    process, state = running
    connection = connect(home, state)
    return ServerStatus(
        running=True,
        answers=answers(connection),
        home=home.path,
        password_file=home.password,
        data_bytes=data_bytes,
        resident_bytes=_resident_bytes(process),
        state=state,
        connection=connection,
    )


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder; 0 when there is none."""
    sizes = (_size(Path(root) / name) for root, _, names in os.walk(folder) for name in names)
    return sum(sizes)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # the server removes transaction logs at any time
        return 0


def _resident_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
