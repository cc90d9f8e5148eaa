"""The memory that a step needs is told before the step takes it, and refused where there is less."""

import os

import psutil

from graph.errors import ResourceError
from graph.local.memory import total_memory_mb
from graph.progress import Progress

USABLE = 0.8
"""Part of the free memory that a step may take; the rest is for what other programs do meanwhile."""


def available_memory() -> int:
    """Free bytes of this machine, or of the container this process runs in."""
    free = int(psutil.virtual_memory().available)
    used = int(psutil.Process(os.getpid()).memory_info().rss)
    return max(0, min(free, total_memory_mb() * 2**20 - used))


def announce(step: str, need: int, *, available: int, hint: str, progress: Progress) -> None:
    """Tell what a step needs.

    Parameters
    ----------
    need, available
        Bytes on top of what is taken already, and bytes that are free.
    hint
        What to do where it is too much.

    Raises
    ------
    ResourceError
        If the step may not take so much.
    """
    if need > USABLE * available:
        raise ResourceError(
            f"{step} needs {need / 1e9:.2f} GB; {USABLE * available / 1e9:.2f} GB of "
            f"{available / 1e9:.2f} GB free may be used",
            hint=hint,
        )
    progress(f"{step} takes at most {need / 1e9:.1f} GB of {available / 1e9:.1f} GB free", None)
