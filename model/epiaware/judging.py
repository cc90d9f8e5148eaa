"""Hidden counts of metacells that did not train, by the backbone and by its baseline."""

import math

import numpy as np
import torch
from numpy.typing import NDArray

from model.epiaware.backbone import Backbone
from model.epiaware.config import BackboneConfig
from model.epiaware.likelihood import negative_binomial_log_prob
from model.epiaware.masking import HeldOutBatches, HiddenBatch, hidden_folds
from model.epiaware.start import Start


def negative_log_likelihood(model: Backbone, batch: HiddenBatch) -> torch.Tensor:
    """Mean over the hidden counts of a batch, in nats."""
    return model.negative_log_likelihood(
        batch.inputs, targets=batch.targets, counts=batch.counts, log_size=batch.log_size
    )


def held_out_batches(
    start: Start,
    rows: NDArray[np.int64],
    *,
    config: BackboneConfig,
    seed: int,
    num_folds: int | None = None,
    parts: int = 1,
) -> HeldOutBatches:
    """Metacells `rows` with one set of genes hidden after the other; None takes all sets.

    Parameters
    ----------
    parts
        Batches that the configured one is computed in.
    """
    folds = hidden_folds(start.graph.num_genes, mask_rate=config.mask_rate, seed=seed)
    return HeldOutBatches(
        start.measurements,
        start.graph,
        rows,
        math.ceil(config.batch / parts),
        num_blocks=config.num_blocks,
        folds=folds[:num_folds],
    )


def judge(
    start: Start, rows: NDArray[np.int64], *, config: BackboneConfig, seed: int, parts: int
) -> tuple[float, float]:
    """Mean negative log likelihood of the backbone and of the baseline, every gene hidden once."""
    log_proportions = torch.from_numpy(np.log(start.gene_means.proportions)).float()
    log_theta = torch.from_numpy(np.log(start.gene_means.theta)).float()
    sums, num_counts = np.zeros(2), 0
    start.model.eval()
    for batch in held_out_batches(start, rows, config=config, seed=seed, parts=parts):
        genes = batch.targets
        baseline = negative_binomial_log_prob(
            batch.counts,
            log_mean=log_proportions[genes, None] + batch.log_size,
            log_theta=log_theta[genes, None],
        )
        with torch.inference_mode():
            fitted = float(negative_log_likelihood(start.model, batch)) * batch.counts.numel()
        sums += fitted, -float(baseline.double().sum())
        num_counts += batch.counts.numel()
    return float(sums[0] / num_counts), float(sums[1] / num_counts)
