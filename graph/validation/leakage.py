"""That no source judges a run which read it, and that no judged pair was trained on."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from graph.errors import ConflictError
from graph.validation.universe import Codes


@dataclass(frozen=True)
class Overlap:
    """Pairs that training and judgement share.

    Attributes
    ----------
    num_train, num_test
        Different pairs on either side.
    num_shared
        Pairs on both.
    """

    num_train: int
    num_test: int
    num_shared: int

    @property
    def test_rate(self) -> float:
        """Share of the judged pairs that was trained on, in [0, 1]; NaN if none is judged."""
        return self.num_shared / self.num_test if self.num_test else float("nan")


def refuse_circular(used_source_ids: Collection[str], judge_source_ids: Collection[str]) -> None:
    """Raise ConflictError if a source that a run used is to judge it."""
    shared = sorted(set(used_source_ids) & set(judge_source_ids))
    if shared:
        raise ConflictError(
            f"expected judges that the run did not read, found {', '.join(shared)} on both sides",
            hint="judge with other sources, or judge held-out edges of a split of this source",
        )


def overlap(train_codes: Codes, test_codes: Codes) -> Overlap:
    """Return how many pairs two lists of codes share; repeats count once."""
    train, test = _distinct(train_codes), _distinct(test_codes)
    return Overlap(len(train), len(test), int(np.isin(test, train, assume_unique=True, kind="sort").sum()))


def _distinct(codes: Codes) -> Codes:
    """Return sorted, unique codes; for millions of them a sort is ten times as fast as `numpy.unique`."""
    ordered = np.sort(codes)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
