"""Features of the pairs that supervise, and of all pairs of a context, in blocks of regulators."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from model.edges.features import CONTENT, FEATURES, STRUCTURE, Messages
from model.edges.folds import EdgeSplit, Fold, Integers, fold_of, folds

POSITIVE: Final = 0
UNIFORM: Final = 1
FAME_MATCHED: Final = 2
BLOCK = 64
"""Regulators whose features are held at once: 64 x 12,000 genes x 11 features are 34 MB."""


@dataclass(frozen=True)
class Regulators:
    """What the features need to know of the regulators besides the edges.

    Parameters
    ----------
    gene
        `(num_regulators,)` position among the measured genes, -1 for none.
    kin_index
        `(2, num_kin)` ordered pairs of one DNA-binding family.
    num_genes
        Number of genes that messages pass, those that the cells do not show included.
    """

    gene: Tensor
    kin_index: Tensor
    num_genes: int

    def messages(self, edges: Integers, *, num_measured: int) -> Messages:
        """Return the propagation over some edges `(2, num_edges)`."""
        return Messages(
            torch.from_numpy(edges),
            self.kin_index,
            num_regulators=len(self.gene),
            num_genes=self.num_genes,
            num_measured=num_measured,
        )


@dataclass(frozen=True)
class Supervision:
    """Pairs with their features, each computed without the pair's own fold.

    Parameters
    ----------
    features
        `(num_pairs, num_features)`.
    kind
        `(num_pairs,)` POSITIVE, UNIFORM or FAME_MATCHED.
    """

    features: Tensor
    kind: Tensor


@dataclass(frozen=True)
class OutOfFold:
    """Features of each training edge in each context, from messages that lack the edge's fold.

    Parameters
    ----------
    edges
        `(2, num_edges)`.
    features
        `(num_contexts, num_edges, num_features)`.
    """

    edges: Integers
    features: Tensor


def supervise(
    split: EdgeSplit,
    regulators: Regulators,
    z: Tensor,
    *,
    num_folds: int,
    negatives_per_positive: int,
    seed: int,
) -> tuple[Supervision, OutOfFold]:
    """Return the supervising pairs, each in a context drawn at random, and the training edges in all.

    Parameters
    ----------
    z
        `(num_contexts, num_measured, d)`.
    """
    shape = (len(regulators.gene), z.shape[1])
    fold = fold_of(split.train.shape[1], num_folds=num_folds, seed=seed)
    turns = folds(
        split,
        fold,
        shape=shape,
        self_gene=regulators.gene.numpy(),
        negatives_per_positive=negatives_per_positive,
        seed=seed,
    )
    rng = np.random.default_rng(seed)
    features, kinds = [], []
    out_of_fold = torch.empty(len(z), split.train.shape[1], len(FEATURES))
    for number, turn in enumerate(turns):
        messages = regulators.messages(turn.messages, num_measured=shape[1])
        pairs, kind = _labelled(turn)
        contexts = torch.from_numpy(rng.integers(0, len(z), pairs.shape[1]))
        by_context = features_of(messages, regulators, z, pairs)  # (contexts, num_pairs, F)
        features.append(by_context[contexts, torch.arange(len(contexts))])
        kinds.append(kind)
        out_of_fold[:, fold == number] = by_context[:, kind == POSITIVE]
    return (
        Supervision(features=torch.cat(features), kind=torch.cat(kinds)),
        OutOfFold(edges=split.train, features=out_of_fold),
    )


def features_of(messages: Messages, regulators: Regulators, z: Tensor, pairs: Tensor) -> Tensor:
    """Return the features of chosen pairs `(2, n)` in every context, `(num_contexts, n, F)`."""
    chosen = torch.empty(len(z), pairs.shape[1], len(FEATURES))
    for block in torch.split(torch.arange(len(regulators.gene)), BLOCK):
        inside = (pairs[0] >= block[0]) & (pairs[0] <= block[-1])
        t, g = pairs[0, inside] - block[0], pairs[1, inside]
        chosen[:, inside, : len(STRUCTURE)] = messages.structure(block)[t, g]
        for number, z_context in enumerate(z):
            content = messages.content(block, z_context, regulators.gene)
            chosen[number, inside, -len(CONTENT) :] = content[t, g]
    return chosen


def blocks(messages: Messages, regulators: Regulators, z: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield blocks of regulators and the features of all their pairs, `(rows, num_measured, F)`.

    Parameters
    ----------
    z
        `(num_measured, d)` of one context.
    """
    for block in torch.split(torch.arange(len(regulators.gene)), BLOCK):
        content = messages.content(block, z, regulators.gene)
        yield block, torch.cat((messages.structure(block), content), dim=-1)


def _labelled(turn: Fold) -> tuple[Tensor, Tensor]:
    parts = (turn.positives, turn.uniform, turn.fame_matched)
    kinds = [np.full(part.shape[1], kind) for kind, part in enumerate(parts)]
    return torch.from_numpy(np.concatenate(parts, axis=1)), torch.from_numpy(np.concatenate(kinds))
