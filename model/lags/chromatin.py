"""Lags between a gene's chromatin and its RNA from real time points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from graph.errors import InputError
from model.lags.config import LagConfig
from model.lags.measurements import Counts, Measurements
from model.lags.pairs import Series, estimate_pair_lags
from model.lags.profiles import Profiles
from model.lags.results import GeneLags
from model.lags.time_points import TimePoints


@dataclass(frozen=True)
class Depths:
    """Total count of each cell in the two modalities, shape (N,); None: summed over the given genes."""

    rna: ArrayLike | None = None
    activity: ArrayLike | None = None


def estimate_chromatin_lags(
    rna: Counts,
    activity: Counts,
    time: ArrayLike,
    *,
    config: LagConfig | None = None,
    seed: int,
    depths: Depths | None = None,
) -> GeneLags:
    """Return the lag between the accessibility of each gene and its own RNA.

    The estimate and its test are those of `edges.estimate_edge_lags`, with the chromatin in the place of the
    regulator: positive means that the chromatin changes first.

    Parameters
    ----------
    rna
        Raw counts, shape (N, G).
    activity
        Accessibility of the same genes in the same cells, shape (N, G), see `activity.gene_activity`.
    time
        When each cell was sampled, shape (N,), in `config.unit`.
    depths
        Give the total over all peaks where linked peaks are few: a sum over the genes' own peaks would divide
        their changes out.

    Raises
    ------
    InputError
        The two matrices, time or depths do not fit each other, or counts are negative.
    """
    config, depths = config or LagConfig(), depths or Depths()
    expressed, open_ = sparse.csr_matrix(rna), sparse.csr_matrix(activity)
    if expressed.shape != open_.shape:
        raise InputError(
            f"expected the same cells and genes in both, found {expressed.shape} and {open_.shape}"
        )
    num_cells, num_genes = expressed.shape
    genes = np.arange(num_genes)
    points = TimePoints.from_cells(time, num_cells=num_cells)
    followed = Measurements.from_counts(expressed, genes=genes, depth=depths.rna)
    led = Measurements.from_counts(open_, genes=genes, depth=depths.activity)
    obstacle = points.obstacle(min_cells=config.min_cells)
    if obstacle or not num_genes:
        return GeneLags.untested(np.full(num_genes, obstacle), unit=config.unit)
    chromatin, expression = (
        Series.from_profiles(
            Profiles.estimate(measured, points, config=config, seed=seed),
            midpoints=points.midpoints,
            scales=config.scales,
        )
        for measured in (led, followed)
    )
    return estimate_pair_lags(GeneLags, chromatin, expression, pairs=np.stack([genes, genes]), config=config)
