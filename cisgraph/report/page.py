"""Assembles the page: one HTML file that needs no other file, no network and no script."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cisgraph.report.calibration import calibration_panels
from cisgraph.report.cells import cell_panels
from cisgraph.report.lags import lag_panels
from cisgraph.report.material import Material, read_material
from cisgraph.report.network import network_panels
from cisgraph.report.panel import Panel
from cisgraph.report.style import DPI, WIDTH
from cisgraph.report.table import (
    Table,
    context_table,
    exam_table,
    licence_table,
    novel_tables,
    run_table,
    source_table,
)
from cisgraph.report.validation import METRICS, baseline_wins, validation_panels, winners
from graph.progress import Progress, silent
from graph.store import GraphStore

PAGE_FILE = "report.html"
PAGE_WIDTH_REM = 57


@dataclass(frozen=True)
class RunChapter:
    """All that the page shows of one run."""

    material: Material
    summary: tuple[str, ...]
    contexts: Table
    network: Sequence[Panel]
    novel: Sequence[Table]
    calibration: Sequence[Panel]
    validation: Sequence[Panel]
    exams: Sequence[Table]
    lags: Sequence[Panel]


def write_report(store: GraphStore, run_ids: list[str], *, folder: Path, progress: Progress = silent) -> Path:
    """Write `report.html` and its pictures (PNG) of complete runs into a folder; return the page.

    It reads the graph, the prepared matrices and the score files only, so it can be made again at any time.
    What is not there (a run that was not validated, a file that was moved) is said in its place.

    Raises
    ------
    InputError
        If no run is named, or one is not complete.
    NotFoundError
        If a run is not in the graph.
    """
    materials = read_material(store, run_ids)
    folder.mkdir(parents=True, exist_ok=True)
    cells = _cells(materials, folder, progress)
    chapters = []
    for number, material in enumerate(materials):
        progress(f"drawing run {material.run_id}", 0.5 + 0.5 * number / len(materials))
        chapters.append(_chapter(store, material, folder))
    page = folder / PAGE_FILE
    page.write_text(
        _render(
            cells=cells,
            chapters=chapters,
            sources=source_table(store, materials),
            runs=run_table(materials),
            licences=licence_table(store, materials),
            made_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        ),
        encoding="utf-8",
    )
    return page


def summary(material: Material) -> tuple[str, ...]:
    """Return what a reader should know of a run who reads no further."""
    size = f"{material.run['num_edges']:,} edges and {material.run['num_links']:,} gene-peak links."
    if not material.exams:
        return (size, "Not validated yet.")
    words = []
    for metric, (label, _, _) in METRICS.items():
        compared = [exam for exam in material.exams if winners(exam, metric)]
        lost = [exam["name"] for exam in compared if baseline_wins(exam, metric)]
        won = f"{label}: better than every baseline in {len(compared) - len(lost)} of {len(compared)} exams"
        words.append(f"{won}; a baseline wins in {', '.join(lost)}." if lost else f"{won}.")
    return (size, *words)


def _cells(materials: Sequence[Material], folder: Path, progress: Progress) -> list[Panel]:
    """Return the cells of each data set once, however many of its runs are reported."""
    first = {material.dataset["dataset_id"]: material for material in reversed(materials)}
    panels: list[Panel] = []
    for number, material in enumerate(reversed(first.values())):
        progress(f"placing the cells of {material.dataset['name']}", 0.5 * number / len(first))
        panels += cell_panels(
            material.dataset, material.contexts, folder=folder, seed=int(material.run["seed"])
        )
    return panels


def _chapter(store: GraphStore, material: Material, folder: Path) -> RunChapter:
    return RunChapter(
        material=material,
        summary=summary(material),
        contexts=context_table(store, material),
        network=network_panels(store, material, folder=folder),
        novel=novel_tables(store, material),
        calibration=calibration_panels(store, material, folder=folder),
        validation=validation_panels(material, folder=folder),
        exams=[exam_table(exam) for exam in material.exams],
        lags=lag_panels(store, material, folder=folder),
    )


def _render(**content: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"embedded": _embedded, "shown_width": _shown_width}
    return environment.get_template("page.html.j2").render(**content)


def _embedded(picture: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode("ascii")


def _shown_width(picture: Path) -> float:
    """Return the width in rem at which type has the same size in all pictures; the widest fills the page."""
    with picture.open("rb") as file:
        pixels = int.from_bytes(file.read(20)[16:20], "big")  # of the IHDR chunk
    return round(PAGE_WIDTH_REM * pixels / (WIDTH * DPI), 2)
