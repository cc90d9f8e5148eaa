"""The managed Neo4j: one server, one home, shared by all commands that use this home."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from graph.errors import LocalServerError
from graph.local.connection import Connection
from graph.local.home import Home, open_home
from graph.local.probe import await_answer
from graph.local.process import stop_process
from graph.local.replacement import STOP_TIMEOUT_S, settle
from graph.local.staging import make_staging
from graph.local.startup import ServerOptions, connect, find_server, start_server
from graph.local.state import ServerState
from graph.local.status import ServerStatus, read_status
from graph.progress import Progress, silent

START_TIMEOUT_S = 180.0
LOCK_TIMEOUT_S = 600.0
_NUM_PORT_CLASHES = 2
_PORT_CLASH = "Address already in use"


class LocalServer:
    """A Neo4j of its own in a folder, started when it is needed and left running.

    Parameters
    ----------
    home
        Folder of the server; made when it is not there.
    bolt_port, http_port
        Ports on 127.0.0.1; None takes those of the last start, or free ones.
    heap_mb, page_cache_mb
        Memory in MB; None fits them to the machine.
    """

    def __init__(
        self,
        home: Path,
        *,
        bolt_port: int | None = None,
        http_port: int | None = None,
        heap_mb: int | None = None,
        page_cache_mb: int | None = None,
    ) -> None:
        self.home: Home = open_home(home)
        self._options = ServerOptions(bolt_port, http_port, heap_mb, page_cache_mb)
        self._lock = FileLock(self.home.lock)

    def start(self, progress: Progress | None = None) -> Connection:
        """Start the server unless it runs, wait until it answers over Bolt, and return how to reach it.

        Commands that start at once share one server; the others wait for the first.

        Raises
        ------
        LocalServerError
            The server cannot be installed or started, a wanted port is taken, a newer Neo4j wrote the data.
        ResourceError
            Memory or disk do not suffice.
        """
        with self.hold():
            return self.start_held(progress or silent)

    def stop(self) -> bool:
        """Stop the server and wait until it has closed its data; False when it was not running."""
        if not self.home.path.is_dir():
            return False
        with self.hold():
            return self.stop_held()

    def connection(self) -> Connection | None:
        """How to reach the running server; None when it does not run."""
        running = find_server(self.home)
        return connect(self.home, running[1]) if running else None

    def status(self) -> ServerStatus:
        """What runs, where, and how large it is; changes nothing."""
        return read_status(self.home)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other commands from starting, stopping, dumping or restoring this server meanwhile.

        What a killed command left half done with its stores is undone first.

        Raises
        ------
        LocalServerError
            Another command does not let go within ten minutes.
        """
        try:
            self.home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=LOCK_TIMEOUT_S)
        except Timeout as error:
            raise LocalServerError(
                f"another command has held {self.home.lock} for {LOCK_TIMEOUT_S:.0f} s",
                hint="wait for the start, dump or restore that runs, or end it",
            ) from error
        except OSError as error:
            raise LocalServerError(
                f"the folder {self.home.path} of the local Neo4j cannot be made or written: {error}",
                hint="set CISGRAPH_HOME to a folder that you may write to",
            ) from error
        try:
            if self._lock.lock_counter == 1:
                settle(self.home)
            yield
        finally:
            self._lock.release()

    @contextmanager
    def staging(self) -> Iterator[Home]:
        """Make a home inside this one, for stores that `install` may put in the place of the present ones."""
        with self.hold():
            staged, lock = make_staging(self.home)
        try:
            yield staged
        finally:
            lock.release()
            shutil.rmtree(staged.path, ignore_errors=True)

    def start_held(self, progress: Progress) -> Connection:
        """`start`, for a caller that is inside `hold`."""
        running = find_server(self.home)
        if running is not None:
            self._check_ports(running[1])
            return self._await(*running)
        for _ in range(_NUM_PORT_CLASHES):
            try:
                return self._await(*start_server(self.home, options=self._options, progress=progress))
            except LocalServerError:
                # A program took a port between our look and Neo4j's; wanted ports are refused by then.
                if _PORT_CLASH not in self.home.log_tail():
                    raise
        return self._await(*start_server(self.home, options=self._options, progress=progress))

    def stop_held(self) -> bool:
        """`stop`, for a caller that is inside `hold`."""
        running = find_server(self.home)
        if running is None:
            return False
        stop_process(running[0], timeout_s=STOP_TIMEOUT_S)
        return True

    def _await(self, process: psutil.Process, state: ServerState) -> Connection:
        connection = connect(self.home, state)
        await_answer(connection, home=self.home, process=process, timeout_s=START_TIMEOUT_S)
        self.home.write_version()
        return connection

    def _check_ports(self, state: ServerState) -> None:
        wanted = (self._options.bolt_port, self._options.http_port)
        found = (state.bolt_port, state.http_port)
        if any(want not in {None, have} for want, have in zip(wanted, found, strict=True)):
            raise LocalServerError(
                f"Bolt and HTTP ports {wanted} were asked for, but the server of {self.home.path} "
                f"already runs on {found}",
                hint="stop it first, or name no ports",
            )
