"""A head that is ready to score: two readings of a pair, how they are blended, and what a logit is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.errors import ConflictError
from graph.progress import Progress, silent
from model.edges.blend import Blend
from model.edges.calibration import Calibration
from model.edges.features import PairFeatures
from model.edges.inputs import Integers, Planes
from model.edges.label_free import LabelFree
from model.edges.structure import SUPPORT
from model.edges.trees import Reading, TreesConfig


@dataclass(frozen=True)
class HeadConfig:
    """How the head is trained; saved with the run.

    Parameters
    ----------
    schemes
        What the folds hide in turn: single edges, regulators, targets.
    without
        Beginnings of the names of features that are left out.
    fame_matched
        Whether the fame-matched reading takes part; without it the ranking reading decides alone.
    """

    num_folds: int = 5
    negatives_per_positive: int = 20
    schemes: tuple[str, ...] = ("edge", "regulator")
    without: tuple[str, ...] = ()
    fame_matched: bool = True
    test_rate: float = 0.2
    validation_rate: float = 0.05
    trees: TreesConfig = field(default_factory=TreesConfig)


@dataclass(frozen=True)
class FittedHead:
    """Two readings of a pair, how they are blended, and how a logit becomes a probability."""

    config: HeadConfig
    names: tuple[str, ...]
    ranking: Reading
    fame_matched: Reading
    blend: Blend
    calibration: Calibration

    @property
    def readings(self) -> dict[str, Reading]:
        """The two readings by name."""
        return {"ranking": self.ranking, "fame_matched": self.fame_matched}

    def support(self, features: Planes) -> Planes:
        """Return the support of pairs from their features `(..., num_features)`; 0 where it was left out."""
        if SUPPORT not in self.names:
            return np.zeros(features.shape[:-1], dtype=np.float32)
        return features[..., self.names.index(SUPPORT)]

    def columns(self, found: Sequence[str]) -> Integers:
        """Return where among some features those of this head stand, `(num_features,)`.

        Raises
        ------
        ConflictError
            If one is not there.
        """
        place = {name: number for number, name in enumerate(found)}
        missing = [name for name in self.names if name not in place]
        if missing:
            raise ConflictError(
                f"the model reads {len(missing)} features that the graph does not give here: "
                f"{', '.join(missing[:5])}",
                hint="load the sources that it was trained with (`cisgraph runs show` names them)",
            )
        return np.array([place[name] for name in self.names], dtype=np.int64)


@dataclass(frozen=True)
class HeadScores:
    """What a head says of all pairs.

    Parameters
    ----------
    logits
        `(num_regulators, num_measured)` blended, means over the members; a training edge has that of the
        member which never saw it, with features that lack it.
    uncertainty
        Likewise: standard deviation over the members of the probability.
    worth
        Total gain of each feature in the trees of each reading, by name.
    """

    head: FittedHead
    logits: Planes
    uncertainty: Planes
    worth: Mapping[str, Mapping[str, float]]

    @property
    def scores(self) -> Planes:
        """Probability that the training source lists the pair, `(num_regulators, num_measured)` in [0, 1]."""
        return self.head.calibration.probability(self.logits)


def score_pairs(
    head: FittedHead, label_free: LabelFree, messages: Integers, *, progress: Progress = silent
) -> tuple[Planes, Planes]:
    """Return blended logits and uncertainty of all pairs, `(num_regulators, num_measured)` each."""
    progress("scoring all regulator-target pairs", None)
    features = PairFeatures(label_free, messages, without=head.config.without)
    ranking, fame_matched, support, uncertainty = _planes(head, features)
    logits = head.blend.logits(ranking, fame_matched, support)
    unseen = np.setdiff1d(np.arange(len(logits)), messages[0])
    logits[unseen] = head.blend.unseen_logits(ranking[unseen], fame_matched[unseen], support[unseen])
    return logits, uncertainty


def _planes(head: FittedHead, features: PairFeatures) -> tuple[Planes, ...]:
    """Return the two readings of all pairs, their support, and the blend's uncertainty, `(T, G)` each."""
    columns = head.columns(features.names)
    as_they_are = features.names == head.names
    parts: list[tuple[Planes, ...]] = []
    for rows, block in features.blocks():
        flat = block.reshape(-1, block.shape[-1])  # (num_rows * G, num_features)
        seen = flat if as_they_are else flat[:, columns]
        parts.append(_told(head, seen, shape=(len(rows), block.shape[1])))
    return tuple(np.concatenate(each) for each in zip(*parts, strict=True))


def _told(head: FittedHead, features: Planes, *, shape: tuple[int, int]) -> tuple[Planes, ...]:
    """Return what the members say of some pairs: only means and spread outlive a block."""
    first, second = (each.logits(features) for each in (head.ranking, head.fame_matched))
    support = head.support(features)
    spread = head.calibration.probability(head.blend.logits(first, second, support)).std(axis=0)
    found = first.mean(axis=0), second.mean(axis=0), support, spread
    return tuple(each.reshape(shape).astype(np.float32) for each in found)
