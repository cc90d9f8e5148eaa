"""Whether scores can be read as probabilities, and how they are spread."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binomtest

from cisgraph.report.material import Material
from cisgraph.report.panel import Panel, file_name
from cisgraph.report.style import BLUE, GREY, INK, VERMILLION, paint
from graph.cypher import report as statements
from graph.errors import NotFoundError
from graph.schema import context_id
from graph.store import GraphStore
from graph.validation.score_files import read_scores

ALL_CELLS = "all"
Floats = npt.NDArray[np.floating]


def calibration_panels(store: GraphStore, material: Material, *, folder: Path) -> list[Panel]:
    """Return the reliability curve and the distribution of scores, or what is missing for them."""
    return [_reliability_panel(material, folder), _distribution_panel(store, material, folder)]


def _reliability_panel(material: Material, folder: Path) -> Panel:
    title = "Do the scores mean what they say?"
    curve = material.metrics.get("calibration_curve")
    if not curve:
        return Panel(title, warnings=("This run was not validated yet: there is no calibration curve.",))
    path = folder / file_name("calibration", material.run_id)
    paint(path, lambda figure: _draw_reliability(figure, curve), height=5.2, width=7.0)
    num_pairs = sum(curve["count"])
    return Panel(
        title,
        words=(
            f"The {num_pairs:,} best held-out candidates in {len(curve['count'])} bins of about equally many "
            "pairs (their numbers are below). On the dashed line, pairs that are said to be "
            "right with a probability of p are right in a share of p. Held-out edges are a part of the "
            "training source, so the probability is that of being one of them. "
            "Bars are 95 % Wilson intervals.",
            f"Calibration error {curve['calibration_error']:.4f} (mean distance from the line, weighted by "
            f"pairs); Brier skill {curve['brier_skill']:.3f} over all candidates (1 perfect, 0 no better "
            "than always saying the prevalence).",
        ),
        picture=path,
    )


def _draw_reliability(figure: Figure, curve: Mapping[str, Any]) -> None:
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(5, 1))
    predicted, observed = np.array(curve["predicted"]), np.array(curve["observed"])
    sizes = np.array(curve["count"])
    low, high = _wilson(observed, sizes)
    floor = _floor(predicted, observed)
    ends = (floor, 1.3 * max(float(predicted.max()), float(high.max())))
    above.plot(ends, ends, ls="--", color=GREY, lw=1.2, zorder=1)
    shown = np.maximum(observed, floor)
    above.vlines(predicted, np.maximum(low, floor), np.maximum(high, floor), color=BLUE, lw=1.4)
    above.plot(predicted, shown, "-", color=BLUE, lw=1.3, alpha=0.5)
    is_zero = observed <= 0
    above.plot(predicted[~is_zero], shown[~is_zero], "o", color=BLUE, ms=7)
    above.plot(predicted[is_zero], shown[is_zero], "v", mfc="white", mec=BLUE, ms=8)
    above.set(
        xscale="log", yscale="log", xlim=(max(floor, float(predicted.min()) / 1.5), ends[1]), ylim=ends,
        ylabel="observed share of\nheld-out edges", title="Reliability (both axes logarithmic)",
    )  # fmt: skip
    if is_zero.any():
        above.text(0.98, 0.03, "open triangle: none observed", transform=above.transAxes, ha="right", size=9)
    _draw_sizes(below, predicted, sizes)


def _draw_sizes(axes: Axes, predicted: Floats, sizes: npt.NDArray[np.integer]) -> None:
    axes.vlines(predicted, 0, sizes, color=GREY, lw=5)
    axes.set(
        xlabel="predicted probability of being a held-out edge", ylabel="pairs", ylim=(0, sizes.max() * 1.1)
    )


def _wilson(observed: Floats, sizes: npt.NDArray[np.integer]) -> tuple[Floats, Floats]:
    hits = np.rint(observed * sizes).astype(int)
    bounds = [
        binomtest(int(k), int(n)).proportion_ci(method="wilson") for k, n in zip(hits, sizes, strict=True)
    ]
    return np.array([b.low for b in bounds]), np.array([b.high for b in bounds])


def _floor(predicted: Floats, observed: Floats) -> float:
    positive = np.concatenate([predicted[predicted > 0], observed[observed > 0]])
    return float(positive.min() / 2) if positive.size else 1e-4


def _distribution_panel(store: GraphStore, material: Material, folder: Path) -> Panel:
    title = "How the scores are spread"
    try:
        scores = read_scores(Path(material.run["scores_path"]))
    except NotFoundError as error:
        return Panel(title, warnings=(f"No picture: {error.message}.",))
    name = ALL_CELLS if ALL_CELLS in scores.scores else next(iter(scores.scores))
    values = np.delete(scores.scores[name].ravel(), scores.universe.self_codes())
    kept = store.read_frame(
        statements.KEPT_SCORES,
        run_id=material.run_id,
        context_id=context_id(material.dataset["dataset_id"], name),
    )["score"].to_numpy(dtype=np.float64)
    path = folder / file_name("scores", material.run_id)
    paint(path, lambda figure: _draw_distribution(figure, values, kept), height=3.6, width=7.0)
    return Panel(
        title,
        words=(
            f"All {values.size:,} ordered pairs of a regulator and a gene in context {name}, and the "
            f"{kept.size:,} that the graph keeps. A score is the calibrated probability that the training "
            f"source lists the pair; half of all pairs score below {np.median(values):.2g}, and "
            f"{np.mean(values >= 0.5):.2%} at least .5.",
        ),
        picture=path,
    )


def _draw_distribution(figure: Figure, values: Floats, kept: Floats) -> None:
    axes = figure.subplots()
    lowest = max(float(values[values > 0].min()) if (values > 0).any() else 1e-6, 1e-6)
    bins = np.geomspace(lowest, 1.0, 50).tolist()
    axes.hist(
        np.clip(values, lowest, 1), color=GREY, bins=bins, log=True, label=f"all pairs ({values.size:,})"
    )
    axes.hist(
        np.clip(kept, lowest, 1), histtype="step", lw=2, color=VERMILLION,
        bins=bins, log=True, label=f"kept in the graph ({kept.size:,})",
    )  # fmt: skip
    axes.axvline(0.5, color=INK, ls=":", lw=1.2)
    axes.text(0.5, 1.0, ".5", transform=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=9)
    axes.set(xscale="log", xlabel="score (probability, logarithmic)", ylabel="pairs (logarithmic)")
    figure.legend(loc="outside lower center", ncols=2)
