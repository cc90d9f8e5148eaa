"""Which edges carry messages, which supervise, which are held out: no edge is in its own features."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.errors import InputError

Integers = npt.NDArray[np.int64]
MIN_EDGES = 50
"""Fewer edges than this cannot be split into train, validation and test."""


@dataclass(frozen=True)
class EdgeSplit:
    """Three disjoint parts of the edges of the training source, each `(2, num_edges)`.

    Parameters
    ----------
    train
        Supervises; its folds take turns as messages.
    validation
        Chooses weights, stops early, calibrates.
    test
        Is judged once; nothing that is fitted sees it.
    background
        Edges to genes that the cells do not show: messages always, never supervision.
    """

    train: Integers
    validation: Integers
    test: Integers
    background: Integers

    @property
    def messages(self) -> Integers:
        """Edges whose features are used when the test edges are scored."""
        return np.concatenate([self.train, self.background], axis=1)


@dataclass(frozen=True)
class Fold:
    """One turn: the hidden fold supervises, the other folds carry the messages, each `(2, n)`."""

    messages: Integers
    positives: Integers
    uniform: Integers
    fame_matched: Integers


def split_edges(
    edges: Integers, *, num_measured: int, test_rate: float, validation_rate: float, seed: int
) -> EdgeSplit:
    """Return a random split of the edges.

    Raises
    ------
    InputError
        If fewer than 50 edges end at measured genes.
    """
    measured, background = edges[:, edges[1] < num_measured], edges[:, edges[1] >= num_measured]
    num_edges = measured.shape[1]
    if num_edges < MIN_EDGES:
        raise InputError(
            f"{num_edges} edges of the training source end at measured genes, expected at least {MIN_EDGES}",
            hint="train on more levels of the source, or on a data set with more genes",
        )
    order = np.random.default_rng(seed).permutation(num_edges)
    num_test, num_validation = round(num_edges * test_rate), round(num_edges * validation_rate)
    test, validation, train = np.split(order, [num_test, num_test + num_validation])
    return EdgeSplit(
        train=measured[:, np.sort(train)],
        validation=measured[:, np.sort(validation)],
        test=measured[:, np.sort(test)],
        background=background,
    )


def fold_of(num_edges: int, *, num_folds: int, seed: int) -> Integers:
    """Return the fold of each training edge, `(num_edges,)`, sizes equal up to one."""
    return np.random.default_rng(seed).permutation(np.arange(num_edges) % num_folds)


def folds(
    split: EdgeSplit,
    fold: Integers,
    *,
    shape: tuple[int, int],
    self_gene: Integers,
    negatives_per_positive: int,
    seed: int,
) -> Iterator[Fold]:
    """Yield one fold after the other, with its negatives.

    Uniform negatives are drawn from all pairs; fame-matched ones keep the regulator of a positive and draw
    the target in proportion to the hidden fold's own in-degree. Neither meets a training edge or a self pair.

    Parameters
    ----------
    shape
        Numbers of regulators and of measured genes.
    self_gene
        `(num_regulators,)` the regulator's own position among the measured genes, -1 for none.
    """
    rng = np.random.default_rng(seed)
    barred = np.zeros(shape, dtype=np.bool_)
    barred[tuple(split.train)] = True
    shown = np.flatnonzero(self_gene >= 0)
    barred[shown, self_gene[shown]] = True
    for number in range(int(fold.max()) + 1):
        hidden = fold == number
        positives = split.train[:, hidden]
        num_draws = positives.shape[1] * negatives_per_positive
        uniform = np.stack([rng.integers(0, shape[0], num_draws), rng.integers(0, shape[1], num_draws)])
        matched = np.stack(
            [np.repeat(positives[0], negatives_per_positive), rng.choice(positives[1], num_draws)]
        )
        yield Fold(
            messages=np.concatenate([split.train[:, ~hidden], split.background], axis=1),
            positives=positives,
            uniform=uniform[:, ~barred[tuple(uniform)]],
            fame_matched=matched[:, ~barred[tuple(matched)]],
        )
