"""A network that can be read: few edges, every name beside its node, one meaning for each mark."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import matplotlib as mpl
import networkx as nx
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from cisgraph.report.network import places
from cisgraph.report.style import BLUE, INK, TYPE, VERMILLION
from graph.errors import InputError

COLOURS = {1: BLUE, -1: VERMILLION, 0: "#777777"}
SIGNS = {1: "activates", -1: "represses", 0: "sign unknown"}
ARROWS = {1: ("-|>", "-"), 0: ("-|>", (0, (4, 2))), -1: ("-|>", (0, (1, 1.4))), None: ("->", "-")}
"""Head and line by sign of the lag."""

LAGS = {
    1: "target later (solid, full head)",
    0: "tested, no lag (dashed)",
    -1: "target earlier (dotted)",
    None: "lag not estimated (open head)",
}
THIN, THICK = 0.9, 4.2
HUB, LEAF, MIDDLE = 60.0, 8.0, 260.0
"""Diameters of a regulator and of another gene, and what all regulators share, points."""


class Picture(Figure):
    """A figure that a notebook shows without being told to."""

    def _repr_png_(self) -> bytes:
        content = BytesIO()
        self.savefig(content, format="png", dpi=110)
        return content.getvalue()


MAX_IN_LINE = 3

Places = dict[str, tuple[float, float]]


def draw(network: "nx.DiGraph[str]", about: Mapping[str, Any], *, max_edges: int) -> Picture:
    """Return the picture of the best edges of a network, as many of each regulator.

    Raises
    ------
    InputError
        If it has no edge.
    """
    if network.number_of_edges() == 0:
        raise InputError("there is no edge to draw", hint="ask for another context, or a lower min_score")
    shown: nx.DiGraph[str] = network.edge_subgraph(_best(network, max_edges))
    hubs = [node for node in network if network.out_degree(node) and shown.has_node(node)]
    with mpl.rc_context(TYPE):
        figure = Picture(figsize=(9, 7.2), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.axis("off")
        axes.set(xlim=(-1.75, 1.75), ylim=(-1.12, 1.12))
        _draw(axes, shown, hubs)
        axes.set_title(_title(shown, network, about))
        figure.legend(handles=_legend(shown), loc="outside lower center", ncols=3, fontsize=9.5)
    return figure


def _best(network: "nx.DiGraph[str]", max_edges: int) -> list[tuple[str, str]]:
    """Return edges in turns, the best that is left of each regulator, so that none is missing."""
    ranked = []
    for hub in network:
        edges = sorted(network.out_edges(hub, data="score"), key=lambda edge: -edge[2])
        ranked += [(place, -score, source, target) for place, (source, target, score) in enumerate(edges)]
    return [(source, target) for _, _, source, target in sorted(ranked)[:max_edges]]


def _places(network: "nx.DiGraph[str]", hubs: list[str]) -> Places:
    """Return regulators in the middle from top to bottom, their targets on two arcs at the same height.

    The targets of one regulator begin with the best, at the top right.
    """
    heights = np.linspace(0.8, -0.8, len(hubs)) if len(hubs) > 1 else [0.0]
    shift = 0.0 if len(hubs) <= MAX_IN_LINE else 0.17  # left and right in turns: edges between them are seen
    row = {hub: index for index, hub in enumerate(hubs)}

    def order(gene: str) -> tuple[float, float]:
        edges = list(network.in_edges(gene, data="score"))
        return float(np.mean([row[source] for source, _, _ in edges])), -max(edge[2] for edge in edges)

    targets = sorted((node for node in network if node not in row), key=order)
    half = (len(targets) + 1) // 2
    right, left = (targets[:half], targets[half:]) if len(hubs) == 1 else (targets[::2], targets[1::2])
    middle = {hub: (shift * (-1) ** row[hub], float(heights[row[hub]])) for hub in hubs}
    return {**middle, **dict(zip([*right, *left], places(len(targets)), strict=True))}


def _draw(axes: Axes, network: "nx.DiGraph[str]", hubs: list[str]) -> None:
    where, size = _places(network, hubs), min(HUB, MIDDLE / len(hubs))
    edges = list(network.edges(data=True))
    widths = _widths(np.array([told["score"] for _, _, told in edges], dtype=np.float64))
    for (source, target, told), width in zip(edges, widths, strict=True):
        ends, sizes = (where[source], where[target]), (size, size if target in hubs else LEAF)
        _draw_edge(axes, ends, sizes, told, width=float(width))
    for node, label in network.nodes(data="label"):
        if node in hubs:
            _draw_hub(axes, where[node], label, size=size)
        else:
            score = network[hubs[0]][node]["score"] if len(hubs) == 1 else None
            _draw_target(axes, where[node], label if score is None else f"{label}  {score:.2f}")


def _draw_edge(
    axes: Axes,
    ends: tuple[tuple[float, float], tuple[float, float]],
    sizes: tuple[float, float],
    told: Mapping[str, Any],
    *,
    width: float,
) -> None:
    head, line = ARROWS[told["lag_sign"]]
    start, end = ends
    bend = 0.45 if sizes[1] > LEAF else 0.08
    shrink = (sizes[0] / 2 + 1, sizes[1] / 2 + 2)
    if start == end:  # a regulator of itself: a loop above it
        reach = sizes[0] / 700
        start, end = (start[0] - reach, start[1] + reach), (end[0] + reach, end[1] + reach)
        bend, shrink = -1.6, (2.0, 2.0)
    axes.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle=head, connectionstyle=f"arc3,rad={bend}", mutation_scale=8 + 2.5 * width,
            color=COLOURS[told["sign"]], lw=width, ls=line, alpha=0.85, zorder=2,
            shrinkA=shrink[0], shrinkB=shrink[1],
        )
    )  # fmt: skip


def _draw_hub(axes: Axes, place: tuple[float, float], label: str, *, size: float) -> None:
    axes.plot(*place, "o", ms=size, color="#F2F2F2", mec=INK, mew=1.4, zorder=4)
    letters = min(13.0, 1.3 * size / max(len(label), 5))
    axes.text(*place, label, ha="center", va="center", weight="bold", size=letters, zorder=6)


def _draw_target(axes: Axes, place: tuple[float, float], text: str) -> None:
    x, y = place
    side = 1 if x >= 0 else -1
    axes.plot(x, y, "o", ms=LEAF, color=INK, zorder=4)
    axes.text(x + 0.05 * side, y, text, ha="left" if side == 1 else "right", va="center", size=10.5, zorder=6)


def _widths(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    spread = np.ptp(scores)
    share = (scores - scores.min()) / spread if spread else np.ones(scores.shape)
    return np.asarray(THIN + (THICK - THIN) * share)


def _title(shown: "nx.DiGraph[str]", network: "nx.DiGraph[str]", about: Mapping[str, Any]) -> str:
    contexts = sorted({context.partition("/")[2] for _, _, context in shown.edges(data="context_id")})
    told = f"{shown.number_of_edges()} best of {network.number_of_edges()} edges, {', '.join(contexts)}"
    without = [label for node, label in network.nodes(data="label") if not network.degree(node)]
    told += f"; none of {', '.join(without)}" if without else ""
    return f"{told}\nrun {about['run']['run_id']}, licence class {about['licence_class']}"


def _legend(network: "nx.DiGraph[str]") -> list[Line2D]:
    """Return the marks that the picture has, and no others."""
    scores = [score for _, _, score in network.edges(data="score")]
    signs = sorted({sign for _, _, sign in network.edges(data="sign")}, reverse=True)
    found = {lag for _, _, lag in network.edges(data="lag_sign")}
    lags = [lag for lag in LAGS if lag in found]
    return [
        *(Line2D([], [], color=COLOURS[sign], lw=2.5, label=SIGNS[sign]) for sign in signs),
        Line2D([], [], color=INK, lw=THIN, label=f"score {min(scores):.2f}"),
        Line2D([], [], color=INK, lw=THICK, label=f"score {max(scores):.2f}"),
        *(Line2D([], [], color=INK, lw=1.5, ls=ARROWS[lag][1], label=LAGS[lag]) for lag in lags),
    ]
