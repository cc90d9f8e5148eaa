"""Lags of a data set in the graph, along its time or a pseudotime, as pictures need them."""

import numpy as np
import numpy.typing as npt

from cisgraph.report.lag_curves import LagCurves
from graph.errors import InputError
from graph.store import GraphStore
from model.data import read_neighbourhoods
from model.lags.activity import gene_activity
from model.lags.bins import Bins
from model.lags.chromatin import Depths
from model.lags.measurements import Counts, Measurements
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags
from model.matrices import Matrices, cell_times, read_matrices
from model.timing import order_from

Floats = npt.NDArray[np.float64]


def read_curves(
    store: GraphStore, dataset_id: str, *, source_id: str, root: str | None, seed: int
) -> LagCurves:
    """Return the curves of the genes of a data set whose lag could be tested.

    The accessibility of a gene is the sum of the peaks near it.

    Parameters
    ----------
    source_id
        Source of regulators; any that the graph holds for the species.
    root
        Barcode at which a pseudotime starts; None for the time points of the data set.

    Raises
    ------
    InputError
        The cells have no time and no root is given, they are no trajectory, or no gene could be tested.
    """
    hoods = read_neighbourhoods(store, dataset_id, source_id=source_id, confidences=None, min_cells_context=1)
    matrices = read_matrices(hoods)
    time = cell_times(hoods, matrices) if root is None else _order(matrices, root, seed=seed)
    if time is None:
        raise InputError(
            f"data set {dataset_id!r} has no time points", hint="--root BARCODE starts a pseudotime at a cell"
        )
    even = np.ones(hoods.near_index.shape[1])
    activity = gene_activity(matrices.atac, hoods.near_index, even, num_genes=hoods.num_measured)
    depths = Depths(
        rna=np.asarray(matrices.rna.sum(axis=1)).ravel(),
        activity=np.asarray(matrices.atac.sum(axis=1)).ravel(),
    )
    lags = estimate_trajectory_lags(matrices.rna, activity, time, seed=seed, depths=depths)
    symbols = np.asarray(hoods.symbols[: hoods.num_measured], dtype=np.object_)
    return curves_of(
        lags, {"rna": matrices.rna, "activity": activity}, time=time, symbols=symbols, depths=depths
    )


def curves_of(
    lags: TrajectoryLags,
    counts: dict[str, Counts],
    *,
    time: Floats,
    symbols: npt.NDArray[np.object_],
    depths: Depths,
) -> LagCurves:
    """Return the curves of the tested genes; `counts` are those of "rna" and "activity".

    Raises
    ------
    InputError
        No gene could be tested.
    """
    tested = np.flatnonzero(lags.tested)
    if not tested.size:
        raise InputError(f"no lag could be estimated: {lags.reason[0]}")
    bins = Bins.from_times(time, num_bins=TrajectoryConfig().num_bins)
    chromatin, expression = (
        bins.series(measured.counts, measured.depth)
        for measured in (
            Measurements.from_counts(counts["activity"], genes=tested, depth=depths.activity),
            Measurements.from_counts(counts["rna"], genes=tested, depth=depths.rna),
        )
    )
    return LagCurves(
        symbols=symbols[tested],
        times=bins.times,
        chromatin=chromatin,
        expression=expression,
        centres=lags.windows.centres,
        window_lag=lags.windows.lag[tested],
        window_sign=lags.windows.sign[tested],
        fdr=lags.fdr[tested],
        unit=lags.unit,
    )


def _order(matrices: Matrices, root: str, *, seed: int) -> Floats:
    order = order_from(matrices, root, seed=seed)
    if order.obstacle:
        raise InputError(f"{order.obstacle}: lags are not estimated")
    return order.time
