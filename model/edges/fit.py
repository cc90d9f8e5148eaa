"""Trains the regulator-target head, weighs its two readings on validation edges, and scores all pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset

from graph.progress import Progress, silent
from graph.validation.swap import score_swaps, swap_pairs
from graph.validation.universe import Universe
from model.edges.calibration import Calibration, fit_calibration
from model.edges.features import Messages
from model.edges.folds import EdgeSplit, Integers
from model.edges.head import RegulatorTargetHead
from model.edges.supervision import (
    FAME_MATCHED,
    POSITIVE,
    UNIFORM,
    OutOfFold,
    Regulators,
    Supervision,
    blocks,
    supervise,
)
from model.training import TrainingPlan, train

Scores = npt.NDArray[np.float32]
FAME_WEIGHTS: Final = (0.0, 0.1, 0.3, 0.6, 1.0)
"""Weights of the fame-matched reading beside the ranking one; validation edges choose."""


@dataclass(frozen=True)
class HeadConfig:
    """How the head is trained; saved with the run."""

    hidden: int = 32
    dropout: float = 0.1
    learning_rate: float = 3e-3
    weight_decay: float = 1e-2
    batch_size: int = 2048
    num_epochs: int = 12
    num_folds: int = 5
    negatives_per_positive: int = 10
    num_heads: int = 3
    test_rate: float = 0.2
    validation_rate: float = 0.1


@dataclass(frozen=True)
class FittedHead:
    """An ensemble of heads that differ by seed, the weight between their readings, and the calibration.

    Parameters
    ----------
    messages
        Propagation over the training edges: validation and test edges are not in it.
    out_of_fold
        Features of the training edges themselves, so that known edges are scored as if they were not known.
    """

    heads: tuple[RegulatorTargetHead, ...]
    messages: Messages
    regulators: Regulators
    out_of_fold: OutOfFold
    fame_weight: float = 0.0
    calibration: Calibration = field(default_factory=Calibration)

    def scores(self, z: Tensor, *, context: int) -> tuple[Scores, Scores]:
        """Return calibrated scores of all pairs in one context, and their standard deviation over heads.

        Parameters
        ----------
        z
            `(num_measured, d)` embedding of the genes in the context.
        context
            Position of the context, for the out-of-fold features of the training edges.

        Returns
        -------
        scores, uncertainty
            Each `(num_regulators, num_measured)` in [0, 1]: the probability that the training source
            lists the pair.
        """
        logits = self.logits(z, context=context)
        probabilities = self.calibration.probability(logits)  # (num_heads, T, G)
        return probabilities.mean(0), probabilities.std(0)

    def logits(self, z: Tensor, *, context: int) -> Scores:
        """Return `(num_heads, num_regulators, num_measured)`, both readings combined."""
        first, second = self.readings(z, context=context)
        return first + np.float32(self.fame_weight) * second

    @torch.inference_mode()
    def readings(self, z: Tensor, *, context: int) -> tuple[Scores, Scores]:
        """Return the logits of both readings, each `(num_heads, num_regulators, num_measured)`."""
        shape = (2, len(self.heads), len(self.regulators.gene), z.shape[0])
        logits = np.empty(shape, dtype=np.float32)
        known = tuple(self.out_of_fold.edges)
        for block, features in blocks(self.messages, self.regulators, z):
            for number, head in enumerate(self.heads):
                logits[:, number, block] = torch.stack(head(features)).numpy()
        for number, head in enumerate(self.heads):
            logits[:, number, known[0], known[1]] = torch.stack(
                head(self.out_of_fold.features[context])
            ).numpy()
        return logits[0], logits[1]


def fit_head(
    split: EdgeSplit,
    regulators: Regulators,
    z: Tensor,
    *,
    universe: Universe,
    config: HeadConfig,
    seed: int,
    progress: Progress = silent,
) -> FittedHead:
    """Return a trained, weighed and calibrated head.

    Parameters
    ----------
    z
        `(num_contexts, num_measured, d)` embeddings of the measured genes, the context `all` first.
    universe
        Regulators and measured genes, in the order of the tensors.
    """
    supervision, out_of_fold = supervise(
        split, regulators, z, num_folds=config.num_folds,
        negatives_per_positive=config.negatives_per_positive, seed=seed,
    )  # fmt: skip
    heads = [
        _train(supervision, config=config, seed=seed + number, progress=progress)
        for number in range(config.num_heads)
    ]
    messages = regulators.messages(split.messages, num_measured=z.shape[1])
    fitted = FittedHead(heads=tuple(heads), messages=messages, regulators=regulators, out_of_fold=out_of_fold)
    progress("weighing and calibrating on validation edges", None)
    return _weighed(fitted, split, z[0], universe=universe, seed=seed)


def _train(
    supervision: Supervision, *, config: HeadConfig, seed: int, progress: Progress
) -> RegulatorTargetHead:
    """Binary cross entropy of both readings, each against its own negatives."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = RegulatorTargetHead(hidden=config.hidden, dropout=config.dropout)
        head.standardise(supervision.features)
        plan = TrainingPlan(
            max_epochs=config.num_epochs,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            message="training the regulator-target head",
        )
        train(
            head,
            partial(_loss, head),
            batches=_batches(supervision, size=config.batch_size, seed=seed),
            plan=plan,
            progress=progress,
        )
    return head


def _batches(supervision: Supervision, *, size: int, seed: int) -> DataLoader[tuple[Tensor, ...]]:
    """Return shuffled batches; whole batches are drawn, one indexing each instead of 2,048."""
    dataset = TensorDataset(supervision.features, supervision.kind)
    order = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    return DataLoader(dataset, sampler=BatchSampler(order, batch_size=size, drop_last=False), batch_size=None)


def _loss(head: RegulatorTargetHead, batch: Sequence[Tensor]) -> Tensor:
    features, kind = batch
    ranking, fame_matched = head(features)
    return _against(ranking, kind, negative=UNIFORM) + _against(fame_matched, kind, negative=FAME_MATCHED)


def _against(logits: Tensor, kind: Tensor, *, negative: int) -> Tensor:
    chosen = (kind == POSITIVE) | (kind == negative)
    if not chosen.any():  # a short last batch may hold other negatives only
        return logits.sum() * 0
    labels = (kind[chosen] == POSITIVE).float()
    return torch.nn.functional.binary_cross_entropy_with_logits(logits[chosen], labels)


def _weighed(fitted: FittedHead, split: EdgeSplit, z: Tensor, *, universe: Universe, seed: int) -> FittedHead:
    """Choose the weight of the fame-matched reading and calibrate, both on validation edges."""
    first, second = (reading.mean(0) for reading in fitted.readings(z, context=0))
    candidates = universe.candidates(_codes(split.train, universe))
    labels = universe.mask(_codes(split.validation, universe))
    known = np.concatenate([_codes(split.train, universe), _codes(split.validation, universe)])
    pairs = swap_pairs(_codes(split.validation, universe), universe=universe, known=known, seed=seed)

    def worth(weight: float) -> float:
        logits = first + np.float32(weight) * second
        area = float(roc_auc_score(labels[candidates], logits[candidates]))
        return area + score_swaps(logits, pairs, seed=seed, num_bootstraps=1).pooled

    fame_weight = max(FAME_WEIGHTS, key=worth)
    logits = first + np.float32(fame_weight) * second
    num_edges = sum(part.shape[1] for part in (split.train, split.validation, split.test))
    calibration = fit_calibration(
        logits[candidates],
        labels[candidates],
        shown=split.validation.shape[1] / num_edges,
        removed=split.train.shape[1] / num_edges,
    )
    return replace(fitted, fame_weight=fame_weight, calibration=calibration)


def _codes(edges: Integers, universe: Universe) -> Integers:
    codes: Integers = edges[0] * universe.num_targets + edges[1]
    return codes
