"""The cells of a data set as points, coloured by context."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from scipy import sparse

from cisgraph.report.embedding import Floats, embed_cells
from cisgraph.report.panel import Panel, file_name
from cisgraph.report.style import category_style, paint
from graph.errors import InputError
from graph.store import Row

MAX_CELLS = 4_000
"""More cells than this hide each other on a screen; so many are drawn at random."""
NO_LABEL = "no label"
APART = 0.85
"""Share of cells nearest to the centre of their own group, from which groups stand apart."""


@dataclass(frozen=True)
class DrawnCells:
    """Cells to draw.

    Attributes
    ----------
    places
        `(num_drawn, 2)`.
    labels
        Context of each drawn cell.
    sizes
        Cells of each context, those that are not drawn too, in the order of the legend.
    """

    places: Floats
    labels: npt.NDArray[np.object_]
    sizes: "pd.Series[int]"


def cell_panels(dataset: Row, contexts: Sequence[Row], *, folder: Path, seed: int) -> list[Panel]:
    """Return the picture of a data set's cells, or the reason why there is none."""
    title = f"Cells of {dataset['name']}"
    paths = [Path(dataset["rna_path"]), Path(dataset["atac_path"])]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        return [
            Panel(title, warnings=(f"No picture: the prepared matrices are not at {', '.join(missing)}.",))
        ]
    cells = place_cells(paths[0], paths[1], column=_column(contexts), seed=seed)
    path = folder / file_name("cells", dataset["dataset_id"])
    paint(path, lambda figure: _draw(figure, cells), height=5.2)
    return [Panel(title, words=_words(dataset, cells), picture=path)]


def place_cells(rna_path: Path, atac_path: Path, *, column: str, seed: int) -> DrawnCells:
    """Return the places and labels of at most 4,000 cells.

    Raises
    ------
    InputError
        If the two files do not hold the same cells.
    """
    rna = anndata.read_h5ad(rna_path, backed="r")
    atac = anndata.read_h5ad(atac_path, backed="r")
    if not rna.obs_names.equals(atac.obs_names):
        raise InputError(f"{rna_path} and {atac_path}: expected the same cells in the same order")
    labels = _labels(rna.obs, column)
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.choice(len(labels), size=min(len(labels), MAX_CELLS), replace=False))
    counts = [sparse.csr_matrix(each[drawn].to_memory().X) for each in (rna, atac)]
    for each in (rna, atac):
        each.file.close()
    return DrawnCells(
        places=embed_cells(counts[0], counts[1], seed=seed),
        labels=labels.to_numpy(dtype=object)[drawn],
        sizes=labels.value_counts().sort_index(),
    )


def _column(contexts: Sequence[Row]) -> str:
    return next((context["obs_column"] for context in contexts if context["obs_column"]), "")


def _labels(obs: pd.DataFrame, column: str) -> "pd.Series[str]":
    if not column:
        return pd.Series("all", index=obs.index, dtype=object)
    values = obs[column]
    return values.astype(object).where(values.notna(), NO_LABEL).map(str)


def _draw(figure: Figure, cells: DrawnCells) -> None:
    axes = figure.subplots()
    size = float(np.clip(16_000 / max(len(cells.labels), 1), 4, 30))
    styles = {label: category_style(position) for position, label in enumerate(cells.sizes.index)}
    order = np.random.default_rng(0).permutation(len(cells.labels))  # no group hides all others
    markers = np.array([styles[label][1] for label in cells.labels])[order]
    colours = np.array([styles[label][0] for label in cells.labels])[order]
    for marker in np.unique(markers):
        here = cells.places[order][markers == marker]
        axes.scatter(
            here[:, 0], here[:, 1], s=size, c=colours[markers == marker], marker=marker, alpha=0.75, lw=0
        )
    _name_groups(axes, cells)
    axes.set(xlabel="t-SNE 1 (no unit)", ylabel="t-SNE 2 (no unit)", xticks=[], yticks=[])
    axes.set_aspect("equal", adjustable="datalim")
    handles = [
        Line2D([], [], ls="", marker=marker, color=colour, ms=7, label=f"{label}  ({cells.sizes[label]:,})")
        for label, (colour, marker) in styles.items()
    ]
    axes.legend(
        handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), title="context  (cells)",
        alignment="left",
    )  # fmt: skip


def _name_groups(axes: Axes, cells: DrawnCells) -> None:
    """Write names into groups that stand apart; where they mix, names would only hide cells."""
    centres = {
        label: np.median(cells.places[cells.labels == label], axis=0)
        for label in cells.sizes.index
        if (cells.labels == label).any()
    }
    distance = np.linalg.norm(cells.places[:, None] - np.stack(list(centres.values())), axis=2)
    nearest = np.array(list(centres), dtype=object)[distance.argmin(axis=1)]
    if np.mean(nearest == cells.labels) < APART:
        return
    for position, label in enumerate(cells.sizes.index):
        if label in centres:
            x, y = centres[label].tolist()
            axes.text(
                x, y, str(label), ha="center", va="center", weight="bold",
                color=category_style(position)[0],
                path_effects=[withStroke(linewidth=3.5, foreground="white")],
            )  # fmt: skip


def _words(dataset: Row, cells: DrawnCells) -> tuple[str, ...]:
    drawn, total = len(cells.labels), int(cells.sizes.sum())
    share = "All cells are drawn." if drawn == total else f"{drawn:,} of them are drawn, chosen at random."
    return (
        f"{total:,} cells, {dataset['num_genes']:,} genes, {dataset['num_peaks']:,} peaks "
        f"({dataset['species']}, {dataset['assembly']}). {share}",
        "t-SNE of both measurements with equal weight: principal components of log-normalised RNA, and "
        "latent semantic components of TF-IDF-weighted open peaks without the first, which is depth. "
        "Distances between far groups mean nothing. Colour is the label that came with the data.",
    )
