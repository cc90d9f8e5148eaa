"""Pictures of lags along a trajectory: one gene, all genes, and chromatin against RNA."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import leaves_list, linkage

from cisgraph.report.style import BLUE, GREY, INK, VERMILLION, paint

Floats = npt.NDArray[np.float64]

NUM_SHOWN = 200
"""Genes of the heat map: the surest."""


@dataclass(frozen=True)
class LagCurves:
    """What the pictures show of G genes.

    Attributes
    ----------
    symbols
        Names, shape (G,).
    times
        Mean time of each of K bins of cells, in units of the whole of time.
    chromatin, expression
        Series in units of their noise, centred, shape (K, G).
    centres
        Middle of each of W windows.
    window_lag, window_sign
        Shape (G, W), in `unit`; the sign is 0 unless called.
    course
        Lag in each bin, delta tau, shape (G, K).
    fdr
        Of the lag over the whole of time, shape (G,).
    """

    symbols: npt.NDArray[np.object_]
    times: Floats
    chromatin: Floats
    expression: Floats
    centres: Floats
    window_lag: Floats
    window_sign: Floats
    course: Floats
    fdr: Floats
    unit: str


def paint_gene(curves: LagCurves, gene: int, path: Path) -> Path:
    """Write both curves of a gene along time, with its window lags below."""
    return paint(path, lambda figure: _draw_gene(figure, curves, gene), height=5.2, width=7.0)


def paint_heat_map(curves: LagCurves, path: Path) -> Path:
    """Write the window lags of the surest genes, genes with alike lags side by side."""
    return paint(path, lambda figure: _draw_heat_map(figure, curves), height=6.0, width=6.5)


def paint_course(curves: LagCurves, path: Path) -> Path:
    """Write delta tau of the surest genes along time, genes with alike ones side by side."""
    return paint(path, lambda figure: _draw_course(figure, curves), height=6.0, width=6.5)


def paint_agreement(curves: LagCurves, path: Path) -> Path:
    """Write how well chromatin and RNA agree over the genes, along time."""
    return paint(path, lambda figure: _draw_agreement(figure.subplots(), curves), height=3.6, width=6.5)


def agreement(chromatin: Floats, expression: Floats) -> Floats:
    """Return the correlation over genes of two series (K, G) in each bin, shape (K,); 0 where one is even."""
    first, second = (_scaled(series) for series in (chromatin, expression))
    first = first - first.mean(axis=1, keepdims=True)
    second = second - second.mean(axis=1, keepdims=True)
    size = np.sqrt(np.square(first).sum(axis=1) * np.square(second).sum(axis=1))
    found: Floats = np.divide(
        (first * second).sum(axis=1), size, out=np.zeros(first.shape[0]), where=size > 0
    )
    return found


def _scaled(series: Floats) -> Floats:
    spread = series.std(axis=0)
    scaled: Floats = np.divide(series, spread, out=np.zeros_like(series), where=spread > 0)
    return scaled


def _smooth(series: Floats, times: Floats, *, width: float = 0.04) -> Floats:
    weight = np.exp(-0.5 * ((times[:, None] - times) / width) ** 2)
    smooth: Floats = weight @ series / weight.sum(axis=1)
    return smooth


def _draw_gene(figure: Figure, curves: LagCurves, gene: int) -> None:
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    named = (("chromatin", curves.chromatin, BLUE), ("RNA", curves.expression, VERMILLION))
    for name, series, colour in named:
        standard = _scaled(series)[:, gene]
        above.plot(curves.times, standard, ".", color=colour, alpha=0.35, markersize=4)
        above.plot(curves.times, _smooth(standard, curves.times), color=colour, lw=2, label=name)
    above.set(title=f"{curves.symbols[gene]}: chromatin and RNA", ylabel="level (sd)")
    above.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    lag, called = curves.window_lag[gene], curves.window_sign[gene] != 0
    below.axhline(0, color=INK, lw=0.8)
    below.plot(curves.centres, lag, color=GREY, lw=1)
    for here, face, name in ((called, INK, "sign called"), (~called, "white", "not called")):
        below.plot(
            curves.centres[here], lag[here], "o", color=INK, markerfacecolor=face, markersize=6, label=name
        )
    below.set(xlabel="time (share of the whole)", ylabel=f"lag ({curves.unit})")
    below.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), title="above 0:\nchromatin is earlier")


def _draw_heat_map(figure: Figure, curves: LagCurves) -> None:
    axes = _draw_lags(figure, curves, curves.window_lag)
    axes.set_xticks(range(curves.centres.size), [f"{centre:.2f}" for centre in curves.centres], size=9)
    axes.set(xlabel="window (middle, share of the whole of time)", title="Lag of RNA behind chromatin")


def _draw_course(figure: Figure, curves: LagCurves) -> None:
    axes = _draw_lags(figure, curves, curves.course)
    shown = np.linspace(0, curves.times.size - 1, 6).round().astype(int)
    axes.set_xticks(shown, [f"{curves.times[place]:.2f}" for place in shown], size=9)
    axes.set(xlabel="time (share of the whole)", title="Δτ along time, by gene")


def _draw_lags(figure: Figure, curves: LagCurves, lags: Floats) -> Axes:
    """Draw the lags (G, T) of the surest genes, genes with alike ones side by side, and return the axes."""
    axes = figure.subplots()
    surest = np.argsort(curves.fdr, kind="stable")[:NUM_SHOWN]
    lag = lags[surest]
    order = leaves_list(linkage(lag, method="ward")) if surest.size > 2 else np.arange(surest.size)
    reach = max(float(np.abs(lag).max()), 1e-9)
    image = axes.imshow(lag[order], aspect="auto", cmap="PuOr_r", vmin=-reach, vmax=reach)
    axes.set(ylabel=f"{surest.size:,} genes with the surest lags", yticks=[])
    figure.colorbar(image, ax=axes, label=f"lag ({curves.unit}); above 0: chromatin is earlier")
    return axes


def _draw_agreement(axes: Axes, curves: LagCurves) -> None:
    found = agreement(curves.chromatin, curves.expression)
    axes.plot(curves.times, found, ".", color=GREY)
    axes.plot(curves.times, _smooth(found, curves.times), color=BLUE, lw=2)
    axes.axhline(0, color=INK, lw=0.8)
    axes.set(
        xlabel="time (share of the whole)",
        ylabel="correlation over genes",
        title="Chromatin against RNA along time",
    )
