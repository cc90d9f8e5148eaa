"""Which edges carry messages, which supervise, which are held out: no edge is in its own features."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.errors import InputError

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
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


SCHEMES = ("edge", "regulator", "target")
"""What a turn hides: single edges, all edges of some regulators, or all edges to some targets."""


@dataclass(frozen=True)
class Fold:
    """One turn: the hidden edges supervise, the others carry the messages; each `(2, n)`.

    Parameters
    ----------
    scheme, number
        What was hidden, and which part of it.
    """

    scheme: str
    number: int
    messages: Integers
    positives: Integers
    uniform: Integers
    fame_matched: Integers


@dataclass(frozen=True)
class Dealing:
    """How training edges are dealt to folds.

    Parameters
    ----------
    self_gene
        `(num_regulators,)` the regulator's own position among the measured genes, -1 for none.
    """

    split: EdgeSplit
    self_gene: Integers
    num_measured: int
    num_folds: int
    negatives_per_positive: int
    seed: int

    @property
    def num_regulators(self) -> int:
        """Number of regulators."""
        return len(self.self_gene)

    def parts(self, scheme: str) -> Integers:
        """Return the fold of each training edge, of each regulator, or of each measured gene."""
        sizes = {
            "edge": self.split.train.shape[1],
            "regulator": self.num_regulators,
            "target": self.num_measured,
        }
        order = np.random.default_rng([self.seed, SCHEMES.index(scheme)])
        return order.permutation(np.arange(sizes[scheme]) % self.num_folds)

    def turns(self, schemes: Sequence[str] = SCHEMES) -> Iterator[Fold]:
        """Yield one fold after the other, with its negatives.

        Uniform negatives are drawn from the pairs of what is hidden; fame-matched ones keep the regulator of
        a positive and draw the target in proportion to the hidden edges' own in-degree. Neither meets a
        training edge or a self pair.
        """
        barred = np.zeros((self.num_regulators, self.num_measured), dtype=np.bool_)
        barred[tuple(self.split.train)] = True
        shown = np.flatnonzero(self.self_gene >= 0)
        barred[shown, self.self_gene[shown]] = True
        for scheme in schemes:
            part = self.parts(scheme)
            for number in range(self.num_folds):
                fold = self._turn(scheme, number, part == number, barred)
                if fold.positives.shape[1]:
                    yield fold

    def _turn(self, scheme: str, number: int, chosen: Mask, barred: Mask) -> Fold:
        rng = np.random.default_rng([self.seed, SCHEMES.index(scheme), number])
        train, background = self.split.train, self.split.background
        hidden = chosen if scheme == "edge" else chosen[train[0 if scheme == "regulator" else 1]]
        if scheme == "regulator":
            background = background[:, ~chosen[background[0]]]
        positives = train[:, hidden]
        draws = positives.shape[1] * self.negatives_per_positive
        known = np.unique(train[0])
        regulators = known[chosen[known]] if scheme == "regulator" else known
        genes = np.flatnonzero(chosen) if scheme == "target" else np.arange(self.num_measured)
        uniform = np.stack([rng.choice(regulators, draws), rng.choice(genes, draws)])
        fame_matched = np.stack([np.repeat(positives[0], self.negatives_per_positive), np.empty(draws, int)])
        if draws:
            fame_matched[1] = rng.choice(positives[1], draws)
        return Fold(
            scheme=scheme,
            number=number,
            messages=np.concatenate([train[:, ~hidden], background], axis=1),
            positives=positives,
            uniform=uniform[:, ~barred[tuple(uniform)]],
            fame_matched=fame_matched[:, ~barred[tuple(fame_matched)]],
        )
