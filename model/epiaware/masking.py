"""Hidden genes: which, and the batches in which nothing of them but their identity is left."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

# the state of a generator is numpy's own
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray

from model.epiaware.backbone import Inputs
from model.epiaware.likelihood import log_size_factors
from model.epiaware.neighbours import AttentionGraph, ReceptiveField
from model.epiaware.tokens import Normalisation, TokenValues


class HiddenBatch(NamedTuple):
    """Metacells with some genes hidden.

    Parameters
    ----------
    inputs
        What the backbone sees.
    targets
        The hidden genes, (num_targets,), sorted.
    counts
        Their raw counts, (num_targets, batch): the answer.
    log_size
        Log library size by the visible genes, (batch,).
    weight
        Share of the step that the batch is of, times the number of batches of the step.
    """

    inputs: Inputs
    targets: torch.Tensor
    counts: torch.Tensor
    log_size: torch.Tensor
    weight: float = 1.0


@dataclass(frozen=True)
class Measurements:
    """Counts of the metacells, and how they become the values of tokens.

    Parameters
    ----------
    rna, atac
        Raw counts, (num_metacells, num_genes) and (num_metacells, num_peaks).
    rna_norm, atac_norm
        Fitted on the metacells that train.
    proportions
        Share of each gene in the library, (num_genes,).
    """

    rna: sp.csr_matrix
    atac: sp.csr_matrix
    rna_norm: Normalisation
    atac_norm: Normalisation
    proportions: NDArray[np.float64]

    @cached_property
    def atac_totals(self) -> NDArray[np.float64]:
        """Fragments of each metacell."""
        return np.asarray(self.atac.sum(axis=1), dtype=np.float64).ravel()

    def batch(
        self,
        rows: NDArray[np.int64],
        *,
        targets: NDArray[np.int64],
        field: ReceptiveField,
        hide: bool = True,
    ) -> HiddenBatch:
        """Metacells `rows`, the `field` of the genes `targets`, hidden or (to embed them) visible.

        Library sizes are of the visible genes, so that no hidden count reaches a value or an offset.
        """
        rna = self.rna[rows]
        hidden = np.zeros(rna.shape[1], dtype=bool)
        hidden[targets] = hide
        visible = ~hidden
        log_size = log_size_factors(rna @ visible.astype(np.float64), float(self.proportions[visible].sum()))
        genes = TokenValues.of(
            rna, self.rna_norm, totals=np.exp(log_size), features=field.genes.numpy(), hidden=hidden
        )
        peaks = TokenValues.of(
            self.atac[rows],
            self.atac_norm,
            totals=self.atac_totals[rows],
            features=field.peaks.numpy(),
            hidden=np.zeros(self.atac.shape[1], dtype=bool),
        )
        return HiddenBatch(
            Inputs(field, genes, peaks),
            torch.from_numpy(targets),
            torch.from_numpy(np.ascontiguousarray(rna[:, targets].toarray().T.astype(np.float32))),
            torch.from_numpy(log_size.astype(np.float32)),
        )


def hidden_folds(num_genes: int, *, mask_rate: float, seed: int) -> list[NDArray[np.int64]]:
    """Genes dealt into sets of about `mask_rate` each, so that every gene is hidden exactly once."""
    order = np.random.default_rng(seed).permutation(num_genes)
    return [np.sort(fold) for fold in np.array_split(order, max(2, round(1 / mask_rate)))]


@dataclass(frozen=True)
class TrainingBatches:
    """Every pass visits all metacells in a new order and hides new genes; the seed decides which.

    The metacells of a step are computed in parts, one after the other or on several devices; their weighted
    mean is that of the whole.

    Parameters
    ----------
    rows
        The metacells that train.
    batch
        Metacells of a step.
    parts
        Batches that a step is computed in.
    share
        Which parts of a step are yielded: those whose number leaves the first when divided by the second.
    """

    measurements: Measurements
    graph: AttentionGraph
    rows: NDArray[np.int64]
    batch: int
    mask_rate: float
    num_blocks: int
    generator: np.random.Generator
    parts: int = 1
    share: tuple[int, int] = (0, 1)

    def __len__(self) -> int:
        return self._num_steps * len(self._mine)

    def __iter__(self) -> Iterator[HiddenBatch]:
        order = self.generator.permutation(self.rows)
        num_hidden = max(1, round(self.mask_rate * self.graph.num_genes))
        for rows in np.array_split(order, self._num_steps):
            targets = np.sort(self.generator.choice(self.graph.num_genes, size=num_hidden, replace=False))
            field = self.graph.receptive_field(targets, num_blocks=self.num_blocks)
            parts = np.array_split(rows, self.parts)
            for place in self._mine:
                # a step of fewer metacells than parts lends one without weight, so that all keep step
                part = parts[place] if parts[place].size else rows[:1]
                batch = self.measurements.batch(part, targets=targets, field=field)
                yield batch._replace(weight=parts[place].size * self.parts / rows.size)

    def shard(self, rank: int, num_ranks: int) -> Self:
        """What one of several devices computes of every step."""
        return replace(self, share=(rank, num_ranks))

    def state_dict(self) -> dict[str, Any]:
        """Where the generator stands."""
        return dict(self.generator.bit_generator.state)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where another stood."""
        self.generator.bit_generator.state = state

    @property
    def _num_steps(self) -> int:
        return _num_parts(self.rows, self.batch)

    @property
    def _mine(self) -> range:
        return range(self.share[0], self.parts, self.share[1])


@dataclass(frozen=True)
class HeldOutBatches:
    """The same metacells and the same hidden genes in every pass.

    Parameters
    ----------
    folds
        Sets of genes that are hidden one after the other.
    share
        Which batches are yielded: those whose number leaves the first when divided by the second.
    """

    measurements: Measurements
    graph: AttentionGraph
    rows: NDArray[np.int64]
    batch: int
    num_blocks: int
    folds: list[NDArray[np.int64]]
    share: tuple[int, int] = (0, 1)

    def __len__(self) -> int:
        return len(range(self.share[0], self._num_batches, self.share[1]))

    def __iter__(self) -> Iterator[HiddenBatch]:
        num_parts = _num_parts(self.rows, self.batch)
        parts = np.array_split(self.rows, num_parts)
        mean_size = self.rows.size / num_parts
        for number, targets in enumerate(self.folds):
            field = self.graph.receptive_field(targets, num_blocks=self.num_blocks)
            first = (self.share[0] - number * num_parts) % self.share[1]
            for rows in parts[first :: self.share[1]]:
                batch = self.measurements.batch(rows, targets=targets, field=field)
                yield batch._replace(weight=rows.size / mean_size)

    def shard(self, rank: int, num_ranks: int) -> Self:
        """What one of several devices scores."""
        return replace(self, share=(rank, num_ranks))

    @property
    def _num_batches(self) -> int:
        return len(self.folds) * _num_parts(self.rows, self.batch)


def _num_parts(rows: NDArray[np.int64], batch: int) -> int:
    return math.ceil(rows.size / batch)
