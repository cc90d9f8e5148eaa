"""What a baseline is given, and what it must answer: one contract for all."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from graph.validation.evidence import BoundPairs
from graph.validation.universe import Universe
from graph.validation.views import TrainingView

Scores = npt.NDArray[np.float32]
Signs = npt.NDArray[np.int8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Metacells of a data set, their columns in the order of the universe's targets.

    Attributes
    ----------
    expression
        log(1 + counts per 10,000), `(num_metacells, num_targets)`.
    accessibility
        Likewise of peaks, csc `(num_metacells, num_peaks)`.
    regulator_target
        `(num_regulators,)` column of each regulator among the targets, -1 for one that the cells do not show.
    near_index
        `(2, num_near)` target and peak, by target and nearest first.
    """

    expression: Scores
    accessibility: sp.csc_array
    regulator_target: Integers
    near_index: Integers

    @property
    def regulator_expression(self) -> Scores:
        """Expression of the regulators, `(num_metacells, num_regulators)`; 0 for those not shown."""
        shown = self.regulator_target >= 0
        return np.asarray(self.expression[:, self.regulator_target] * shown, dtype=np.float32)

    @property
    def nearest_peak(self) -> Integers:
        """The nearest peak of each target, `(num_targets,)`; -1 for none."""
        nearest = np.full(self.expression.shape[1], -1, dtype=np.int64)
        targets, first = np.unique(self.near_index[0], return_index=True)
        nearest[targets] = self.near_index[1][first]
        return nearest


@dataclass(frozen=True)
class Given:
    """Everything that a baseline may read.

    Attributes
    ----------
    view
        Evidence; of a method that learns, without the pairs that will be asked.
    cells
        What was measured; no label is in it.
    bound
        Pairs whose regulator binds the nearest peak of the target, by id of the source that says so; empty
        where the graph has no such binding.
    """

    view: TrainingView
    cells: Cells
    bound: dict[str, BoundPairs]

    @property
    def universe(self) -> Universe:
        """The universe of the scores."""
        return self.view.universe


@dataclass(frozen=True)
class Baseline:
    """A method that any model must beat.

    Attributes
    ----------
    score
        From what is given and a seed to finite scores `(num_regulators, num_targets)`, higher = surer.
    learns
        Whether it is fitted to edges: then it gets a view without the hidden pairs, else one without training
        edges.
    sources
        Ids of the sources that it reads: none of them may judge it, but for held-out edges of the source that
        it learns from.
    signs
        Sign of each pair in -1, 0, 1, `(num_regulators, num_targets)`; None for a method that knows none.
    competes
        Whether it counts where the best baseline is named: not a database, which may have copied the judge,
        and not cisgraph.
    """

    name: str
    score: Callable[[Given, int], Scores]
    learns: bool
    sources: Callable[[Given], frozenset[str]]
    signs: Callable[[Given], Signs] | None = None
    competes: bool = True


def no_source(_given: Given) -> frozenset[str]:
    """Return the sources of a method that reads cells only."""
    return frozenset()


def training_source(given: Given) -> frozenset[str]:
    """Return the source of a method that learns from training edges."""
    return frozenset({given.view.training_source})
