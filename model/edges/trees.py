"""What reads the features of a pair: boosted trees, and a line; each member is blind to one fold."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from model.edges.inputs import Planes

Labels = npt.NDArray[np.bool_]
Folds = npt.NDArray[np.int8]
CLIP = np.float32(5.0)
"""Standard deviations beyond which a feature counts no more for the line."""


@dataclass(frozen=True)
class TreesConfig:
    """How one member is fitted.

    Parameters
    ----------
    slack
        Inverse penalty of the line (C of scikit-learn).
    line_share
        Share of the line in a logit of the fame-matched reading, in [0, 1); the ranking reading has none.
    """

    num_trees: int = 60
    learning_rate: float = 0.12
    num_leaves: int = 15
    min_pairs: int = 40
    feature_rate: float = 0.3
    row_rate: float = 0.8
    ridge: float = 5.0
    slack: float = 3e-3
    line_share: float = 0.4


@dataclass(frozen=True)
class Line:
    """Logistic regression of standardised features."""

    mean: Planes
    scale: Planes
    weights: Planes
    intercept: float

    def logits(self, features: Planes) -> Planes:
        """Return `(num_pairs,)` for features `(num_pairs, num_features)`."""
        x = np.clip((features - self.mean) / self.scale, -CLIP, CLIP)
        return np.asarray(x @ self.weights + np.float32(self.intercept), dtype=np.float32)


@dataclass(frozen=True)
class Member:
    """Trees, and beside them a line that sees the same.

    On unseen regulators the line ranked better than trees (.744 against .730 of swap AUROC, seed 43), on
    unseen edges worse (.775 against .789, seed 42); the ranking reading gains nothing from it.
    """

    trees: lightgbm.Booster
    line: Line | None
    line_share: float

    def logits(self, features: Planes) -> Planes:
        """Return `(num_pairs,)`."""
        told = self.trees.predict(features, raw_score=True, num_threads=1)
        grown: Planes = np.asarray(told, dtype=np.float32)
        if self.line is None:
            return grown
        share = np.float32(self.line_share)
        return share * self.line.logits(features) + (1 - share) * grown


@dataclass(frozen=True)
class Reading:
    """One way to read a pair, as an ensemble.

    Parameters
    ----------
    columns
        Of the features, those that it may see.
    members
        Member m has never seen a pair of fold m.
    """

    columns: slice
    members: tuple[Member, ...]

    def logits(self, features: Planes) -> Planes:
        """Return `(num_members, num_pairs)` for features `(num_pairs, num_features)`."""
        seen = np.ascontiguousarray(features[:, self.columns])
        with ThreadPoolExecutor(num_threads()) as pool:
            return np.stack(list(pool.map(lambda member: member.logits(seen), self.members)))

    def blind_logits(self, features: Planes, fold: Folds) -> Planes:
        """Return `(num_pairs,)`, each from the member that never saw the pair's fold."""
        seen = np.ascontiguousarray(features[:, self.columns])
        found = np.empty(len(seen), dtype=np.float32)
        for number, member in enumerate(self.members):
            mine = fold == number
            if mine.any():
                found[mine] = member.logits(seen[mine])
        return found


def grow(
    features: Planes, labels: Labels, fold: Folds, *, config: TreesConfig, line_share: float, seed: int
) -> tuple[Member, ...]:
    """Return one member for each fold, fitted on the pairs of all the others."""

    def member(number: int) -> Member:
        seen = fold != number
        x, y = features[seen], labels[seen]
        line = _line(x, y, slack=config.slack) if line_share else None
        return Member(_trees(x, y, config=config, seed=seed + number), line, line_share)

    with ThreadPoolExecutor(num_threads()) as pool:
        return tuple(pool.map(member, range(int(fold.max()) + 1)))


def num_threads() -> int:
    """Return how many members are grown or asked at once.

    Each on one thread of its own: threads of LightGBM wait for each other at every split, and on a machine
    that is busy with other work two of them took 430 s for what one alone does in 20.
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _trees(features: Planes, labels: Labels, *, config: TreesConfig, seed: int) -> lightgbm.Booster:
    parameters = {
        "objective": "binary",
        "learning_rate": config.learning_rate,
        "num_leaves": config.num_leaves,
        "min_data_in_leaf": config.min_pairs,
        "feature_fraction": config.feature_rate,
        "bagging_fraction": config.row_rate,
        "bagging_freq": 1,
        "lambda_l2": config.ridge,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "num_threads": 1,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(features, labels.astype(np.float32), params={"verbosity": -1, "num_threads": 1})
    return lightgbm.train(parameters, data, num_boost_round=config.num_trees)


def _line(features: Planes, labels: Labels, *, slack: float) -> Line:
    mean = features.mean(axis=0)
    scale = features.std(axis=0)
    scale[scale < 1e-6] = 1
    x = np.clip((features - mean) / scale, -CLIP, CLIP)
    fitted = LogisticRegression(C=slack, max_iter=60, tol=1e-3).fit(x, labels)
    return Line(mean, scale, fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]))
