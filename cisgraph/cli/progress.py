"""Progress of a long step, drawn on the terminal's error stream so that the output stays clean."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from graph.progress import Progress


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A `graph.progress.Progress` that draws one line: a bar where the fraction is known, else a pulse."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def show(message: str, fraction: float | None = None) -> None:
            bar.update(task, description=message, completed=fraction or 0.0, total=1.0 if fraction else None)

        yield show
