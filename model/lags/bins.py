"""Cells binned along time, and counts as series with even noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from graph.errors import InputError

Floats = NDArray[np.float64]

ANSCOMBE = 0.375
"""What is added to a mean before its square root, in units of its variance by mean."""


@dataclass(frozen=True)
class Bins:
    """Cells in groups of even size along time.

    Parameters
    ----------
    times
        Mean time of each bin, scaled to [0, 1], ascending, shape (K,).
    members
        Bin by cell, 1 where the cell is in the bin, shape (K, N).
    span
        Last time minus first, in the unit of the cells' time.
    """

    times: Floats
    members: sparse.csr_matrix
    span: float

    @classmethod
    def from_times(cls, time: ArrayLike, *, num_bins: int) -> "Bins":
        """Return the bins of cells at `time`, shape (N,); ties are cut in the order of the cells.

        Raises
        ------
        InputError
            A time is missing, all are the same, or there are fewer cells than bins.
        """
        values = np.asarray(time, dtype=np.float64)
        if values.ndim != 1 or not np.isfinite(values).all():
            raise InputError(f"expected a finite time for each cell, found shape {values.shape}")
        if values.size < num_bins or np.ptp(values) == 0:
            raise InputError(f"expected {num_bins} cells or more at several times, found {values.size:,}")
        first, span = values.min(), float(np.ptp(values))
        order = np.argsort(values, kind="stable")
        label = np.empty(values.size, dtype=np.int64)
        label[order] = np.arange(values.size) * num_bins // values.size
        members = sparse.csr_matrix(
            (np.ones(values.size), (label, np.arange(values.size))), shape=(num_bins, values.size)
        )
        times = (members @ ((values - first) / span)) / np.bincount(label)
        return cls(times, members, span)

    def series(self, counts: sparse.csr_matrix, depth: Floats) -> Floats:
        """Return the level of each gene in each bin, centred, with a noise of 1, shape (K, G).

        ``y = 2 sqrt(m / phi + 3 / 8)`` with the level ``m`` (summed counts over summed depth, times the mean
        depth) and ``phi`` the variance of a level over its mean, from the cells within the bins. A gene that
        is the same in all cells is 0 everywhere.

        Parameters
        ----------
        counts
            Shape (N, G).
        depth
            Total count of each cell, shape (N,), not all 0.

        References
        ----------
        Anscombe 1948, doi:10.1093/biomet/35.3-4.246 (the square root that evens the noise of counts).
        """
        size = np.asarray(self.members.sum(axis=1)).reshape(-1, 1)
        relative = depth / depth.mean()
        scaled = sparse.diags(relative) @ counts
        total = (self.members @ relative)[:, None]
        bin_depth = np.where(total > 0, total, 1.0)  # a bin without any count has a level of 0
        level = (self.members @ counts).toarray() / bin_depth  # (K, G)
        squares = (
            (self.members @ counts.power(2)).toarray()
            - 2 * level * (self.members @ scaled).toarray()
            + level**2 * (self.members @ relative**2)[:, None]
        )
        variance = np.maximum(squares, 0) * size / np.maximum(size - 1, 1) / bin_depth**2
        mean = level.mean(axis=0)
        usable = (mean > 0) & (variance.mean(axis=0) > 0)
        phi = np.divide(variance.mean(axis=0), mean, out=np.ones_like(mean), where=usable)
        stable = 2 * np.sqrt(level / phi + ANSCOMBE)
        centred: Floats = np.where(usable, stable - stable.mean(axis=0), 0.0)
        return centred
