"""How a local server comes up: checks, first set-up, launch."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

from graph.errors import LocalServerError, ResourceError
from graph.local.artifacts import NEO4J_VERSION
from graph.local.config import read_config, write_config
from graph.local.connection import Connection
from graph.local.home import DATABASE, Home
from graph.local.jars import default_cache, install_jars
from graph.local.java import find_java
from graph.local.memory import fit_memory, total_memory_mb
from graph.local.password import USER, make_password, read_password
from graph.local.ports import HOST, choose_ports
from graph.local.process import find_process, launch, server_command
from graph.local.state import ServerState, read_state, write_state
from graph.local.store_lock import store_is_locked
from graph.local.tool import run_tool
from graph.progress import Progress

MIN_FREE_BYTES = 500_000_000


@dataclass(frozen=True)
class ServerOptions:
    """What the caller fixed; None leaves the choice to us."""

    bolt_port: int | None = None
    http_port: int | None = None
    heap_mb: int | None = None
    page_cache_mb: int | None = None


def find_server(home: Home) -> tuple[psutil.Process, ServerState] | None:
    """Process and state of the server that runs on this home; None when there is none.

    A state file that a crash or a reboot left behind names no live server and counts for nothing.
    """
    state = read_state(home)
    process = find_process(home, pid=state.pid if state else None, started=state.started if state else 0.0)
    if process is None:
        return None
    if state is None or state.pid != process.pid:
        # Its starter died before it noted the process, or the file was lost: the configuration knows.
        state = _describe(home, process)
    return process, state


def connect(home: Home, state: ServerState) -> Connection:
    """How to reach the server that the state describes."""
    http_url = f"http://{HOST}:{state.http_port}"
    return Connection(
        uri=f"bolt://{HOST}:{state.bolt_port}",
        user=USER,
        password=read_password(home),
        http_url=http_url,
        browser_url=f"{http_url}/browser/",
        database=DATABASE,
    )


def start_server(
    home: Home, *, options: ServerOptions, progress: Progress
) -> tuple[psutil.Process, ServerState]:
    """Check home and machine, set the server up if it is new, and launch it; it may not answer yet."""
    home.check_version()
    home.make()
    _check_disk(home.path)
    check_idle(home)
    memory = fit_memory(total_memory_mb(), heap_mb=options.heap_mb, page_cache_mb=options.page_cache_mb)
    java = find_java()
    jars = install_jars(default_cache(), progress)
    before = read_config(home)
    bolt_port, http_port = choose_ports(
        (options.bolt_port, options.http_port), preferred=before[:2] if before else (None, None)
    )
    write_config(home, bolt_port=bolt_port, http_port=http_port, memory=memory)
    _ensure_password(home, progress)
    progress(f"Neo4j {NEO4J_VERSION} starts on Java {java.version}", None)
    process = launch(home, server_command(home, java=java, jars=jars, memory=memory))
    state = _describe(home, process)
    write_state(home, state)
    return process, state


def _describe(home: Home, process: psutil.Process) -> ServerState:
    config = read_config(home)
    if config is None:
        raise LocalServerError(
            f"process {process.pid} is the Neo4j of {home.path}, but {home.config} is missing or damaged, "
            "so its ports are not known",
            hint=f"end it with: kill {process.pid}",
        )
    bolt_port, http_port, memory = config
    return ServerState(
        pid=process.pid,
        started=float(process.create_time()),
        bolt_port=bolt_port,
        http_port=http_port,
        heap_mb=memory.heap_mb,
        page_cache_mb=memory.page_cache_mb,
        version=NEO4J_VERSION,
    )


def _ensure_password(home: Home, progress: Progress) -> None:
    """Give a new database its password; an old one keeps its own."""
    if (home.data / "databases" / "system").is_dir():
        read_password(home)
        return
    progress("a password for the new database", None)
    # A set-up that died half-way left a password of which nothing is known: the database is still empty.
    shutil.rmtree(home.data / "dbms", ignore_errors=True)
    make_password(home)
    # The file, not the password, so that the process table does not show it.
    run_tool(home, ["dbms", "set-initial-password", f"@{home.password}"], what="set the first password")


def _check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        raise ResourceError(
            f"Neo4j needs {MIN_FREE_BYTES / 1e6:,.0f} MB of free disk in {folder} to start, "
            f"found {free / 1e6:,.0f} MB",
            hint="free some space, or set CISGRAPH_HOME to a folder on a larger disk",
        )


def check_idle(home: Home) -> None:
    """Refuse data that a program uses which is not the server of this home.

    Raises
    ------
    LocalServerError
        The lock of the stores is held.
    """
    if store_is_locked(home.data / "databases" / "store_lock"):
        raise LocalServerError(
            f"the data in {home.data} are in use by a program that is not the server of {home.path}",
            hint="stop it (a container, another Neo4j, neo4j-admin), or set CISGRAPH_HOME to another folder",
        )
