"""The best targets of one regulator, laid out so that every name can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from cisgraph.report.material import Material
from cisgraph.report.panel import Panel, file_name
from cisgraph.report.style import BLUE, GREY, INK, VERMILLION, paint
from graph.cypher import report as statements
from graph.store import GraphStore, Row

Floats = npt.NDArray[np.float64]

NUM_TARGETS = 25
MIN_EDGES = 25
SIGN_STYLES = {
    1: (BLUE, "-|>", "activates (+)"),
    -1: (VERMILLION, "|-|", "represses (-)"),
    0: ("#777777", "-", "sign unknown"),
}
THIN, THICK = 0.9, 4.2


@dataclass(frozen=True)
class Choice:
    """The regulator that is drawn.

    Attributes
    ----------
    cell_type
        Cell type of the matched ChIP-seq, None without any.
    regulator
        ``regulator_id``, ``symbol``, ``num_edges`` and ``detection_rate``.
    """

    context: Row
    cell_type: str | None
    regulator: Row


def network_panels(store: GraphStore, material: Material, *, folder: Path) -> list[Panel]:
    """Return the picture of the best detected regulator's targets, with the rule that chose it."""
    choice = choose_regulator(store, material)
    if choice is None:
        words = f"No regulator has at least {MIN_EDGES} kept edges and is detected: there is nothing to draw."
        return [Panel("One regulator", warnings=(words,))]
    targets = store.read(
        statements.BEST_TARGETS,
        regulator_id=choice.regulator["regulator_id"],
        run_id=material.run_id,
        context_id=choice.context["context_id"],
        cell_type=choice.cell_type,
        limit=NUM_TARGETS,
    )
    path = folder / file_name("network", material.run_id)
    paint(path, lambda figure: _draw(figure, choice, targets), height=7.2)
    title = f"One regulator: {choice.regulator['symbol']} in context {choice.context['name']}"
    return [Panel(title, words=_words(choice, targets), picture=path)]


def choose_regulator(store: GraphStore, material: Material) -> Choice | None:
    """Return the best detected regulator of the contexts with matched ChIP-seq, else of all contexts."""
    matched: Sequence[tuple[Row, str | None]] = material.matched
    choices = _choices(store, material, matched) or _choices(
        store, material, [(context, None) for context in material.contexts]
    )
    return max(choices, key=lambda choice: choice.regulator["detection_rate"], default=None)


def _choices(
    store: GraphStore, material: Material, contexts: Sequence[tuple[Row, str | None]]
) -> list[Choice]:
    found = []
    for context, cell_type in contexts:
        rows = store.read(
            statements.BEST_DETECTED_REGULATOR,
            run_id=material.run_id,
            context_id=context["context_id"],
            cell_type=cell_type,
            min_edges=MIN_EDGES,
        )
        found += [Choice(context=context, cell_type=cell_type, regulator=row) for row in rows]
    return found


def _draw(figure: Figure, choice: Choice, targets: Sequence[Row]) -> None:
    axes = figure.subplots()
    axes.set(xlim=(-1.75, 1.75), ylim=(-1.12, 1.12))
    axes.axis("off")
    scores = np.array([row["score"] for row in targets], dtype=np.float64)
    for row, place, width in zip(targets, places(len(targets)), _widths(scores), strict=True):
        _draw_target(axes, row, place=place, width=float(width))
    axes.plot(0, 0, "o", ms=64, color="#F2F2F2", mec=INK, mew=1.5, zorder=5)
    symbol = choice.regulator["symbol"]
    axes.text(
        0, 0, symbol, ha="center", va="center", weight="bold", zorder=6, size=13 if len(symbol) < 7 else 10
    )
    figure.legend(
        handles=_legend(scores, cell_type=choice.cell_type), loc="outside lower center", ncols=4,
        fontsize=9.5,
    )  # fmt: skip


def places(num: int) -> list[tuple[float, float]]:
    """Return places on two arcs, right one first, each from top to bottom; rows never overlap."""
    num_right = (num + 1) // 2
    found = []
    for count, side in ((num_right, 1), (num - num_right, -1)):
        heights = np.linspace(1, -1, count) if count > 1 else np.zeros(count)
        found += [(float(side * (0.72 + 0.38 * np.sqrt(1 - 0.9 * y * y))), float(y)) for y in heights]
    return found


def _widths(scores: Floats) -> Floats:
    spread = np.ptp(scores) if scores.size else 0.0
    share = (scores - scores.min()) / spread if spread else np.ones(scores.shape)
    return np.asarray(THIN + (THICK - THIN) * share)


def _draw_target(axes: Axes, row: Row, *, place: tuple[float, float], width: float) -> None:
    x, y = place
    side = 1 if x > 0 else -1
    colour, arrow, _ = SIGN_STYLES[row["sign"]]
    if row["sign"] == -1:
        arrow = "|-|,widthA=0,widthB=4"
    axes.add_patch(
        FancyArrowPatch(
            (0, 0), (x, y), arrowstyle=arrow, connectionstyle=f"arc3,rad={-0.12 * side * y:.3f}",
            mutation_scale=9 + 2.5 * width if row["sign"] == 1 else 1, shrinkA=33, shrinkB=10,
            color=colour, lw=width,
            ls=(0, (2.2, 1.6)) if row["novel"] else "-", alpha=0.9, zorder=2,
        )
    )  # fmt: skip
    if row["bound"]:
        axes.plot(x, y, "o", ms=14, mfc="none", mec=INK, mew=1.6, zorder=4)
    axes.plot(x, y, "o", ms=7.5, color=colour, zorder=4)
    axes.text(
        x + 0.07 * side, y, f"{row['symbol']}  {row['score']:.2f}", va="center",
        ha="left" if side == 1 else "right", size=11, zorder=6,
    )  # fmt: skip


def _legend(scores: Floats, *, cell_type: str | None) -> list[Line2D]:
    signs = [Line2D([], [], color=colour, lw=2.5, label=name) for colour, _, name in SIGN_STYLES.values()]
    known = Line2D([], [], color=INK, lw=2, label="known to a curated database")
    novel = Line2D([], [], color=INK, lw=2, ls=(0, (2.2, 1.6)), label="novel")
    low, high = scores.min(), scores.max()
    width = [
        Line2D([], [], color=GREY, lw=THIN, label=f"score {low:.2f}"),
        Line2D([], [], color=GREY, lw=THICK, label=f"score {high:.2f}"),
    ]
    if cell_type is None:
        return [*signs, known, novel, *width]
    ring = Line2D(
        [], [], ls="", marker="o", ms=12, mfc="none", mec=INK, mew=1.6, label=f"ChIP-seq in {cell_type}"
    )
    return [*signs, ring, known, novel, *width]


def _words(choice: Choice, targets: Sequence[Row]) -> tuple[str, ...]:
    regulator, name = choice.regulator, choice.context["name"]
    asked = f" and ChIP-seq in {choice.cell_type}" if choice.cell_type else ""
    chosen = (
        f"Chosen by rule: of all regulators of a context with at least {MIN_EDGES} kept edges{asked}, "
        "the one that is detected in the largest share of the context's cells. "
        f"{regulator['symbol']} is detected in {regulator['detection_rate']:.0%} of the "
        f"{choice.context['num_cells']:,} cells of {name} and keeps {regulator['num_edges']:,} edges there; "
        f"the {len(targets)} best are drawn with their scores, the very best at the top right."
    )
    bound = (
        f"{sum(row['bound'] for row in targets)} of them have ChIP-seq of {regulator['symbol']} near them "
        f"in {choice.cell_type}."
        if choice.cell_type
        else "There is no matched ChIP-seq for the contexts of this data set."
    )
    num_novel = sum(row["novel"] for row in targets)
    novel = f"{num_novel} of {len(targets)} are novel: no curated database lists them."
    return (chosen, f"{novel} {bound}")
