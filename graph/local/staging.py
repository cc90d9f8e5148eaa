"""Folders in a home where new stores are made beside the present ones, swept when their maker was killed."""

import shutil
import tempfile
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from graph.local.home import Home
from graph.local.tool import ENTRY_POINT

_PREFIX = "staging-"
_LOCK = "in-use.lock"
_KILL_TIMEOUT_S = 10.0


def make_staging(home: Home) -> tuple[Home, FileLock]:
    """Return a new, empty home inside another one, and the lock that says that its maker lives.

    The caller holds the lock of the outer home, so that no other command sweeps the folder before it is
    locked.
    """
    staged = Home(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home.path)))
    lock = FileLock(staged.path / _LOCK)
    lock.acquire()
    staged.make()
    return staged, lock


def sweep_staging(home: Home) -> None:
    """Delete the folders whose maker is dead, and end what it left working in them."""
    for folder in home.path.glob(f"{_PREFIX}*"):
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its maker is at work
        _end_tools(folder)
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _end_tools(folder: Path) -> None:
    for process in psutil.process_iter():
        try:
            arguments = process.cmdline()
            if ENTRY_POINT in arguments and any(str(folder) in each for each in arguments):
                process.kill()
                process.wait(_KILL_TIMEOUT_S)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.TimeoutExpired):
            continue
