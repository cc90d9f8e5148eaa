"""What a validation leaves in a folder: JSON, pictures, and one HTML page that needs nothing else."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cisgraph.judging.pictures import draw_exam

Figures = Mapping[str, Any]  # of `graph.validation.user_network.judge_network`, or of a run

JSON_FILE, PAGE_FILE = "validation.json", "validation.html"
METRICS = (
    ("swap_auroc", "swap AUROC", "{:.3f}", "swap_interval"),
    ("macro_swap", "by regulator", "{:.3f}", ""),
    ("auroc", "AUROC", "{:.3f}", "auroc_interval"),
    ("ratio", "AUPRC / prevalence", "{:.1f}", "ratio_interval"),
    ("precision_at_100", "P@100", "{:.2f}", ""),
    ("top100_enrichment", "top-100 enrichment", "{:.2f}", "top100_interval"),
)
MAX_ROWS = 25


def write_validation(
    figures: Figures, *, title: str, folder: Path, symbols: Mapping[str, str]
) -> dict[str, Path]:
    """Write `validation.json`, `validation.html` and the pictures; return the paths of the first two.

    Parameters
    ----------
    symbols
        Names of genes by id, for people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chapters = []
    for number, (table, detail) in enumerate(
        zip(figures["validation"], figures["details"], strict=True), start=1
    ):
        stem = f"{number}-{_slug(table['judge'], table['cell_type'])}"
        pictures = draw_exam(detail, folder=folder, stem=stem, symbols=symbols)
        chapters.append({"table": table, "rows": _rows(table), "detail": detail, "pictures": pictures})
    page, told = folder / PAGE_FILE, folder / JSON_FILE
    told.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    page.write_text(_render(figures, title, chapters, symbols), encoding="utf-8")
    return {"json": told, "html": page}


def _render(
    figures: Figures, title: str, chapters: Sequence[Mapping[str, Any]], symbols: Mapping[str, str]
) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"embedded": _embedded, "symbol": lambda gene: symbols.get(gene, gene)}
    return environment.get_template("page.html.j2").render(
        title=title,
        network=figures.get("network"),
        chapters=chapters,
        not_judged=figures.get("not_judged", []),
        header=["method", *(label for _, label, _, _ in METRICS)],
        signs=figures.get("signs", []),
        conflicts=figures.get("conflicts", {"num_conflicts": 0, "pairs": []}),
        coherence=figures.get("coherence"),
        circularity=figures.get("circularity", []),
        max_rows=MAX_ROWS,
    )


def _rows(table: Figures) -> list[dict[str, Any]]:
    return [
        {
            "cells": [row["name"], *(_cell(row, *metric) for metric in METRICS)],
            "is_ours": not row["is_baseline"] and not row["name"].startswith("database:"),
        }
        for row in table["rows"]
    ]


def _cell(row: Figures, metric: str, _label: str, form: str, interval: str) -> str:
    if row[metric] is None:
        return "not defined"
    value = form.format(row[metric]) + ("*" if metric in row["best_baseline_in"] else "")
    low, high = row.get(f"{interval}_low"), row.get(f"{interval}_high")
    return value if low is None or high is None else f"{value} ({form.format(low)} to {form.format(high)})"


def _embedded(picture: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode("ascii")


def _slug(*words: str) -> str:
    text = "-".join(word.lower() for word in words if word)
    return "".join(mark if mark.isalnum() else "-" for mark in text)
