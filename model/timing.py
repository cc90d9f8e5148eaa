"""The lags of a data set, where its cells have real time points; null everywhere else."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from model.data import Neighbourhoods
from model.lags.activity import gene_activity
from model.lags.chromatin import Depths, estimate_chromatin_lags
from model.lags.config import LagConfig
from model.lags.edges import estimate_edge_lags
from model.lags.results import EdgeLags, GeneLags, not_estimated
from model.matrices import Matrices, cell_times

NO_TIME = "the data set has no time points"


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
        return not_estimated(pairs.shape[1], reason=NO_TIME, unit=config.unit)
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
    if time is None:
        return GeneLags.untested(np.full(num_genes, NO_TIME), unit=config.unit)
    config = replace(config, unit=hoods.dataset["time_unit"] or config.unit)
    activity = gene_activity(matrices.atac, hoods.near_index, weights, num_genes=num_genes)
    depths = Depths(activity=np.asarray(matrices.atac.sum(axis=1)).ravel())
    return estimate_chromatin_lags(matrices.rna, activity, time, config=config, seed=seed, depths=depths)
