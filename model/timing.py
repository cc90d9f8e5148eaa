"""The lags of a data set: by its time points, else along a pseudotime from a stated root, else null."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from graph.errors import InputError
from model.data import Neighbourhoods
from model.lags.activity import gene_activity
from model.lags.chromatin import Depths, estimate_chromatin_lags
from model.lags.config import LagConfig
from model.lags.edges import estimate_edge_lags
from model.lags.pseudotime import Pseudotime, diffusion_pseudotime
from model.lags.results import EdgeLags, GeneLags, not_estimated
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig
from model.matrices import Matrices, cell_times

NO_TIME = "the data set has no time points, and no root of a pseudotime is stated"
NO_EDGES = "lags of edges need time points; along a pseudotime only those of chromatin are estimated"


def edge_lags(
    matrices: Matrices,
    hoods: Neighbourhoods,
    pairs: npt.NDArray[np.int64],
    *,
    config: LagConfig,
    seed: int,
) -> EdgeLags:
    """Return the lag of each pair `(2, num_pairs)` of regulator and measured gene, over all cells."""
    time = cell_times(hoods, matrices)
    if time is None:
        reason = NO_TIME if config.root is None else NO_EDGES
        return not_estimated(pairs.shape[1], reason=reason, unit=config.unit)
    config = replace(config, unit=hoods.dataset["time_unit"] or config.unit)
    genes = np.stack([hoods.regulator_gene[pairs[0]], pairs[1]])
    return estimate_edge_lags(matrices.rna, time, genes, config=config, seed=seed)


def chromatin_lags(
    matrices: Matrices,
    hoods: Neighbourhoods,
    weights: npt.NDArray[np.float32],
    *,
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
    time = cell_times(hoods, matrices)
    if time is None and config.root is None:
        return GeneLags.untested(np.full(num_genes, NO_TIME), unit=config.unit)
    activity = gene_activity(matrices.atac, hoods.near_index, weights, num_genes=num_genes)
    depths = Depths(activity=np.asarray(matrices.atac.sum(axis=1)).ravel())
    if time is None:
        return _along_pseudotime(matrices, activity, config=config, seed=seed, depths=depths)
    config = replace(config, unit=hoods.dataset["time_unit"] or config.unit)
    return estimate_chromatin_lags(matrices.rna, activity, time, config=config, seed=seed, depths=depths)


def _along_pseudotime(
    matrices: Matrices, activity: sp.csr_matrix, *, config: LagConfig, seed: int, depths: Depths
) -> GeneLags:
    """Return the lags from a stated root on; untested, with the reason, where there is no trajectory."""
    settings = TrajectoryConfig(min_detected=config.min_detected, fdr=config.fdr)
    order = order_from(matrices, str(config.root), seed=seed)
    if order.obstacle:
        reason = f"{order.obstacle}: lags are not estimated"
        return GeneLags.untested(np.full(matrices.rna.shape[1], reason), unit=settings.unit)
    return estimate_trajectory_lags(
        matrices.rna, activity, order.time, config=settings, seed=seed, depths=depths
    )


def order_from(matrices: Matrices, root: str, *, seed: int) -> Pseudotime:
    """Return the order of the cells that starts at the one with the barcode `root`.

    Raises
    ------
    InputError
        No cell, or more than one, has the barcode.
    """
    here = np.flatnonzero(matrices.obs.index == root)
    if here.size != 1:
        raise InputError(
            f"expected the root of the pseudotime to be one cell, found {here.size} named {root!r}",
            hint="state the barcode of a cell at the start, as in the obs names of the data set",
        )
    return diffusion_pseudotime(matrices.rna, root=int(here[0]), seed=seed)
