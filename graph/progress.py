"""How long work says where it is; only the command line knows how that is drawn."""

from typing import Protocol


class Progress(Protocol):
    """Told what is being done, and which fraction (0 to 1) of it is done; None where that is unknown."""

    def __call__(self, message: str, fraction: float | None = None) -> None:
        """Show it."""
        ...


def silent(message: str, fraction: float | None = None) -> None:
    """Show nothing."""
