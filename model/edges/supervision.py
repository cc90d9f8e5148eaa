"""Pairs that supervise, with features from which their own fold is absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.progress import Progress, silent
from model.edges.features import PairFeatures
from model.edges.folds import SCHEMES, Dealing, Fold
from model.edges.inputs import Integers, Planes
from model.edges.label_free import LabelFree

POSITIVE: Final = 0
UNIFORM: Final = 1
FAME_MATCHED: Final = 2


@dataclass(frozen=True)
class Supervision:
    """Pairs with their features, each computed without the pair's own fold.

    Parameters
    ----------
    features
        `(num_pairs, num_features)`.
    kind
        `(num_pairs,)` POSITIVE, UNIFORM or FAME_MATCHED.
    fold
        `(num_pairs,)` the fold that each pair belongs to; one member of the ensemble is blind to it.
    names
        Of the features.
    """

    features: Planes
    kind: npt.NDArray[np.int8]
    fold: npt.NDArray[np.int8]
    names: tuple[str, ...]


@dataclass(frozen=True)
class OutOfFold:
    """Features of each training edge from messages that lack the edge's fold.

    Parameters
    ----------
    edges
        `(2, num_edges)`.
    fold
        `(num_edges,)`.
    features
        `(num_edges, num_features)`.
    """

    edges: Integers
    fold: npt.NDArray[np.int8]
    features: Planes


def supervise(
    dealing: Dealing,
    label_free: LabelFree,
    *,
    schemes: Sequence[str] = SCHEMES,
    without: Sequence[str] = (),
    progress: Progress = silent,
) -> tuple[Supervision, OutOfFold]:
    """Return the supervising pairs, and the training edges as if they were not known."""
    features: list[Planes] = []
    kinds: list[npt.NDArray[np.int8]] = []
    folds: list[npt.NDArray[np.int8]] = []
    known: list[OutOfFold] = []
    names: tuple[str, ...] = ()
    total = len(schemes) * dealing.num_folds
    for turn in dealing.turns(schemes):
        progress(f"features of hidden {turn.scheme}s", len(folds) / total)
        made = PairFeatures(label_free, turn.messages, without=without)
        pairs, kind = _labelled(turn)
        values = made.of(pairs)
        features.append(values)
        kinds.append(kind)
        folds.append(np.full(len(kind), turn.number, dtype=np.int8))
        names = made.names
        if turn.scheme == "edge":
            number = np.full(turn.positives.shape[1], turn.number, dtype=np.int8)
            known.append(OutOfFold(turn.positives, number, values[kind == POSITIVE]))
    return (
        Supervision(np.concatenate(features), np.concatenate(kinds), np.concatenate(folds), names),
        OutOfFold(
            np.concatenate([each.edges for each in known], axis=1),
            np.concatenate([each.fold for each in known]),
            np.concatenate([each.features for each in known]),
        ),
    )


def _labelled(turn: Fold) -> tuple[Integers, npt.NDArray[np.int8]]:
    parts = (turn.positives, turn.uniform, turn.fame_matched)
    kinds = [np.full(part.shape[1], kind, dtype=np.int8) for kind, part in enumerate(parts)]
    return np.concatenate(parts, axis=1), np.concatenate(kinds)
