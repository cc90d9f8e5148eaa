"""Stores that take the place of others: a kill at any moment leaves the former ones or the new ones, whole.

While it is under way, a marker and the former stores lie in ``Home.replaced``; only `commit` ends that. Every
command that takes hold of the server first undoes what a killed one left under way, so a new store counts
once it was seen to serve, and not before.
"""

import json
import shutil
from pathlib import Path

from graph.local.home import Home
from graph.local.process import stop_process
from graph.local.staging import sweep_staging
from graph.local.startup import find_server

STOP_TIMEOUT_S = 90.0
_MARKER = "under-way"


def begin(home: Home, staged: Home) -> None:
    """Move the stores of `staged` in the place of those of `home`, whose server must be stopped."""
    home.replaced.mkdir()
    existed = [store.is_dir() for store in home.stores]
    draft = home.replaced / "marker.new"
    draft.write_text(json.dumps(existed))
    draft.replace(home.replaced / _MARKER)
    for present, aside, new in zip(home.stores, _aside(home), staged.stores, strict=True):
        aside.parent.mkdir(parents=True, exist_ok=True)
        present.parent.mkdir(parents=True, exist_ok=True)
        if present.is_dir():
            present.rename(aside)
        new.rename(present)


def undo(home: Home) -> None:
    """Bring the former stores back; it can be repeated after a kill half-way."""
    existed = json.loads((home.replaced / _MARKER).read_text())
    for present, aside, was_there in zip(home.stores, _aside(home), existed, strict=True):
        if aside.is_dir():
            shutil.rmtree(present, ignore_errors=True)
            aside.rename(present)
        elif not was_there:
            shutil.rmtree(present, ignore_errors=True)
    _forget(home)


def commit(home: Home) -> None:
    """Let the new stores count, and delete the former ones."""
    _forget(home)


def is_under_way(home: Home) -> bool:
    """Whether a replacement was begun, and neither committed nor undone."""
    return (home.replaced / _MARKER).is_file()


def settle(home: Home) -> None:
    """Undo what a killed command left under way; the caller holds the lock of the home.

    A server that runs on stores which never counted is stopped.
    """
    if is_under_way(home):
        running = find_server(home)
        if running is not None:
            stop_process(running[0], timeout_s=STOP_TIMEOUT_S)
        undo(home)
    shutil.rmtree(home.replaced, ignore_errors=True)  # committed, then killed before they were deleted
    sweep_staging(home)


def _aside(home: Home) -> tuple[Path, ...]:
    return tuple(home.replaced / store.relative_to(home.data) for store in home.stores)


def _forget(home: Home) -> None:
    (home.replaced / _MARKER).unlink()
    shutil.rmtree(home.replaced, ignore_errors=True)
