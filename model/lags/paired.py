"""Two counts of the same genes as series along time: what every estimate along a trajectory starts from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from graph.errors import InputError
from model.lags.bins import Bins
from model.lags.chromatin import Depths
from model.lags.edges import check_pairs
from model.lags.measurements import Counts, Measurements
from model.lags.pairs import join_reasons
from model.lags.trajectory_config import TrajectoryConfig

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class PairedSeries:
    """Levels of U leaders and followers in K bins of cells, centred, with a noise of 1.

    Parameters
    ----------
    times
        Mean time of each bin, in units of the whole of time, shape (K,).
    leaders, followers
        Shape (K, U).
    span
        Last time minus first, in the unit of the cells' time.
    """

    times: Floats
    leaders: Floats
    followers: Floats
    span: float


@dataclass(frozen=True)
class Paired:
    """Counts of leaders and followers in the same cells, those that can be tested and why others cannot.

    Parameters
    ----------
    led, followed
        Counts and depth of the genes that lead and of those that follow.
    leader, follower
        Column of each of U pairs that can be tested in `led` and `followed`, shape (U,).
    usable
        Which of the G pairs these are, shape (U,).
    reason
        Why each pair cannot be tested, empty if it can, shape (G,).
    time
        Of each cell, shape (N,).
    """

    led: Measurements
    followed: Measurements
    leader: Indices
    follower: Indices
    usable: Indices
    reason: NDArray[np.str_]
    time: Floats

    @classmethod
    def of_genes(
        cls, rna: Counts, activity: Counts, time: ArrayLike, *, config: TrajectoryConfig, depths: Depths
    ) -> "Paired":
        """Return the accessibility of each gene as the leader of its own RNA; both (N, G).

        Raises
        ------
        InputError
            The matrices, time or depths do not fit each other, or counts are negative.
        """
        first, second = sparse.csr_matrix(activity), sparse.csr_matrix(rna)
        if first.shape != second.shape:
            raise InputError(
                f"expected the same cells and genes in both, found {second.shape} and {first.shape}"
            )
        genes = np.arange(first.shape[1])
        led = Measurements.from_counts(first, genes=genes, depth=depths.activity)
        followed = Measurements.from_counts(second, genes=genes, depth=depths.rna)
        values = check_time(time, num_cells=first.shape[0])
        return cls._tested(led, followed, pairs=np.stack([genes, genes]), time=values, config=config)

    @classmethod
    def of_edges(
        cls,
        rna: Counts,
        pairs: ArrayLike,
        time: ArrayLike,
        *,
        config: TrajectoryConfig,
        depth: ArrayLike | None,
    ) -> "Paired":
        """Return the RNA of regulators as the leaders of that of their targets; `pairs` (2, E) are columns.

        Raises
        ------
        InputError
            Counts, pairs, time or depth do not fit each other, or counts are negative.
        """
        matrix = sparse.csr_matrix(rna)
        edges = check_pairs(pairs, num_genes=matrix.shape[1])
        genes, position = np.unique(edges, return_inverse=True)
        measured = Measurements.from_counts(matrix, genes=genes, depth=depth)
        values = check_time(time, num_cells=matrix.shape[0])
        position = position.reshape(edges.shape)
        return cls._tested(measured, measured, pairs=position, time=values, config=config)

    @classmethod
    def _tested(
        cls,
        led: Measurements,
        followed: Measurements,
        *,
        pairs: Indices,
        time: Floats,
        config: TrajectoryConfig,
    ) -> "Paired":
        leader, follower = pairs
        reason = join_reasons(
            led.unusable(min_detected=config.min_detected)[leader],
            followed.unusable(min_detected=config.min_detected)[follower],
        )
        if led is followed:
            reason = np.where((leader == follower) & (reason == ""), "a gene against itself", reason)
        obstacle = time_obstacle(time, config=config)
        if obstacle:
            reason = np.full(leader.size, obstacle)
        usable = np.flatnonzero(reason == "")
        return cls(led, followed, leader[usable], follower[usable], usable, reason, time)

    def series(self, *, num_bins: int, cells: Indices | None = None) -> PairedSeries:
        """Return the series of the pairs that can be tested, over all cells or some, which may repeat."""
        chosen = slice(None) if cells is None else cells
        bins = Bins.from_times(self.time[chosen], num_bins=num_bins)
        first = bins.series(self.led.counts.tocsr()[chosen], self.led.depth[chosen])
        second = (
            first
            if self.led is self.followed
            else bins.series(self.followed.counts.tocsr()[chosen], self.followed.depth[chosen])
        )
        return PairedSeries(bins.times, first[:, self.leader], second[:, self.follower], bins.span)


def check_time(time: ArrayLike, *, num_cells: int) -> Floats:
    """Return the times of cells.

    Raises
    ------
    InputError
        There is not one finite time for each cell.
    """
    values = np.asarray(time, dtype=np.float64)
    if values.shape != (num_cells,) or not np.isfinite(values).all():
        missing = int((~np.isfinite(values)).sum())
        raise InputError(
            f"expected a finite time for each of {num_cells:,} cells, found shape {values.shape}, "
            f"{missing:,} of them missing or infinite",
            hint="leave out cells without a time",
        )
    return values


def time_obstacle(time: Floats, *, config: TrajectoryConfig) -> str:
    """Return why these times are no trajectory, empty if they can be one."""
    if time.size < config.min_cells:
        return f"{time.size} cells, a trajectory needs {config.min_cells}"
    num_times = np.unique(time).size
    if num_times < config.num_bins:
        return f"{num_times} distinct times, a trajectory needs {config.num_bins}"
    return ""
