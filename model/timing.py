"""The lags of a data set: by its time points, along a time or a pseudotime from a stated root, else null."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from graph.errors import InputError
from model.data import ALL_CELLS, Neighbourhoods
from model.lags.activity import gene_activity
from model.lags.chromatin import Depths, estimate_chromatin_lags
from model.lags.config import LagConfig
from model.lags.edges import estimate_edge_lags
from model.lags.pseudotime import diffusion_pseudotime
from model.lags.results import EdgeLags, GeneLags, not_estimated
from model.lags.trajectory import estimate_edge_trajectory_lags, estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig
from model.matrices import Matrices, cell_labels, cell_times

Floats = npt.NDArray[np.float64]

NO_TIME = "the data set has no time points, and no root of a pseudotime is stated"


@dataclass(frozen=True)
class CellTiming:
    """When the cells were, and which estimate that allows.

    Parameters
    ----------
    time
        Of each cell, shape (N,); empty where lags cannot be estimated.
    unit
        Of time, and so of a lag.
    is_course
        Whether times are so many that cells lie along them, and are not groups at a few time points.
    obstacle
        Why lags cannot be estimated, empty if they can.
    """

    time: Floats
    unit: str
    is_course: bool
    obstacle: str


def check_timing(matrices: Matrices, hoods: Neighbourhoods, *, config: LagConfig) -> None:
    """Refuse a time or a root that no lag could be estimated from; cheap, for the beginning of a training.

    Raises
    ------
    InputError
        A cell has no finite time, or the root is not one cell.
    """
    time = cell_times(hoods, matrices)
    if time is None and config.root is not None:
        roots_of(matrices, config.root)
    if time is not None and not np.isfinite(time).all():
        column, missing = hoods.dataset["time_column"], int((~np.isfinite(time)).sum())
        raise InputError(
            f"expected a time for every cell in column {column!r}, {missing:,} of {time.size:,} have none",
            hint="leave these cells out, or ingest the data set without a time column",
        )


def cell_timing(matrices: Matrices, hoods: Neighbourhoods, *, config: LagConfig, seed: int) -> CellTiming:
    """Return the time of the cells: that of the data set, else a pseudotime from the root, else none.

    Raises
    ------
    InputError
        No cell, or more than one, has the barcode of the root.
    """
    time = cell_times(hoods, matrices)
    if time is not None:
        is_course = np.unique(time).size >= TrajectoryConfig().num_bins
        return CellTiming(time, hoods.dataset["time_unit"] or config.unit, is_course, "")
    if config.root is None:
        return CellTiming(np.zeros(0), config.unit, is_course=False, obstacle=NO_TIME)
    return pseudotime_from(matrices, config.root, seed=seed)


def pseudotime_from(matrices: Matrices, root: str, *, seed: int) -> CellTiming:
    """Return the order of the cells that starts at the barcodes `root`, if they have one.

    Raises
    ------
    InputError
        No cell, or more than one, has the barcode.
    """
    order = diffusion_pseudotime(matrices.rna, root=roots_of(matrices, root), seed=seed)
    reason = f"{order.obstacle}: lags are not estimated" if order.obstacle else ""
    return CellTiming(order.time, TrajectoryConfig().unit, is_course=True, obstacle=reason)


def edge_lags(
    matrices: Matrices,
    hoods: Neighbourhoods,
    pairs: npt.NDArray[np.int64],
    *,
    timing: CellTiming,
    config: LagConfig,
    seed: int,
) -> EdgeLags:
    """Return the lag of each pair `(2, num_pairs)` of regulator and measured gene, over all cells."""
    if timing.obstacle:
        return not_estimated(pairs.shape[1], reason=timing.obstacle, unit=timing.unit)
    genes = np.stack([hoods.regulator_gene[pairs[0]], pairs[1]])
    if timing.is_course:
        settings = course_config(config, unit=timing.unit)
        return estimate_edge_trajectory_lags(matrices.rna, timing.time, genes, config=settings, seed=seed)
    config = replace(config, unit=timing.unit)
    return estimate_edge_lags(matrices.rna, timing.time, genes, config=config, seed=seed)


def chromatin_lags(
    matrices: Matrices,
    hoods: Neighbourhoods,
    weights: npt.NDArray[np.float32],
    *,
    timing: CellTiming,
    config: LagConfig,
    seed: int,
) -> GeneLags:
    """Return for each measured gene the lag between its linked peaks and its own RNA.

    Parameters
    ----------
    weights
        `(num_near,)` learned weight of each candidate peak.
    """
    num_genes = hoods.num_measured
    if timing.obstacle:
        return GeneLags.untested(np.full(num_genes, timing.obstacle), unit=timing.unit)
    activity = gene_activity(matrices.atac, hoods.near_index, weights, num_genes=num_genes)
    depths = Depths(activity=np.asarray(matrices.atac.sum(axis=1)).ravel())
    if timing.is_course:
        settings = course_config(config, unit=timing.unit)
        return estimate_trajectory_lags(
            matrices.rna, activity, timing.time, config=settings, seed=seed, depths=depths
        )
    config = replace(config, unit=timing.unit)
    return estimate_chromatin_lags(
        matrices.rna, activity, timing.time, config=config, seed=seed, depths=depths
    )


def context_lags(
    matrices: Matrices,
    hoods: Neighbourhoods,
    weights: npt.NDArray[np.float32],
    *,
    timing: CellTiming,
    config: LagConfig,
    seed: int,
) -> tuple[GeneLags, ...]:
    """Return the chromatin lags in the cells of each context, all cells first; see `chromatin_lags`.

    A context of one time point, or of few cells, has none, with the reason.
    """
    labels = cell_labels(hoods, matrices)
    found = []
    for name in hoods.contexts:
        inside = np.flatnonzero(labels == name) if name != ALL_CELLS else np.arange(len(matrices.obs))
        cells = Matrices(matrices.rna[inside], matrices.atac[inside], matrices.obs.iloc[inside])
        part = timing if timing.obstacle else replace(timing, time=timing.time[inside])
        found.append(chromatin_lags(cells, hoods, weights, timing=part, config=config, seed=seed))
    return tuple(found)


def course_config(config: LagConfig, *, unit: str) -> TrajectoryConfig:
    """Return the settings along a time or a pseudotime that go with those of time points."""
    return TrajectoryConfig(min_detected=config.min_detected, fdr=config.fdr, unit=unit)


def roots_of(matrices: Matrices, root: str) -> npt.NDArray[np.int64]:
    """Return which cells have the barcodes `root`, several with commas between.

    Raises
    ------
    InputError
        No cell, or more than one, has one of the barcodes.
    """
    found = []
    for barcode in (part.strip() for part in root.split(",")):
        here = np.flatnonzero(matrices.obs.index == barcode)
        if here.size != 1:
            raise InputError(
                f"expected the root of the pseudotime to be one cell, found {here.size} named {barcode!r}",
                hint=f"state the barcode of a cell at the start, such as {matrices.obs.index[0]!r}",
            )
        found.append(int(here[0]))
    return np.array(found)
