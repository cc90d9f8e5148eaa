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
    first, second, support = _all_logits(head, features)
    blended = head.blend.logits(first, second, support)  # (num_members, T, G)
    probability = head.calibration.probability(blended)
    ranking, fame_matched = first.mean(axis=0), second.mean(axis=0)
    logits = head.blend.logits(ranking, fame_matched, support)
    unseen = np.setdiff1d(np.arange(len(logits)), messages[0])
    logits[unseen] = head.blend.unseen_logits(ranking[unseen], fame_matched[unseen], support[unseen])
    return logits, probability.std(axis=0)


def _all_logits(head: FittedHead, features: PairFeatures) -> tuple[Planes, ...]:
    """Return the logits of all pairs, `(num_members, T, G)` for each reading, and their support, `(T, G)`."""
    columns = head.columns(features.names)
    as_they_are = features.names == head.names
    parts: dict[str, list[Planes]] = {name: [] for name in head.readings}
    support: list[Planes] = []
    for rows, block in features.blocks():
        flat = block.reshape(-1, block.shape[-1])
        seen = flat if as_they_are else flat[:, columns]
        for name, reading in head.readings.items():
            parts[name].append(reading.logits(seen).reshape(-1, len(rows), block.shape[1]))
        support.append(head.support(seen).reshape(block.shape[:2]).copy())
    readings = (np.concatenate(part, axis=1) for part in parts.values())
    return *readings, np.concatenate(support)
