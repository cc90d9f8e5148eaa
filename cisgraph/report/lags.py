"""Who is earlier: lags of edges and of chromatin against how sure their sign is."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from cisgraph.report.material import Material
from cisgraph.report.panel import Panel, file_name
from cisgraph.report.style import BLUE, GREY, INK, VERMILLION, paint
from graph.cypher import report as statements
from graph.store import GraphStore

LEVEL = 0.05
KINDS = {
    "edges": ("regulator → target", "regulator is earlier", "target is earlier"),
    "genes": ("chromatin → RNA of a gene", "chromatin is earlier", "RNA is earlier"),
}


def lag_panels(store: GraphStore, material: Material, *, folder: Path) -> list[Panel]:
    """Return the volcano of the lags, or why none was estimated."""
    edges = store.read_frame(statements.EDGE_LAGS, run_id=material.run_id)
    genes = store.read_frame(statements.GENE_LAGS, run_id=material.run_id)
    frames = {"edges": edges, "genes": genes}
    shown = {kind: frame for kind, frame in frames.items() if len(frame)}
    if not shown:
        return [Panel("", words=(_why_none(material),))]
    path = folder / file_name("lags", material.run_id)
    paint(path, lambda figure: _draw(figure, shown), height=4.8, width=9.0 if len(shown) > 1 else 6.0)
    words = [_words(kind, frame) for kind, frame in shown.items()]
    unit = str(next(iter(shown.values()))["lag_unit"].iloc[0])
    absent = [f"Of {KINDS[kind][0]} no lag was estimated." for kind in KINDS if kind not in shown]
    return [Panel("", words=(*words, *absent, _caveat(material, unit)), picture=path)]


def _why_none(material: Material) -> str:
    if not material.dataset.get("time_column"):
        return (
            "No lags: this data set has no column of real time points, and of a snapshot of cells only a "
            "trajectory with a stated root (`--lag-root`) tells who was earlier. Lags and their signs are "
            "null on these edges, which is not the same as 0."
        )
    return (
        f"No lags: the data set has time points ({material.dataset['time_column']}), but no kept edge could "
        "be tested: three time points with enough cells, or many times, and both genes detected, are needed."
    )


def _draw(figure: Figure, shown: dict[str, pd.DataFrame]) -> None:
    for axes, (kind, frame) in zip(np.ravel(figure.subplots(1, len(shown))), shown.items(), strict=True):
        _draw_volcano(axes, kind, frame)


def _draw_volcano(axes: Axes, kind: str, frame: pd.DataFrame) -> None:
    title, leader, follower = KINDS[kind]
    height = _heights(frame["fdr"])
    groups = ((0, GREY, "sign not called"), (1, BLUE, leader), (-1, VERMILLION, follower))
    for sign, colour, name in groups:
        here = (frame["lag_sign"] == sign).to_numpy()
        axes.scatter(
            frame["lag"].to_numpy()[here], height[here], s=9 if sign == 0 else 16, color=colour, linewidths=0,
            alpha=0.35 if sign == 0 else 0.8, label=f"{name} ({here.sum():,})", rasterized=True,
        )  # fmt: skip
    axes.axhline(-np.log10(LEVEL), color=INK, ls="--", lw=1)
    axes.axvline(0, color=INK, lw=0.8)
    axes.text(
        0.01,
        -np.log10(LEVEL),
        f"FDR {LEVEL}",
        transform=axes.get_yaxis_transform(),
        va="bottom",
        size=9,
        path_effects=[withStroke(linewidth=3, foreground="white")],
    )
    reach = 1.08 * max(float(frame["lag"].abs().max()), 1e-9)
    unit = frame["lag_unit"].iloc[0]
    axes.set(
        title=title,
        xlim=(-reach, reach),
        xlabel=f"lag ({unit}); positive: {leader}",
        ylabel="$-\\log_{10}$ FDR",
    )
    axes.set_ylim(bottom=-0.03 * max(float(height.max()), 1.5), top=1.06 * max(float(height.max()), 1.5))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=1, fontsize=9.5, markerscale=2)


def _heights(fdr: "pd.Series[float]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return -log10; an FDR of 0 stands as high as the smallest that is not."""
    positive = fdr[fdr > 0]
    return np.asarray(
        -np.log10(fdr.clip(lower=positive.min() if len(positive) else 1e-10).to_numpy(np.float64))
    )


def _words(kind: str, frame: pd.DataFrame) -> str:
    title, leader, follower = KINDS[kind]
    called = frame["lag_sign"].value_counts()
    return (
        f"{title}: {len(frame):,} tested, {called.get(1, 0):,} called with “{leader}”, {called.get(-1, 0):,} "
        f"with “{follower}”, {called.get(0, 0):,} without a sign (FDR at least {LEVEL})."
    )


def _caveat(material: Material, unit: str) -> str:
    column = material.dataset.get("time_column")
    order = f"the time of the cells ({column})" if column else f"a {unit} from a stated root"
    return (
        f"Lags come from {order}, of the context of all cells. An order in time does not show that the "
        "earlier one causes the later one."
    )
