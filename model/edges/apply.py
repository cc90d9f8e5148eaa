"""Applies a head that was fitted elsewhere to other cells, or to another species: nothing is fitted here."""

from graph.progress import Progress, silent
from model.edges.features import PairFeatures
from model.edges.folds import Dealing, EdgeSplit
from model.edges.head import FittedHead, HeadScores, score_pairs
from model.edges.inputs import PairInputs
from model.edges.label_free import LabelFree


def apply_head(
    head: FittedHead, split: EdgeSplit, inputs: PairInputs, *, seed: int, progress: Progress = silent
) -> HeadScores:
    """Return the scores of all pairs.

    Known edges carry messages; each of them is scored by features that lack its fold, as in training. Test
    edges are seen by nothing.

    Parameters
    ----------
    split
        Edges known in the new data: `train` and `background` carry messages.

    Raises
    ------
    ConflictError
        If the head reads a feature that these inputs do not give.
    """
    label_free = LabelFree(inputs)
    logits, uncertainty = score_pairs(head, label_free, split.messages, progress=progress)
    dealing = Dealing(
        split, inputs.gene, num_measured=inputs.num_measured, num_folds=head.config.num_folds,
        negatives_per_positive=0, seed=seed,
    )  # fmt: skip
    for turn in dealing.turns(("edge",)):
        progress("scoring known edges without themselves", turn.number / dealing.num_folds)
        features = PairFeatures(label_free, turn.messages, without=head.config.without)
        values = features.of(turn.positives)[:, head.columns(features.names)]
        first, second = (each.logits(values).mean(axis=0) for each in (head.ranking, head.fame_matched))
        logits[tuple(turn.positives)] = head.blend.logits(first, second, head.support(values))
    return HeadScores(head, logits, uncertainty, worth={})
