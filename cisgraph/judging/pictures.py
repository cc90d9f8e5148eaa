"""Pictures of one exam: ROC and precision-recall with the baselines, calibration, dots by regulator."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cisgraph.report.style import AMBER, BLUE, GREEN, GREY, INK, PURPLE, SKY, VERMILLION, paint

Detail = Mapping[str, Any]  # of `graph.validation.detail.exam_detail`

MAX_REGULATORS = 40
BASELINE_COLOURS = {
    "random": GREY,
    "own degree": SKY,
    "degree": AMBER,
    "neighbourhood": GREEN,
    "correlation": PURPLE,
    "chip": VERMILLION,
}
SURE_FDR = 0.05


def draw_exam(detail: Detail, *, folder: Path, stem: str, symbols: Mapping[str, str]) -> dict[str, Path]:
    """Write the pictures of an exam as PNG files and return their paths: curves, calibration, regulators.

    Parameters
    ----------
    stem
        Beginning of the file names.
    symbols
        Name of each regulator by id.
    """
    rows = [row for row in detail["by_regulator"] if row["auroc"] is not None][:MAX_REGULATORS]
    pictures = {
        "curves": paint(folder / f"{stem}-curves.png", lambda f: _curves(f, detail), height=4.9),
        "regulators": paint(
            folder / f"{stem}-regulators.png",
            lambda f: _regulators(f, rows, symbols, about=detail),
            height=1.9 + 0.2 * max(len(rows), 4),
        ),
    }
    if detail["calibration"]["count"]:
        pictures["calibration"] = paint(
            folder / f"{stem}-calibration.png", lambda f: _calibration(f, detail), height=3.8, width=6.0
        )
    return pictures


def _curves(figure: Figure, detail: Detail) -> None:
    roc, pr = figure.subplots(1, 2)
    ours = detail["network"]
    names = sorted(detail["curves"], key=lambda name: name == ours)  # ours is drawn last, on top
    for name in names:
        line = detail["curves"][name]
        colour = BLUE if name == ours else BASELINE_COLOURS.get(name, GREY)
        width = 2.4 if name == ours else 1.3
        roc.plot(line["false_positive_rate"], line["true_positive_rate"], color=colour, lw=width, label=name)
        pr.plot(line["recall"], line["precision"], color=colour, lw=width)
    roc.plot([0, 1], [0, 1], color=INK, lw=0.8, ls=":", label="chance")
    roc.set(
        title="ROC", xlabel="false positive rate", ylabel="true positive rate", xlim=(0, 1), ylim=(0, 1.01)
    )
    figure.legend(loc="outside lower center", ncols=4, fontsize=8.5)
    figure.suptitle(detail["exam"], size=10, x=0.01, ha="left")
    prevalence = detail["prevalence"]
    pr.axhline(prevalence, color=INK, lw=0.8, ls=":")
    pr.set_xscale("log")
    pr.set_yscale("log")
    pr.set(title="Precision and recall (both logarithmic)", xlabel="recall", ylabel="precision")
    pr.set_ylim(prevalence / 3, 1.3)


def _calibration(figure: Figure, detail: Detail) -> None:
    axes, told = figure.subplots(), detail["calibration"]
    axes.plot(told["predicted"], told["observed"], "-o", color=BLUE, lw=1.6, ms=5, label="edges returned")
    if told["is_probability"]:
        top = max(*told["predicted"], *told["observed"]) * 1.08
        axes.plot([0, top], [0, top], color=INK, lw=0.8, ls=":", label="perfectly calibrated")
        axes.set(title="Calibration", xlabel="predicted probability")
    else:
        axes.axhline(detail["prevalence"], color=INK, lw=0.8, ls=":", label="any candidate")
        axes.set(title="What a weight is worth", xlabel="place among the returned edges (1 = best)")
    figure.suptitle(detail["exam"], size=10, x=0.01, ha="left")
    axes.set_ylabel("share that the judge lists")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", fontsize=8.5)


def _regulators(
    figure: Figure, rows: Sequence[Mapping[str, Any]], symbols: Mapping[str, str], *, about: Detail
) -> None:
    shown = {"auroc": "AUROC", "matched_auroc": "AUROC, same expression", "swap_auroc": "swap AUROC"}
    if not about["matched"]:
        del shown["matched_auroc"]
    panels = np.atleast_1d(figure.subplots(1, len(shown), sharey=True))
    total = len(about["by_regulator"])
    rows = sorted(rows, key=lambda row: float(row["auroc"]))
    places = np.arange(len(rows))
    sizes = np.array([12 + 90 * np.sqrt(row["num_positives"]) / 20 for row in rows])
    colours = [VERMILLION if _is_enriched(row) else BLUE for row in rows]
    for axes, (key, title) in zip(panels, shown.items(), strict=True):
        known = np.array([row[key] is not None for row in rows], dtype=np.bool_)
        values = np.array([row[key] if row[key] is not None else np.nan for row in rows], dtype=np.float64)
        there = [colour for colour, has in zip(colours, known, strict=True) if has]
        axes.scatter(values[known], places[known], s=sizes[known], c=there, alpha=0.8, lw=0)
        axes.axvline(0.5, color=INK, lw=0.8, ls=":")
        axes.set(title=title, xlim=(min(0.0, float(np.nanmin(values, initial=0.3)) - 0.05), 1.03))
        axes.grid(axis="y", color="#eeeeee")
        axes.set_axisbelow(True)
    panels[0].set_yticks(
        places, [symbols.get(str(row["regulator"]), str(row["regulator"])) for row in rows], size=8
    )
    panels[0].set_ylim(-1, max(len(rows), 1))
    which = (
        f"the {len(rows)} of {total} regulators with the most known targets"
        if total > len(rows)
        else "all regulators"
    )
    figure.supxlabel(f"{which}; size: known targets; orange: the 100 best are enriched (FDR < 5 %)", size=8.5)
    figure.suptitle(about["exam"], size=10, x=0.01, ha="left")
    _note_missing(panels[-1], rows)


def _is_enriched(row: Mapping[str, Any]) -> bool:
    return row["top_fdr"] is not None and row["top_fdr"] < SURE_FDR


def _note_missing(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    if all(row["swap_auroc"] is None for row in rows):
        axes.text(0.5, 0.5, "not defined:\nno two positives can be swapped", ha="center", va="center",
                  transform=axes.transAxes, size=9)  # fmt: skip
