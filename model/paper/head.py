"""The published second stage of EpiAwareNet: an MLP on the embeddings of a regulator and a target."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from graph.errors import InputError
from graph.progress import Progress, silent
from graph.validation.universe import Codes, Universe
from model.training import TrainingPlan, train

NO_CLIPPING = 0.0
"""The paper cuts no gradients."""


@dataclass(frozen=True)
class PaperHeadConfig:
    """Size and training of the head; the defaults are the paper's, but for `batch`, which it leaves open.

    Parameters
    ----------
    negatives_per_positive
        Unlabelled pairs drawn for each training edge, anew every epoch.
    batch
        Pairs of a step, unlabelled ones included; a training edge and its unlabelled pairs stay together.
    loss
        `bce` takes unlabelled pairs for negatives; `nnpu` is the non-negative risk of Kiryo et al. 2017.
    class_prior
        Share of true edges among the candidate pairs, in (0, 1); `nnpu` alone reads it. None takes the share
        of the training edges, the least that it can be.
    """

    hidden: int = 256
    dropout: float = 0.1
    learning_rate: float = 3e-4
    weight_decay: float = 1e-2
    epochs: int = 20
    negatives_per_positive: int = 10
    batch: int = 512
    loss: Literal["bce", "nnpu"] = "bce"
    class_prior: float | None = None

    def __post_init__(self) -> None:
        sizes = ("hidden", "epochs", "negatives_per_positive", "batch")
        faults = [f"{name}: expected 1 or more" for name in sizes if getattr(self, name) < 1]
        if not 0 <= self.dropout < 1:
            faults.append(f"dropout: expected a number in [0, 1), found {self.dropout}")
        if self.loss not in {"bce", "nnpu"}:
            faults.append(f"loss: expected bce or nnpu, found {self.loss}")
        if self.class_prior is not None and not 0 < self.class_prior < 1:
            faults.append(f"class_prior: expected a share in (0, 1), found {self.class_prior}")
        if faults:
            raise InputError("the head's configuration does not fit together", faults=faults)


class PairBatch(NamedTuple):
    """Regulator and target of each pair, `(2, num_pairs)` int64; some unlabelled ones a positive."""

    positive: Tensor
    unlabelled: Tensor


class PairBatches:
    """Training edges in a new order and new unlabelled pairs every pass.

    An unlabelled pair is any pair that is neither a training edge nor a self pair, all equally likely.

    Raises
    ------
    InputError
        There is no training edge, one is a self pair, or no pair is left unlabelled.
    """

    def __init__(self, train: Codes, *, universe: Universe, config: PaperHeadConfig, seed: int) -> None:
        self._train = np.unique(universe.checked(train, "train"))
        self._unlabelled = np.flatnonzero(universe.candidates(self._train))
        self._num_targets = universe.num_targets
        self._each = config.negatives_per_positive
        self._step = max(1, config.batch // (1 + self._each))
        self._generator = np.random.default_rng(seed)
        num_self = int(np.isin(self._train, universe.self_codes()).sum())
        if num_self:
            raise InputError(f"train: {num_self:,} edges lead from a gene to itself", hint="leave them out")
        if not self._train.size or not self._unlabelled.size:
            raise InputError(
                f"expected training edges and unlabelled pairs, found {self._train.size:,} and "
                f"{self._unlabelled.size:,} among {universe.num_codes:,} pairs",
                hint="name another training source",
            )

    @property
    def class_prior(self) -> float:
        """Share of the training edges among the candidate pairs, themselves included, in (0, 1)."""
        return self._train.size / (self._train.size + self._unlabelled.size)

    def __len__(self) -> int:
        return math.ceil(self._train.size / self._step)

    def __iter__(self) -> Iterator[PairBatch]:
        order = self._generator.permutation(self._train)
        drawn = self._generator.integers(self._unlabelled.size, size=order.size * self._each)
        unlabelled = self._unlabelled[drawn]
        for start in range(0, order.size, self._step):
            stop = start + self._step
            yield PairBatch(
                self._pairs(order[start:stop]),
                self._pairs(unlabelled[start * self._each : stop * self._each]),
            )

    def _pairs(self, codes: Codes) -> Tensor:
        return torch.from_numpy(np.stack(np.divmod(codes, self._num_targets)))


class PaperHead(nn.Module):
    """s(t, g) = MLP([z_t ; z_g]), one hidden layer.

    Parameters
    ----------
    regulators
        Embeddings of the regulators, `(num_regulators, d)` float32.
    targets
        Embeddings of the targets, `(num_targets, d)` float32.
    """

    regulators: Tensor
    targets: Tensor

    def __init__(self, regulators: Tensor, targets: Tensor, *, config: PaperHeadConfig) -> None:
        super().__init__()
        self.register_buffer("regulators", regulators)
        self.register_buffer("targets", targets)
        self.inner = nn.Linear(2 * targets.shape[1], config.hidden)
        self.dropout = nn.Dropout(config.dropout)
        self.outer = nn.Linear(config.hidden, 1)

    def forward(self, pairs: Tensor) -> Tensor:
        """Scores of pairs `(2, num_pairs)`, `(num_pairs,)`; the sigmoid of a score is its probability."""
        z = torch.cat([self.regulators[pairs[0]], self.targets[pairs[1]]], dim=1)
        scores: Tensor = self.outer(self.dropout(self.inner(z).relu())).squeeze(1)
        return scores

    @torch.inference_mode()
    def score_all(self) -> Tensor:
        """Scores of all pairs without dropout, `(num_regulators, num_targets)`, a regulator at a time.

        The inner layer is the sum of a part of the regulator and one of the target, each computed once.
        """
        width, weight = self.targets.shape[1], self.inner.weight
        outward = functional.linear(self.regulators, weight[:, :width], self.inner.bias)
        inward = functional.linear(self.targets, weight[:, width:])
        rows = [self.outer((inward + row).relu_()).squeeze(1) for row in outward]
        return torch.stack(rows)


def bce_risk(positive: Tensor, unlabelled: Tensor) -> Tensor:
    """Mean cross-entropy of scores; unlabelled pairs are taken for negatives."""
    labels = torch.cat([torch.ones_like(positive), torch.zeros_like(unlabelled)])
    return functional.binary_cross_entropy_with_logits(torch.cat([positive, unlabelled]), labels)


def nnpu_risk(positive: Tensor, unlabelled: Tensor, *, class_prior: float) -> Tensor:
    """Risk pi E_P[l(+1, s)] + max(0, E_U[l(-1, s)] - pi E_P[l(-1, s)]) with the hinge loss l.

    Kiryo et al. draw U from all pairs; here it lacks the training edges, so E_U is that of the other pairs.

    Parameters
    ----------
    positive, unlabelled
        Scores, each of any length but 0.
    class_prior
        pi, in (0, 1).

    References
    ----------
    Kiryo et al. 2017, arXiv:1703.00593
    """
    missed = class_prior * (1 - positive).relu().mean()
    false = (1 + unlabelled).relu().mean() - class_prior * (1 + positive).relu().mean()
    return missed + false.relu()


def fit_paper_head(
    z: NDArray[np.float32],
    regulator_gene: NDArray[np.int64],
    train_edges: Codes,
    *,
    universe: Universe,
    config: PaperHeadConfig | None = None,
    seed: int = 42,
    progress: Progress = silent,
) -> NDArray[np.float32]:
    """Return the scores of all pairs by a head trained on some edges, `(num_regulators, num_targets)`.

    A fixed number of epochs, no selection of a checkpoint. Scores are finite, higher = surer, before the
    sigmoid, which would tie the surest. The random numbers of the caller's torch are left as they were.

    Parameters
    ----------
    z
        Gene embeddings of the universe's targets in their order, `(num_targets, d)`; each column is
        standardised over the genes first.
    regulator_gene
        `(num_regulators,)` row of each regulator in `z`; -1 for one that the cells do not show, whose
        standardised embedding is 0.
    train_edges
        Codes of the training edges.

    Raises
    ------
    InputError
        The embeddings or the edges do not fit the universe, or the loss is no longer finite.

    References
    ----------
    EpiAwareNet, arXiv:2606.00685; nnPU: Kiryo et al. 2017, arXiv:1703.00593
    """
    config = config or PaperHeadConfig()
    _check(z, regulator_gene, universe=universe)
    batches = PairBatches(train_edges, universe=universe, config=config, seed=seed)
    targets = _standardised(z)
    regulators = targets[regulator_gene] * (regulator_gene >= 0)[:, None].astype(np.float32)
    with _one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = PaperHead(torch.from_numpy(regulators), torch.from_numpy(targets), config=config)
        prior = config.class_prior or batches.class_prior
        train(
            head,
            partial(_risk, head, class_prior=None if config.loss == "bce" else prior),
            batches=batches,
            plan=_plan(config),
            progress=progress,
        )
    return np.asarray(head.score_all().numpy(), dtype=np.float32)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Steps are too small to share: on busy cores, threads waiting for each other take six times as long."""
    num_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(num_threads)


def _risk(head: PaperHead, batch: PairBatch, *, class_prior: float | None) -> Tensor:
    """Risk of a batch; cross-entropy without a class prior."""
    scores: Tensor = head(torch.cat([batch.positive, batch.unlabelled], dim=1))
    positive, unlabelled = scores.tensor_split([batch.positive.shape[1]])
    if class_prior is None:
        return bce_risk(positive, unlabelled)
    return nnpu_risk(positive, unlabelled, class_prior=class_prior)


def _plan(config: PaperHeadConfig) -> TrainingPlan:
    return TrainingPlan(
        max_epochs=config.epochs,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        gradient_clip=NO_CLIPPING,
        message=f"the published head, {config.loss}",
    )


def _standardised(z: NDArray[np.float32]) -> NDArray[np.float32]:
    """Columns of mean 0 and variance 1; one that is the same for all genes becomes 0."""
    wide = z.astype(np.float64)
    spread = wide.std(axis=0)
    varies = np.ptp(z, axis=0) > 0
    return np.asarray((wide - wide.mean(axis=0)) * varies / np.where(varies, spread, 1), dtype=np.float32)


def _check(z: NDArray[np.float32], regulator_gene: NDArray[np.int64], *, universe: Universe) -> None:
    faults = []
    if z.ndim != 2 or z.shape[0] != universe.num_targets or z.shape[1] < 1:
        faults.append(f"z: expected ({universe.num_targets:,}, 1 or more), found {z.shape}")
    if not np.isfinite(z).all():
        faults.append("z: expected finite numbers, found NaN or infinity")
    if regulator_gene.shape != (universe.num_regulators,):
        faults.append(
            f"regulator_gene: expected ({universe.num_regulators:,},), found {regulator_gene.shape}"
        )
    elif regulator_gene.min() < -1 or regulator_gene.max() >= universe.num_targets:
        faults.append(
            f"regulator_gene: expected rows in [-1, {universe.num_targets:,}), found "
            f"{regulator_gene.min()} to {regulator_gene.max()}"
        )
    if faults:
        raise InputError("the embeddings do not fit the universe", faults=faults)
