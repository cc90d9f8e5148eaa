"""What is fitted before the first step of training."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from model.epiaware.backbone import Backbone
from model.epiaware.candidates import Candidates
from model.epiaware.config import BackboneConfig
from model.epiaware.latent import latent_coordinates
from model.epiaware.likelihood import GeneMeans, fit_gene_means
from model.epiaware.masking import Measurements
from model.epiaware.neighbours import AttentionGraph, nearest_genes
from model.epiaware.tokens import Normalisation
from model.metacells import Metacells

IDENTITY_NOISE = 0.1
"""Standard deviation of the noise that tells features with the same coordinates apart."""


@dataclass(frozen=True)
class Start:
    """What is fitted before the first step, on the training metacells only."""

    model: Backbone
    measurements: Measurements
    graph: AttentionGraph
    gene_means: GeneMeans


def begin(
    data: Candidates, metacells: Metacells, *, train: NDArray[np.int64], config: BackboneConfig, seed: int
) -> Start:
    """The model before training, and all that is fitted on the metacells `train`; torch's generator draws."""
    rna, atac = metacells.rna[train], metacells.atac[train]
    norms = Normalisation.fit(rna), Normalisation.fit(atac)
    gene_means = fit_gene_means(rna)
    rank = max(1, min(config.d, train.size // 4))
    genes, peaks = latent_coordinates([(rna, norms[0]), (atac, norms[1])], rank=rank, seed=seed)
    model = Backbone(
        config,
        gene_identity=_identity(genes, d=config.d),
        peak_identity=_identity(peaks, d=config.d),
        log_proportions=torch.from_numpy(np.log(gene_means.proportions)).float(),
        log_theta=torch.from_numpy(np.log(gene_means.theta)).float(),
        log_distance=torch.from_numpy(np.log1p(np.asarray(data.near_distance) / 1e3)).float(),
    )
    return Start(
        model=model,
        measurements=Measurements(metacells.rna, metacells.atac, *norms, gene_means.proportions),
        graph=AttentionGraph(
            nearest_genes(genes, k=config.num_neighbours), data.near_index, metacells.atac.shape[1]
        ),
        gene_means=gene_means,
    )


def _identity(coordinates: NDArray[np.float32], *, d: int) -> torch.Tensor:
    """Coordinates brought to the scale of a token, padded to d columns, with a little noise."""
    noise = IDENTITY_NOISE * torch.randn(coordinates.shape[0], d)
    noise[:, : coordinates.shape[1]] += torch.from_numpy(coordinates) * d**0.5
    return noise
