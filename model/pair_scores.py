"""What stage 2 says of all pairs in all contexts, from a head that is fitted here or was fitted elsewhere."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.progress import Progress, silent
from graph.validation.universe import Universe
from model.data import Neighbourhoods
from model.edges.apply import apply_head
from model.edges.context import Levels
from model.edges.fit import fit_head
from model.edges.folds import EdgeSplit
from model.edges.head import FittedHead, HeadConfig, HeadScores
from model.edges.inputs import PairInputs
from model.edges.memory import foresee_memory
from model.memory import announce, available_memory

Scores = npt.NDArray[np.float32]
FEWER = "train on a source with fewer regulators, on data with fewer genes or contexts, or give more memory"


@dataclass(frozen=True)
class PairScores:
    """What stage 2 says of all ordered pairs in all contexts.

    Parameters
    ----------
    universe
        Regulators of the training source x measured genes.
    scores, uncertainty
        `(num_contexts, num_regulators, num_measured)` in [0, 1]: the probability that the training source
        lists the pair, and its standard deviation over the members of the ensemble.
    """

    universe: Universe
    split: EdgeSplit
    scores: Scores
    uncertainty: Scores
    head: HeadScores


def score_pairs(
    hoods: Neighbourhoods,
    inputs: PairInputs,
    split: EdgeSplit,
    *,
    head: HeadConfig | FittedHead,
    levels: Levels,
    seed: int,
    progress: Progress = silent,
) -> PairScores:
    """Return the scores of all pairs by a head that is fitted to the split, or by one that is ready.

    Parameters
    ----------
    levels
        Of the contexts of the data set.

    Raises
    ------
    ResourceError
        If there is too little memory for the pairs.
    """
    universe = Universe.of(hoods.regulator_ids.tolist(), hoods.gene_ids[: hoods.num_measured].tolist())
    need = foresee_memory(
        inputs,
        config=head.config if isinstance(head, FittedHead) else head,
        num_train=split.train.shape[1],
        num_contexts=len(hoods.contexts),
    )
    announce("the scoring of pairs", need, available=available_memory(), hint=FEWER, progress=progress)
    if isinstance(head, FittedHead):
        scored = apply_head(head, split, inputs, seed=seed, progress=progress)
    else:
        scored = fit_head(split, inputs, universe=universe, config=head, seed=seed, progress=progress)
    scores = [
        scored.head.calibration.probability(scored.logits + levels.shift(number, hoods.regulator_gene))
        for number in range(len(hoods.contexts))
    ]
    uncertainty = np.broadcast_to(scored.uncertainty, (len(scores), *universe.shape))
    return PairScores(universe, split, np.stack(scores), uncertainty, scored)
