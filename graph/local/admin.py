"""Dump, restore and check the database of a local server.

All three need a stopped database: a server that runs is stopped first and started again afterwards, whatever
happened; `progress` says so.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import CisgraphError, InputError, LocalServerError
from graph.local.config import write_config
from graph.local.connection import Connection
from graph.local.home import DATABASE, Home, open_home
from graph.local.memory import MIN_HEAP_MB, MIN_PAGE_CACHE_MB, Memory
from graph.local.replacement import begin, commit, undo
from graph.local.server import LocalServer
from graph.local.startup import check_idle, find_server
from graph.local.tool import run_tool
from graph.progress import Progress, silent

_DUMP_NAME = f"{DATABASE}.dump"


def dump(home: Path, to: Path, *, progress: Progress = silent) -> Path:
    """Write the whole database into one file and return its absolute path.

    Parameters
    ----------
    to
        The file to write, replaced when it is there; its folder must exist.

    Raises
    ------
    InputError
        The folder of `to` does not exist, or the home holds no database.
    LocalServerError
        neo4j-admin failed; a former file of that name is left as it was.
    """
    target = to.expanduser().resolve()
    if not target.parent.is_dir() or target.is_dir():
        raise InputError(f"{target} cannot be written: its folder must exist, and it must not be a folder")
    place = open_home(home)
    _check_database(place)
    with (
        _stopped(as_running(place), progress),
        tempfile.TemporaryDirectory(prefix=".cisgraph-dump-", dir=target.parent) as folder,
    ):
        progress(f"dump to {target}", None)
        arguments = ["database", "dump", DATABASE, f"--to-path={folder}"]
        run_tool(place, arguments, what=f"dump the database to {target}", progress=progress)
        (Path(folder) / _DUMP_NAME).replace(target)
    return target


def restore(home: Path, source: Path, *, progress: Progress = silent) -> None:
    """Replace the database by the content of a dump; the old one stays until the new one was checked.

    The dump is loaded beside the present data and checked there; only then the two change places. A server
    that ran is started on the new data; when it refuses them, the old data come back.

    Parameters
    ----------
    source
        A file that `dump` or ``neo4j-admin database dump`` wrote.

    Raises
    ------
    InputError
        There is no such file.
    LocalServerError
        The file is not a dump that this Neo4j reads; the present data are untouched.
    """
    path = source.expanduser().resolve()
    if not path.is_file():
        raise InputError(f"{path} is not a file", hint="name the file that `cisgraph db dump` wrote")
    place = open_home(home)
    place.check_version()
    place.make()
    server = as_running(place)
    with server.staging() as staged:
        _load(staged, path, progress=progress)
        install(staged, server=server, progress=progress)


def check(home: Path, *, progress: Progress = silent) -> str:
    """Verify the store of the database and return what neo4j-admin says about it.

    Raises
    ------
    InputError
        The home holds no database.
    LocalServerError
        The store is damaged.
    """
    place = open_home(home)
    _check_database(place)
    with _stopped(as_running(place), progress):
        progress("check of the store", None)
        return _check_store(place, progress)


def install(
    staging: Home,
    *,
    server: LocalServer,
    progress: Progress,
    accept: Callable[[Connection], None] | None = None,
) -> None:
    """Put the stores of `staging` in the place of those of a server; it runs afterwards if it ran.

    Parameters
    ----------
    accept
        Told how to reach the server on the new stores, which is started for it; any error of ours that it
        raises brings the former stores back.

    Raises
    ------
    LocalServerError
        The server does not start on the new stores; the former ones are back.
    """
    with server.hold():
        was_running = server.stop_held()
        check_idle(server.home)
        begin(server.home, staging)
        if was_running or accept is not None:
            try:
                connection = server.start_held(progress)
                if accept is not None:
                    accept(connection)
            except CisgraphError as error:
                server.stop_held()
                undo(server.home)
                if was_running:
                    server.start_held(progress)
                raise _refused(error) from error
        commit(server.home)


def _refused(error: CisgraphError) -> CisgraphError:
    if not isinstance(error, LocalServerError):
        return error
    message = f"Neo4j does not start on the new data; the former data are back. {error.message}"
    return LocalServerError(message, hint=error.hint)


@contextmanager
def _stopped(server: LocalServer, progress: Progress) -> Iterator[None]:
    """Keep the server stopped, and start it again if it ran."""
    with server.hold():
        was_running = server.stop_held()
        check_idle(server.home)
        try:
            if was_running:
                progress("the server is stopped meanwhile", None)
            yield
        finally:
            if was_running:
                progress("the server starts again", None)
                server.start_held(progress)


def as_running(home: Home) -> LocalServer:
    """Return the server of a home, to be started with the memory that it runs with now."""
    running = find_server(home)
    if running is None:
        return LocalServer(home.path)
    state = running[1]
    return LocalServer(home.path, heap_mb=state.heap_mb, page_cache_mb=state.page_cache_mb)


def _load(staging: Home, dump_file: Path, *, progress: Progress) -> None:
    """Load a dump into a home of its own, and check it there."""
    write_config(staging, bolt_port=0, http_port=0, memory=Memory(MIN_HEAP_MB, MIN_PAGE_CACHE_MB))
    inbox = staging.path / "inbox"
    inbox.mkdir()
    (inbox / _DUMP_NAME).symlink_to(dump_file)
    progress(f"load of {dump_file}", None)
    arguments = ["database", "load", DATABASE, f"--from-path={inbox}", "--overwrite-destination=true"]
    run_tool(staging, arguments, what=f"load {dump_file}; the present data are untouched", progress=progress)
    progress("check of what was loaded", None)
    _check_store(staging, progress)


def _check_store(place: Home, progress: Progress) -> str:
    arguments = ["database", "check", DATABASE, f"--report-path={place.path / 'logs'}"]
    return run_tool(place, arguments, what=f"verify the store in {place.data}", progress=progress)


def _check_database(place: Home) -> None:
    if not place.stores[0].is_dir():
        raise InputError(f"{place.path} holds no database", hint="start it once with `cisgraph db start`")
