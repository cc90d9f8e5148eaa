"""Cells of a data set in the graph with their time and the accessibility of their genes, for lags."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from cisgraph.report.lag_curves import LagCurves
from graph.cypher import lags as statements
from graph.errors import InputError, NotFoundError
from graph.schema import context_id
from graph.store import GraphStore
from model.data import ALL_CELLS, Neighbourhoods, read_neighbourhoods
from model.lags.activity import gene_activity
from model.lags.bins import Bins
from model.lags.chromatin import Depths, estimate_chromatin_lags
from model.lags.config import LagConfig
from model.lags.estimators import EstimatorName, Preset, estimator_named
from model.lags.measurements import Counts, Measurements
from model.lags.results import GeneLags
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags
from model.matrices import Matrices, read_matrices
from model.timing import CellTiming, cell_timing, check_timing, course_config, pseudotime_from

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TimedCells:
    """Cells with counts, a time and the accessibility of their genes.

    Attributes
    ----------
    activity
        Accessibility of each measured gene in each cell, shape (N, G).
    linked_by
        Run whose gene-peak links weigh the peaks; empty where all peaks near a gene count alike.
    """

    hoods: Neighbourhoods
    matrices: Matrices
    timing: CellTiming
    activity: sp.csr_matrix
    linked_by: str

    @property
    def depths(self) -> Depths:
        """Total counts of the cells."""
        return Depths(
            rna=np.asarray(self.matrices.rna.sum(axis=1)).ravel(),
            activity=np.asarray(self.matrices.atac.sum(axis=1)).ravel(),
        )

    @property
    def gene_ids(self) -> npt.NDArray[np.object_]:
        """Measured genes, shape (G,)."""
        return np.asarray(self.hoods.gene_ids[: self.hoods.num_measured], dtype=np.object_)

    @property
    def symbols(self) -> npt.NDArray[np.object_]:
        """Their names."""
        return np.asarray(self.hoods.symbols[: self.hoods.num_measured], dtype=np.object_)


def read_timed_cells(
    store: GraphStore, dataset_id: str, *, source_id: str, root: str | None, run_id: str | None, seed: int
) -> TimedCells:
    """Return the cells of a data set with their time, or a pseudotime if a root is given.

    Parameters
    ----------
    source_id
        Source of regulators; any that the graph holds for the species.
    root
        Barcode at which a pseudotime starts; None for the times of the data set.
    run_id
        Run whose links weigh the peaks; None for the default run of the data set, if it has one.

    Raises
    ------
    NotFoundError
        The data set or the run is not in the graph.
    InputError
        The cells have no time and no root is given, or they are no trajectory.
    """
    hoods = read_neighbourhoods(store, dataset_id, source_id=source_id, confidences=None, min_cells_context=1)
    matrices = read_matrices(hoods)
    if root is None:
        check_timing(matrices, hoods, config=LagConfig())
        timing = cell_timing(matrices, hoods, config=LagConfig(), seed=seed)
    else:
        timing = pseudotime_from(matrices, root, seed=seed)
    if timing.obstacle:
        hint = "--root BARCODE starts a pseudotime at a cell" if root is None else ""
        raise InputError(f"data set {dataset_id!r}: {timing.obstacle}", hint=hint)
    linked_by, weights = _link_weights(store, hoods, run_id=run_id)
    activity = gene_activity(matrices.atac, hoods.near_index, weights, num_genes=hoods.num_measured)
    return TimedCells(hoods, matrices, timing, activity, linked_by)


def estimate_lags(cells: TimedCells, *, name: EstimatorName, preset: Preset = "cpu", seed: int) -> GeneLags:
    """Return the chromatin lags of all measured genes, along time or of a few time points.

    The estimate by time points is one: `name` chooses among those along time.
    """
    rna, timing = cells.matrices.rna, cells.timing
    if not timing.is_course:
        return estimate_chromatin_lags(
            rna, cells.activity, timing.time, config=LagConfig(unit=timing.unit), seed=seed,
            depths=cells.depths,
        )  # fmt: skip
    return estimate_trajectory_lags(
        rna, cells.activity, timing.time, config=course_config(LagConfig(), unit=timing.unit), seed=seed,
        depths=cells.depths, estimator=estimator_named(name, preset=preset),
    )  # fmt: skip


def curves_from(cells: TimedCells, lags: GeneLags) -> LagCurves:
    """Return the curves of the genes of a data set whose lag could be tested.

    Raises
    ------
    InputError
        The cells are of a few time points, or no gene could be tested.
    """
    if not isinstance(lags, TrajectoryLags):
        points = np.unique(cells.timing.time)
        raise InputError(
            f"expected cells along time, found {points.size} time points: lags have no curve",
            hint="`cisgraph lags estimate` tells lags of time points; --root BARCODE draws a pseudotime",
        )
    counts: dict[str, Counts] = {"rna": cells.matrices.rna, "activity": cells.activity}
    return curves_of(lags, counts, time=cells.timing.time, symbols=cells.symbols, depths=cells.depths)


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
        course=lags.course[tested],
        fdr=lags.fdr[tested],
        unit=lags.unit,
    )


def _link_weights(store: GraphStore, hoods: Neighbourhoods, *, run_id: str | None) -> tuple[str, Floats]:
    """Return the run whose links weigh the peaks, and the weight of each candidate, shape (num_near,)."""
    dataset_id = hoods.dataset["dataset_id"]
    rows = store.read_frame(
        statements.LINK_WEIGHTS,
        dataset_id=dataset_id,
        run_id=run_id,
        context_id=context_id(dataset_id, ALL_CELLS),
    )
    if rows.empty:
        if run_id is not None:
            raise NotFoundError(f"no complete run {run_id!r} of data set {dataset_id!r} with gene-peak links")
        return "", np.ones(hoods.near_index.shape[1])
    links = rows.explode(["peak_ids", "weights"], ignore_index=True)
    weight = pd.Series(
        links["weights"].to_numpy(np.float64),
        index=pd.MultiIndex.from_frame(links[["gene_id", "peak_ids"]]),
    )
    gene, peak = hoods.near_index
    near = pd.MultiIndex.from_arrays([hoods.gene_ids[gene], hoods.peak_ids[peak]])
    return str(rows["run_id"].iloc[0]), weight.reindex(near).fillna(0.0).to_numpy()
