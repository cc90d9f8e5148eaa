"""Levels of genes by time point, with bootstrap resamples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.lags.association import association_p
from model.lags.config import LagConfig
from model.lags.measurements import BLOCK_ELEMENTS, Measurements
from model.lags.time_points import TimePoints

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Profiles:
    """Depth-normalised levels of G genes at K time points.

    Parameters
    ----------
    levels
        Observed level, shape (G, K): the summed counts over the summed depth.
    resampled
        The same in B resamples of the cells within their time points, shape (G, K, B), float32.
        Profiles from the same cells and seed hold the same resamples, so that two genes keep the
        correlation of their noise, and time that runs backwards changes nothing but the order.
    p
        Association with time, shape (G,).
    unusable
        Why a gene cannot be tested, empty if it can, shape (G,).
    """

    levels: Floats
    resampled: NDArray[np.float32]
    p: Floats
    unusable: NDArray[np.str_]

    @classmethod
    def estimate(
        cls, measured: Measurements, points: TimePoints, *, config: LagConfig, seed: int
    ) -> "Profiles":
        """Return the profiles of all measured genes."""
        observed = np.ones((1, measured.num_cells), dtype=np.float32)
        by_point = [points.members(point) for point in range(points.times.size)]
        levels = np.stack([_rates(measured, cells, observed[:, cells]) for cells in by_point], axis=1)
        return cls(
            levels=levels[:, :, 0].astype(np.float64),
            resampled=_resample(measured, points, num_bootstraps=config.num_bootstraps, seed=seed),
            p=association_p(measured, points, num_permutations=config.num_permutations, seed=seed),
            unusable=measured.unusable(min_detected=config.min_detected),
        )


def _rates(
    measured: Measurements, cells: NDArray[np.intp], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the level of each gene in each weighting (B, n) of n cells, shape (G, B)."""
    depth = np.maximum(weights @ measured.depth[cells], np.finfo(np.float32).tiny)
    rates = np.empty((measured.num_genes, weights.shape[0]), dtype=np.float32)
    for block, counts in measured.blocks(cells):
        rates[block] = (counts.T @ weights.T) / depth
    return rates


def _resample(
    measured: Measurements, points: TimePoints, *, num_bootstraps: int, seed: int
) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    resampled = np.empty((measured.num_genes, points.times.size, num_bootstraps), dtype=np.float32)
    for point in points.by_first_cell():
        cells = points.members(point)
        step = max(1, BLOCK_ELEMENTS // cells.size)
        for start in range(0, num_bootstraps, step):
            block = slice(start, min(start + step, num_bootstraps))
            even = np.full(cells.size, 1 / cells.size)
            weights = rng.multinomial(cells.size, even, size=block.stop - block.start)
            resampled[:, point, block] = _rates(measured, cells, weights.astype(np.float32))
    return resampled
