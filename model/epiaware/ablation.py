"""Candidates changed on purpose, to see what they are worth: randomised, fewer, nearer, none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class CandidateSet:
    """Gene-peak candidates apart from the data set that they came with.

    Parameters
    ----------
    near_index
        (2, num_near) [gene, peak], sorted by gene, nearest peak first.
    near_distance
        Distance of each pair in bp, (num_near,).
    """

    near_index: Integers
    near_distance: NDArray[np.floating] | NDArray[np.integer]

    def within(self, window_bp: float) -> Self:
        """Those at most so far from their gene, such as 5,000, 50,000 or 100,000 bp."""
        return self._where(np.asarray(self.near_distance) <= window_bp)

    def nearest(self, num_peaks: int) -> Self:
        """At most so many of each gene, the nearest."""
        gene = self.near_index[0]
        return self._where(np.arange(gene.size) - np.searchsorted(gene, gene) < num_peaks)

    def without_peaks(self) -> Self:
        """No candidate at all: what RNA alone can do."""
        return self._where(np.zeros(self.near_index.shape[1], dtype=bool))

    def randomised(self, *, num_peaks: int, seed: int) -> Self:
        """Any peaks of the data set in their place: as many distinct ones for each gene, distances kept.

        Parameters
        ----------
        num_peaks
            Peaks of the data set.
        """
        generator = np.random.default_rng(seed)
        gene = self.near_index[0]
        peak = _draw_distinct(gene, draw=lambda size: generator.integers(num_peaks, size=size))
        return type(self)(np.stack([gene, peak]), self.near_distance)

    def dealt_anew(self, *, seed: int) -> Self:
        """The same peaks dealt to other genes: a peak stays the candidate of as many genes, where it can.

        Stricter than `randomised`, which also draws peaks that are near no gene.
        """
        generator = np.random.default_rng(seed)
        gene, peak = self.near_index
        peak = generator.permutation(peak)
        spare = np.unique(peak)
        dealt = _draw_distinct(
            gene, draw=lambda size: spare[generator.integers(spare.size, size=size)], start=peak
        )
        return type(self)(np.stack([gene, dealt]), self.near_distance)

    def _where(self, kept: NDArray[np.bool_]) -> Self:
        return type(self)(self.near_index[:, kept], np.asarray(self.near_distance)[kept])


def _draw_distinct(
    gene: Integers, *, draw: Callable[[int], Integers], start: Integers | None = None
) -> Integers:
    """A peak for each row, drawn again while a gene has it twice."""
    peak = draw(gene.size) if start is None else start.copy()
    for _ in range(1000):
        order = np.lexsort((peak, gene))
        same = (np.diff(gene[order]) == 0) & (np.diff(peak[order]) == 0)
        again = order[1:][same]
        if again.size == 0:
            break
        peak[again] = draw(again.size)
    return peak
