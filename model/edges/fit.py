"""Grows the two readings, blends and calibrates them on validation edges, and scores all pairs."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from graph.progress import Progress, silent
from graph.validation.universe import Codes, Universe
from model.edges.blend import Asked, Blend, ask, choose
from model.edges.calibration import Calibration, fit_calibration
from model.edges.features import CENTRED, PairFeatures
from model.edges.folds import Dealing, EdgeSplit
from model.edges.head import FittedHead, HeadConfig, HeadScores, score_pairs
from model.edges.inputs import Integers, PairInputs, Planes
from model.edges.label_free import LabelFree
from model.edges.supervision import FAME_MATCHED, POSITIVE, UNIFORM, Supervision, supervise
from model.edges.trees import Reading, TreesConfig, grow


def fit_head(
    split: EdgeSplit,
    inputs: PairInputs,
    *,
    universe: Universe,
    config: HeadConfig,
    seed: int,
    progress: Progress = silent,
) -> HeadScores:
    """Return a head that was grown on the training edges, and its scores of all pairs.

    Validation edges choose the blend and the calibration; after that they carry messages, like training
    edges, and each of the two keeps the logit that it had without itself. Test edges are seen by nothing.

    Parameters
    ----------
    universe
        Regulators and measured genes, in the order of the inputs.
    """
    dealing = Dealing(
        split, inputs.gene, num_measured=inputs.num_measured, num_folds=config.num_folds,
        negatives_per_positive=config.negatives_per_positive, seed=seed,
    )  # fmt: skip
    label_free = LabelFree(inputs)
    supervision, known = supervise(
        dealing, label_free, schemes=config.schemes, without=config.without, progress=progress
    )
    progress("growing trees", None)
    ranking, fame_matched = _readings(supervision, config=config.trees, seed=seed)
    progress("weighing and calibrating on validation edges", None)
    train, validation = (_codes(part, universe) for part in (split.train, split.validation))
    asked = ask(universe, train=train, validation=validation, seed=seed)
    features = PairFeatures(label_free, split.messages, without=config.without).of(asked.pairs)
    first, second = (each.logits(features).mean(axis=0) for each in (ranking, fame_matched))
    head = FittedHead(config, supervision.names, ranking, fame_matched, Blend(), Calibration())
    support = head.support(features)
    blend = choose(first, second, support, asked) if config.fame_matched else Blend()
    asked_logits = blend.logits(first, second, support)
    head = replace(head, blend=blend, calibration=_calibrated(asked_logits, asked, split))
    messages = np.concatenate([split.messages, split.validation], axis=1)
    logits, uncertainty = score_pairs(head, label_free, messages, progress=progress)
    blind = [each.blind_logits(known.features, known.fold) for each in (ranking, fame_matched)]
    logits[tuple(known.edges)] = blend.logits(blind[0], blind[1], head.support(known.features))
    logits.ravel()[asked.codes[asked.labels]] = asked_logits[asked.labels]
    gains = {name: _gains(each, head.names) for name, each in head.readings.items()}
    return HeadScores(head, logits, uncertainty, gains)


def _readings(supervision: Supervision, *, config: TreesConfig, seed: int) -> tuple[Reading, Reading]:
    """The ranking reading sees features as they are, the fame-matched one those less what their ends have."""
    first_centred = next(n for n, name in enumerate(supervision.names) if name.startswith(CENTRED))
    return (
        _reading(
            supervision, slice(0, first_centred), negative=UNIFORM, config=config, line_share=0.0, seed=seed
        ),
        _reading(
            supervision,
            slice(first_centred - 1, None),
            negative=FAME_MATCHED,
            config=config,
            line_share=config.line_share,
            seed=seed + 1000,
        ),
    )


def _reading(
    supervision: Supervision,
    columns: slice,
    *,
    negative: int,
    config: TreesConfig,
    line_share: float,
    seed: int,
) -> Reading:
    chosen = (supervision.kind == POSITIVE) | (supervision.kind == negative)
    members = grow(
        supervision.features[chosen][:, columns],
        supervision.kind[chosen] == POSITIVE,
        supervision.fold[chosen],
        config=config,
        line_share=line_share,
        seed=seed,
    )
    return Reading(columns, members)


def _calibrated(logits: Planes, asked: Asked, split: EdgeSplit) -> Calibration:
    num_edges = sum(part.shape[1] for part in (split.train, split.validation, split.test))
    counted = asked.weights > 0
    return fit_calibration(
        logits[counted],
        asked.labels[counted],
        shown=split.validation.shape[1] / num_edges,
        removed=split.train.shape[1] / num_edges,
        weights=asked.weights[counted],
    )


def _gains(reading: Reading, names: tuple[str, ...]) -> dict[str, float]:
    gain = np.sum([member.trees.feature_importance("gain") for member in reading.members], axis=0)
    return {name: float(value) for name, value in zip(names[reading.columns], gain, strict=True)}


def _codes(edges: Integers, universe: Universe) -> Codes:
    codes: npt.NDArray[np.int64] = edges[0] * universe.num_targets + edges[1]
    return codes
