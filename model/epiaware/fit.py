"""Stage 1 from counts to embeddings: split, start, train, judge on held-out metacells, pool by context."""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from graph.errors import InputError
from graph.progress import Progress, silent
from model.epiaware.backbone import Backbone
from model.epiaware.config import BackboneConfig
from model.epiaware.fitted import FittedBackbone
from model.epiaware.likelihood import GeneMeans, fit_gene_means, negative_binomial_log_prob
from model.epiaware.masking import HeldOutBatches, HiddenBatch, Measurements, TrainingBatches, hidden_folds
from model.epiaware.neighbours import AttentionGraph, nearest_genes
from model.epiaware.pooling import contexts_of, pool
from model.epiaware.tokens import Normalisation, latent_coordinates
from model.metacells import Metacells
from model.training import Epoch, TrainingPlan, train

STOP_FOLDS = 2
"""Sets of hidden genes that the early stopping looks at after each pass; the reported figures use all."""

IDENTITY_NOISE = 0.1
"""Standard deviation of the noise that tells features with the same coordinates apart."""


class Candidates(Protocol):
    """The gene-peak candidates of a data set."""

    @property
    def near_index(self) -> NDArray[np.int64]:
        """(2, num_near) [gene, peak], sorted by gene, nearest peak first."""
        ...

    @property
    def near_distance(self) -> NDArray[np.floating] | NDArray[np.integer]:
        """Distance of each pair in bp, (num_near,)."""
        ...


class Split(NamedTuple):
    """Metacells that train, that decide when to stop, and that only the reported figures see; sorted."""

    train: NDArray[np.int64]
    stop: NDArray[np.int64]
    held_out: NDArray[np.int64]


@dataclass(frozen=True)
class _Start:
    """What is fitted before the first step, on the training metacells only."""

    model: Backbone
    measurements: Measurements
    graph: AttentionGraph
    gene_means: GeneMeans


def fit_backbone(
    data: Candidates,
    metacells: Metacells,
    *,
    config: BackboneConfig | None = None,
    seed: int = 42,
    progress: Progress = silent,
) -> FittedBackbone:
    """A trained backbone, its embeddings by context, and its held-out figures beside those of the baseline.

    Everything fitted, the baseline and the nearest genes included, is fitted on the training metacells.

    Raises
    ------
    InputError
        The candidates do not fit the counts, or there are too few metacells to hold some out.

    References
    ----------
    EpiAwareNet, arXiv:2606.00685.
    """
    config = config or BackboneConfig()
    _check_candidates(data, metacells)
    split = split_metacells(metacells.labels, config=config, seed=seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        start = _start(data, metacells, train=split.train, config=config)
        epochs = _train(start, split, config=config, seed=seed, progress=progress)
    held_out, baseline = _judge(start, split.held_out, config=config, seed=seed)
    contexts = contexts_of(metacells.labels)
    return FittedBackbone(
        config=config,
        parameters={name: value.detach() for name, value in start.model.state_dict().items()},
        contexts=pool(start.model, start.measurements, start.graph, contexts=contexts, progress=progress),
        history=epochs,
        held_out_nll=held_out,
        baseline_nll=baseline,
    )


def split_metacells(labels: NDArray[np.str_], *, config: BackboneConfig, seed: int) -> Split:
    """Metacells of every label dealt to the three parts by the configured rates.

    Raises
    ------
    InputError
        A part would be empty.
    """
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(labels.size)
    order = shuffled[np.argsort(labels[shuffled], kind="stable")]
    # a low-discrepancy sequence along the labels gives each of them its share of every part
    place = (np.arange(labels.size) * 0.6180339887498949 + generator.random()) % 1
    stop, held_out = config.stop_rate, config.stop_rate + config.held_out_rate
    chosen = place >= held_out, place < stop, (place >= stop) & (place < held_out)
    parts = Split(*(np.sort(order[part]) for part in chosen))
    if min(part.size for part in parts) == 0:
        raise InputError(
            f"{labels.size} metacells are too few to train, stop and hold out",
            hint="make smaller metacells, or give more cells",
        )
    return parts


def _check_candidates(data: Candidates, metacells: Metacells) -> None:
    near, shape = data.near_index, (metacells.rna.shape[1], metacells.atac.shape[1])
    if near.ndim != 2 or near.shape[0] != 2 or near.shape[1] != data.near_distance.shape[0]:
        raise InputError(
            f"near_index must be (2, num_near) beside near_distance (num_near,), found {near.shape} and "
            f"{data.near_distance.shape}"
        )
    if near.size == 0:
        return
    faults = [
        f"{name} index {int(row.max())} of {size} in the counts"
        for name, row, size in zip(("gene", "peak"), near, shape, strict=True)
        if row.min() < 0 or row.max() >= size
    ]
    if (np.diff(near[0]) < 0).any():
        faults.append("near_index is not sorted by gene")
    if faults:
        raise InputError("the gene-peak candidates do not fit the counts", faults=faults)


def _start(
    data: Candidates, metacells: Metacells, *, train: NDArray[np.int64], config: BackboneConfig
) -> _Start:
    rna, atac = metacells.rna[train], metacells.atac[train]
    norms = Normalisation.fit(rna), Normalisation.fit(atac)
    gene_means = fit_gene_means(rna)
    rank = max(1, min(config.d, train.size // 4))
    genes, peaks = latent_coordinates([(rna, norms[0]), (atac, norms[1])], rank=rank)
    model = Backbone(
        config,
        gene_identity=_identity(genes, d=config.d),
        peak_identity=_identity(peaks, d=config.d),
        log_proportions=torch.from_numpy(np.log(gene_means.proportions)).float(),
        log_theta=torch.from_numpy(np.log(gene_means.theta)).float(),
        log_distance=torch.from_numpy(np.log1p(np.asarray(data.near_distance) / 1e3)).float(),
    )
    return _Start(
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


def _train(
    start: _Start, split: Split, *, config: BackboneConfig, seed: int, progress: Progress
) -> tuple[Epoch, ...]:
    batches = TrainingBatches(
        start.measurements,
        start.graph,
        split.train,
        config.batch,
        mask_rate=config.mask_rate,
        num_blocks=config.num_blocks,
        generator=np.random.default_rng(seed),
    )
    stop = _held_out_batches(start, split.stop, config=config, seed=seed, num_folds=STOP_FOLDS)
    plan = TrainingPlan(
        max_epochs=config.max_epochs,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        patience=config.patience,
        accelerator=config.accelerator,
        message="stage 1",
    )
    loss = partial(_loss, start.model)
    return train(start.model, loss, batches=batches, held_out=stop, plan=plan, progress=progress)


def _loss(model: Backbone, batch: HiddenBatch) -> torch.Tensor:
    return model.negative_log_likelihood(
        batch.inputs, targets=batch.targets, counts=batch.counts, log_size=batch.log_size
    )


def _held_out_batches(
    start: _Start, rows: NDArray[np.int64], *, config: BackboneConfig, seed: int, num_folds: int | None = None
) -> HeldOutBatches:
    folds = hidden_folds(start.graph.num_genes, mask_rate=config.mask_rate, seed=seed)
    return HeldOutBatches(
        start.measurements,
        start.graph,
        rows,
        config.batch,
        num_blocks=config.num_blocks,
        folds=folds[:num_folds],
    )


def _judge(
    start: _Start, rows: NDArray[np.int64], *, config: BackboneConfig, seed: int
) -> tuple[float, float]:
    """Mean negative log likelihood of the backbone and of the baseline, every gene hidden once."""
    log_proportions = torch.from_numpy(np.log(start.gene_means.proportions)).float()
    log_theta = torch.from_numpy(np.log(start.gene_means.theta)).float()
    sums, num_counts = np.zeros(2), 0
    start.model.eval()
    for batch in _held_out_batches(start, rows, config=config, seed=seed):
        genes = batch.targets
        baseline = negative_binomial_log_prob(
            batch.counts,
            log_mean=log_proportions[genes, None] + batch.log_size,
            log_theta=log_theta[genes, None],
        )
        with torch.inference_mode():
            fitted = float(_loss(start.model, batch)) * batch.counts.numel()
        sums += fitted, -float(baseline.double().sum())
        num_counts += batch.counts.numel()
    return float(sums[0] / num_counts), float(sums[1] / num_counts)
