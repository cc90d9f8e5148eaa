"""The time points at which cells were sampled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import InputError

MIN_TIME_POINTS = 3


@dataclass(frozen=True)
class TimePoints:
    """Cells by the time point at which they were sampled.

    Parameters
    ----------
    times
        The distinct times, ascending, shape (K,).
    label
        The time point of each cell, shape (N,), 0 to K - 1.
    """

    times: NDArray[np.float64]
    label: NDArray[np.int64]

    @classmethod
    def from_cells(cls, time: ArrayLike, *, num_cells: int) -> "TimePoints":
        """Return the time points of cells sampled at `time`, shape (num_cells,).

        Raises
        ------
        InputError
            `time` has another length, or is not finite everywhere.
        """
        values = np.asarray(time, dtype=np.float64)
        if values.shape != (num_cells,):
            raise InputError(f"expected one time for each of {num_cells:,} cells, found shape {values.shape}")
        missing = int((~np.isfinite(values)).sum())
        if missing:
            raise InputError(
                f"expected a time for every cell, {missing:,} of {num_cells:,} have none",
                hint="leave these cells out, or call not_estimated() for data without time",
            )
        times, label = np.unique(values, return_inverse=True)
        return cls(times, label.astype(np.int64))

    @property
    def midpoints(self) -> NDArray[np.float64]:
        """Middle of each interval between neighbouring times, shape (K - 1,)."""
        return (self.times[1:] + self.times[:-1]) / 2

    def members(self, point: int) -> NDArray[np.intp]:
        """Return the cells of one time point."""
        return np.flatnonzero(self.label == point)

    def by_first_cell(self) -> list[int]:
        """Return the time points in the order of their first cells, which no relabelling of time changes."""
        _, first = np.unique(self.label, return_index=True)
        return [int(point) for point in np.argsort(first)]

    def obstacle(self, *, min_cells: int) -> str:
        """Return why these time points cannot tell an order, empty if they can.

        Two time points hold one change of each gene, and two single changes have no order.
        """
        if self.times.size < MIN_TIME_POINTS:
            return f"{self.times.size} time points, an order needs {MIN_TIME_POINTS}"
        sizes = np.bincount(self.label)
        if sizes.min() < min_cells:
            point = int(sizes.argmin())
            return f"{sizes[point]} cells at time {self.times[point]:g}, expected {min_cells}"
        return ""
