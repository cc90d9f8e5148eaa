"""Which pairs of a context a run keeps in the graph."""

import numpy as np
import numpy.typing as npt

from graph.runs import MAX_EDGES_PER_CONTEXT
from graph.validation.universe import Universe
from model.data import Neighbourhoods

Scores = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SURE = 0.5
"""A pair that is more likely an edge than not is kept, however many its regulator has."""


def best_pairs(scores: Scores, allowed: Mask, *, top: int, sure: float = np.inf) -> Integers:
    """Return the regulators and targets of the best allowed pairs, `(2, num_kept)`, by regulator, best first.

    Each regulator keeps its `top` best targets and every other one that scores at least `sure`; all together
    at most 100,000, the best ones.
    """
    masked = np.where(allowed, scores, -np.inf)
    num_sure = int((masked >= sure).sum(axis=1).max(initial=0))
    num_ranked = min(max(top, num_sure), scores.shape[1])
    target = np.argsort(-masked, axis=1, kind="stable")[:, :num_ranked]  # (T, num_ranked)
    regulator = np.repeat(np.arange(len(scores)), num_ranked)
    place = np.tile(np.arange(num_ranked), len(scores))
    target = target.ravel()
    score = masked[regulator, target]
    kept = np.flatnonzero(np.isfinite(score) & ((place < top) | (score >= sure)))
    if len(kept) > MAX_EDGES_PER_CONTEXT:
        order = np.argsort(-score[kept], kind="stable")
        kept = np.sort(kept[order[:MAX_EDGES_PER_CONTEXT]])
    return np.stack([regulator[kept], target[kept]])


def eligible(hoods: Neighbourhoods, universe: Universe, *, context: int) -> Mask:
    """Return the pairs whose two ends the cells of a context show, self pairs never."""
    shown = hoods.regulator_detected[context][:, None] & hoods.detected[context][None, :]
    allowed: Mask = shown & ~universe.mask(universe.self_codes())
    return allowed
