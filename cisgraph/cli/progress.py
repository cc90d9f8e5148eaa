"""Progress of a long step, drawn on the terminal's error stream so that the output stays clean."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from graph.progress import Progress


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield a `graph.progress.Progress`: one moving line on a terminal, one line a step elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(message: str, fraction: float | None = None) -> None:
            bar.update(task, description=message, completed=fraction or 0.0, total=1.0 if fraction else None)

        yield show


def _lines(console: Console) -> Progress:
    """Return a progress that prints a step when it begins; what stands behind a colon is left out."""
    started, told = time.monotonic(), ""

    def show(message: str, fraction: float | None = None) -> None:
        nonlocal told
        step = message.partition(":")[0]
        if step and step != told:
            told = step
            console.print(f"{time.monotonic() - started:5.0f} s  {step}", markup=False, highlight=False)

    return show
