"""Where commands print what they found."""

from rich.console import Console

PIPED_WIDTH = 150
"""Columns of a table that goes into a file or a pipe, where no terminal says how wide it is."""


def standard_output() -> Console:
    """Return the console of the standard output."""
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, PIPED_WIDTH))
