"""Hidden genes: which, and the batches in which nothing of them but their identity is left."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray

from model.epiaware.backbone import Inputs
from model.epiaware.likelihood import log_size_factors
from model.epiaware.neighbours import AttentionGraph
from model.epiaware.tokens import Normalisation


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
    """

    inputs: Inputs
    targets: torch.Tensor
    counts: torch.Tensor
    log_size: torch.Tensor


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
        graph: AttentionGraph,
        num_blocks: int,
        hide: bool = True,
    ) -> HiddenBatch:
        """Metacells `rows`, the field of the genes `targets`, hidden or (to embed them) visible.

        Library sizes are of the visible genes, so that no hidden count reaches a value or an offset.
        """
        field = graph.receptive_field(targets, num_blocks=num_blocks)
        genes, peaks = field.genes.numpy(), field.peaks.numpy()
        counts = self.rna[rows].toarray().astype(np.float32)
        hidden = np.zeros(counts.shape[1], dtype=bool)
        hidden[targets] = hide
        log_size = log_size_factors(
            counts[:, ~hidden].sum(axis=1, dtype=np.float64), float(self.proportions[~hidden].sum())
        )
        gene_values = self.rna_norm.values(counts[:, genes], totals=np.exp(log_size), features=genes)
        accessible = self.atac[rows].toarray()[:, peaks].astype(np.float32)
        peak_values = self.atac_norm.values(accessible, totals=self.atac_totals[rows], features=peaks)
        gene_values[:, hidden[genes]] = 0
        return HiddenBatch(
            Inputs(
                field,
                torch.from_numpy(np.ascontiguousarray(gene_values.T)),
                torch.from_numpy(np.ascontiguousarray(peak_values.T)),
                torch.from_numpy(hidden[genes]),
            ),
            torch.from_numpy(targets),
            torch.from_numpy(np.ascontiguousarray(counts[:, targets].T)),
            torch.from_numpy(log_size.astype(np.float32)),
        )


def hidden_folds(num_genes: int, *, mask_rate: float, seed: int) -> list[NDArray[np.int64]]:
    """Genes dealt into sets of about `mask_rate` each, so that every gene is hidden exactly once."""
    order = np.random.default_rng(seed).permutation(num_genes)
    return [np.sort(fold) for fold in np.array_split(order, max(2, round(1 / mask_rate)))]


@dataclass(frozen=True)
class TrainingBatches:
    """Every pass visits all metacells in a new order and hides new genes; the seed decides which.

    Parameters
    ----------
    rows
        The metacells that train.
    """

    measurements: Measurements
    graph: AttentionGraph
    rows: NDArray[np.int64]
    batch: int
    mask_rate: float
    num_blocks: int
    generator: np.random.Generator

    def __len__(self) -> int:
        return _num_parts(self.rows, self.batch)

    def __iter__(self) -> Iterator[HiddenBatch]:
        order = self.generator.permutation(self.rows)
        num_hidden = max(1, round(self.mask_rate * self.graph.num_genes))
        for rows in np.array_split(order, len(self)):
            targets = self.generator.choice(self.graph.num_genes, size=num_hidden, replace=False)
            yield self.measurements.batch(
                rows, targets=np.sort(targets), graph=self.graph, num_blocks=self.num_blocks
            )


@dataclass(frozen=True)
class HeldOutBatches:
    """The same metacells and the same hidden genes in every pass.

    Parameters
    ----------
    folds
        Sets of genes that are hidden one after the other.
    """

    measurements: Measurements
    graph: AttentionGraph
    rows: NDArray[np.int64]
    batch: int
    num_blocks: int
    folds: list[NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.folds) * _num_parts(self.rows, self.batch)

    def __iter__(self) -> Iterator[HiddenBatch]:
        parts = np.array_split(self.rows, _num_parts(self.rows, self.batch))
        for targets in self.folds:
            for rows in parts:
                yield self.measurements.batch(
                    rows, targets=targets, graph=self.graph, num_blocks=self.num_blocks
                )


def _num_parts(rows: NDArray[np.int64], batch: int) -> int:
    return math.ceil(rows.size / batch)
