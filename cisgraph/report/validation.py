"""How a run did in its exams, every baseline beside it, in pictures and in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cisgraph.report.material import Material
from cisgraph.report.panel import Panel, file_name
from cisgraph.report.style import AMBER, BLUE, GREY, INK, VERMILLION, paint
from graph.validation.report_card import MODEL

Row = Mapping[str, Any]  # of `graph.validation.verdict_table`, as JSON

METRICS = {
    "swap_auroc": ("swap AUROC", "swap_interval", 0.5),
    "auroc": ("AUROC", "auroc_interval", 0.5),
    "ratio": ("AUPRC / prevalence", "", 1.0),
}
"""Metric -> its name, the key of its interval, and what chance gives."""


def validation_panels(material: Material, *, folder: Path) -> list[Panel]:
    """Return one picture an exam, and in words who won; one sentence for a run that sat none."""
    if not material.exams:
        words = f"This run was not validated yet: `cisgraph validate {material.run_id}` does it."
        return [Panel("", warnings=(words,))]
    return [_panel(material, exam, number, folder) for number, exam in enumerate(material.exams, start=1)]


def winners(exam: Mapping[str, Any], metric: str) -> tuple[Row, Row] | None:
    """Return the model's row and the best baseline's; None where one of the two has no figure."""
    rows = [row for row in exam["rows"] if row[metric] is not None]
    model = next((row for row in rows if row["name"] == MODEL), None)
    best = max((row for row in rows if row["is_baseline"]), key=lambda row: float(row[metric]), default=None)
    return None if model is None or best is None else (model, best)


def baseline_wins(exam: Mapping[str, Any], metric: str) -> bool:
    """Whether a baseline is at least as good as the model."""
    pair = winners(exam, metric)
    return pair is not None and bool(pair[1][metric] >= pair[0][metric])


def verdict_words(exam: Mapping[str, Any], metric: str) -> str:
    """Return who is ahead by a metric, by how much, and whether the intervals leave that open."""
    label, interval, _ = METRICS[metric]
    pair = winners(exam, metric)
    if pair is None:
        return f"{label}: not defined in this exam (too few pairs to compare)."
    model, best = (_figure(row, metric, interval) for row in pair)
    name = pair[1]["name"]
    overlap = " Their 95 % intervals overlap." if _overlap(*pair, interval=interval) else ""
    if baseline_wins(exam, metric):
        verb = "ties" if pair[0][metric] == pair[1][metric] else "wins"
        return f"{label}: the baseline “{name}” {verb}, {best} against {model} of {MODEL}.{overlap}"
    return f"{label}: {MODEL} leads, {model} against {best} of the best baseline, “{name}”.{overlap}"


def _panel(material: Material, exam: Mapping[str, Any], number: int, folder: Path) -> Panel:
    path = folder / file_name("validation", material.run_id, str(number))
    height = 1.5 + 0.3 * len(exam["rows"])
    paint(path, lambda figure: _draw(figure, exam), height=height)
    lost = [metric for metric in METRICS if baseline_wins(exam, metric)]
    about = (
        f"Judge: {exam['judge']}{' in ' + exam['cell_type'] if exam['cell_type'] else ''}; scores of context "
        f"{exam['context']}; {exam['universe']}. {exam['num_positives']:,} positives of "
        f"{exam['num_regulators']:,} regulators among {exam['num_candidates']:,} candidates "
        f"({exam['prevalence']:.3%}); {exam['num_shared']:,} pairs that the training source "
        "lists too are left out."
    )
    return Panel(
        f"Exam {number}: {exam['name']}",
        words=(*(verdict_words(exam, metric) for metric in METRICS if metric not in lost), about),
        warnings=tuple(verdict_words(exam, metric) for metric in lost),
        picture=path,
    )


def _draw(figure: Figure, exam: Mapping[str, Any]) -> None:
    rows = list(reversed(exam["rows"]))
    for place, (axes, metric) in enumerate(zip(figure.subplots(1, 3, sharey=True), METRICS, strict=True)):
        _draw_metric(axes, rows, metric)
        lost = baseline_wins(exam, metric)
        axes.set_title(
            METRICS[metric][0] + ("\na baseline wins" if lost else "\n"), color=VERMILLION if lost else INK
        )
        if place == 0:
            axes.set_yticks(range(len(rows)), [row["name"] for row in rows])
            for label, row in zip(axes.get_yticklabels(), rows, strict=True):
                label.set_weight("normal" if row["is_baseline"] else "bold")
        axes.tick_params(axis="y", length=0)


def _draw_metric(axes: Axes, rows: Sequence[Row], metric: str) -> None:
    _, interval, chance = METRICS[metric]
    values = np.array([np.nan if row[metric] is None else row[metric] for row in rows], dtype=np.float64)
    ends = [_reach(row, metric, interval) for row in rows]
    known = np.isfinite(values)
    axes.barh(
        np.flatnonzero(known), values[known] - chance, left=chance, height=0.62,
        color=[_colour(row, metric) for row, shown in zip(rows, known, strict=True) if shown],
    )  # fmt: skip
    for position, row in enumerate(rows):
        _draw_interval(axes, row, position=position, interval=interval)
        right = max(ends[position], chance)
        text = (
            "not defined"
            if not known[position]
            else f"{values[position]:.3f}"
            if chance < 1
            else f"{values[position]:.2f}"
        )
        axes.annotate(text, (right, position), xytext=(5, 0), textcoords="offset points", va="center", size=9)
    axes.axvline(chance, color=INK, lw=1.1)
    lows = [bounds[0] for row in rows if (bounds := _bounds(row, interval)) is not None]
    _set_limits(axes, [*values, *lows, *ends, chance])
    axes.set_xlabel("chance = .5" if chance < 1 else "times prevalence; chance = 1")


def _set_limits(axes: Axes, reached: Sequence[float]) -> None:
    """Leave room for the figures at the right of the bars."""
    low, high = float(np.nanmin(reached)), float(np.nanmax(reached))
    room = max(high - low, 0.02)
    axes.set_xlim(low - 0.06 * room, high + 0.38 * room)


def _draw_interval(axes: Axes, row: Row, *, position: int, interval: str) -> None:
    bounds = _bounds(row, interval)
    if bounds is not None:
        axes.plot(bounds, [position, position], color=INK, lw=1.6, solid_capstyle="butt")
        axes.plot(bounds, [position, position], "|", color=INK, ms=7)


def _colour(row: Row, metric: str) -> str:
    if not row["is_baseline"]:
        return BLUE
    return AMBER if metric in row["best_baseline_in"] else GREY


def _bounds(row: Row, interval: str) -> tuple[float, float] | None:
    low, high = row.get(f"{interval}_low"), row.get(f"{interval}_high")
    return None if low is None or high is None else (float(low), float(high))


def _reach(row: Row, metric: str, interval: str) -> float:
    bounds = _bounds(row, interval)
    value = np.nan if row[metric] is None else float(row[metric])
    return value if bounds is None else max(bounds[1], value)


def _figure(row: Row, metric: str, interval: str) -> str:
    bounds = _bounds(row, interval)
    digits = 3 if METRICS[metric][2] < 1 else 2
    value = f"{row[metric]:.{digits}f}"
    return value if bounds is None else f"{value} ({bounds[0]:.{digits}f} to {bounds[1]:.{digits}f})"


def _overlap(model: Row, best: Row, *, interval: str) -> bool:
    ours, theirs = _bounds(model, interval), _bounds(best, interval)
    return ours is not None and theirs is not None and ours[0] <= theirs[1] and theirs[0] <= ours[1]
