"""The one judge of networks: our models, the baselines and what users upload."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from graph.errors import InputError
from graph.validation.concordance import concordance
from graph.validation.enrichment import top_enrichment
from graph.validation.intervals import Interval
from graph.validation.metrics import Ranking, auprc, auroc, early_precision, precision_at_k, rank, tie_rate
from graph.validation.paper import Paper, exam_paper
from graph.validation.precision_interval import precision_intervals
from graph.validation.swap import SwapPairs, score_swaps
from graph.validation.universe import Codes, Mask, Matrix, Universe


@dataclass(frozen=True)
class JudgeSettings:
    """How finely a network is judged.

    Attributes
    ----------
    num_bootstraps
        Resamples of regulators for each interval.
    num_swaps
        Pairs of positives that are compared at most.
    top_k
        Best targets of each regulator whose enrichment is counted.
    min_edges
        Test edges that a regulator needs to count in the macro averages.
    """

    num_bootstraps: int = 1000
    num_swaps: int = 300_000
    top_k: int = 100
    min_edges: int = 5


STANDARD = JudgeSettings()

RANKED_METRICS = (
    "swap_auroc",
    "macro_swap",
    "auroc",
    "macro_auroc",
    "ratio",
    "precision_at_100",
    "early_precision",
    "top100_enrichment",
)


@dataclass(frozen=True)
class Verdict:
    """What a network is worth on held-out positives; ties count as the mean over all orders.

    Attributes
    ----------
    auroc, auroc_interval
        Over all candidates, with the 95 % interval by bootstrap over regulators.
    macro_auroc
        Mean AUROC over regulators with at least ``min_edges`` positives; NaN if there are none.
    auprc, prevalence, ratio, auprc_interval, ratio_interval
        Average precision, share of positives, and the first over the second; intervals by bootstrap over
        regulators.
    precision_at_100, precision_at_1000, early_precision
        Precision among the 100 and 1,000 best, and among as many as there are positives.
    swap_auroc, swap_interval, macro_swap
        The fame control, see `graph.validation.swap`; NaN if no two positives can be swapped.
    top100_enrichment, top100_interval
        Hits among the best novel targets of each regulator, see `graph.validation.enrichment`.
    num_positives, num_candidates, num_regulators
        Positives, judged pairs, and regulators with at least one positive.
    num_swaps
        Pairs of positives compared.
    tie_rate
        Share of comparisons of a positive with a negative that are ties.
    """

    auroc: float
    auroc_interval: Interval
    macro_auroc: float
    auprc: float
    auprc_interval: Interval
    prevalence: float
    ratio: float
    ratio_interval: Interval
    precision_at_100: float
    precision_at_1000: float
    early_precision: float
    swap_auroc: float
    swap_interval: Interval
    macro_swap: float
    top100_enrichment: float
    top100_interval: Interval
    num_positives: int
    num_candidates: int
    num_regulators: int
    num_swaps: int
    tie_rate: float


def judge(
    scores: Matrix,
    universe: Universe,
    *,
    positives: Codes,
    excluded: Codes,
    known_positives: Codes,
    seed: int,
    settings: JudgeSettings = STANDARD,
) -> Verdict:
    """Return the verdict on a score matrix.

    Parameters
    ----------
    scores
        ``(T, G)``, higher = surer, finite at all candidates.
    positives
        Codes of the held-out positives.
    excluded
        Codes that are no candidates: training edges and, for a second database, all pairs of the training
        database. To judge some regulators or targets only, exclude the codes of the others.
    known_positives
        Codes of everything that is known to be true, training edges included; swapped pairs are never among
        these, the positives or the excluded.
    seed
        Seed of the sample of swaps and of the bootstraps: methods judged with one seed meet the same swaps.

    Raises
    ------
    InputError
        A shape is wrong, a score is not finite, or there are no positives or no negatives.
    ConflictError
        A positive is excluded, so that it would be judged after being trained on.
    """
    paper = exam_paper(
        universe,
        positives=positives,
        excluded=excluded,
        known_positives=known_positives,
        seed=seed,
        num_swaps=settings.num_swaps,
    )
    return judge_paper(scores, paper, seed=seed, settings=settings)


def judge_paper(scores: Matrix, paper: Paper, *, seed: int, settings: JudgeSettings = STANDARD) -> Verdict:
    """Return the verdict on a score matrix; many methods can share a paper. See `judge`.

    Raises
    ------
    InputError
        The shape is wrong, a score is not finite, or there are no positives or no negatives.
    """
    if scores.shape != paper.universe.shape:
        raise InputError(f"expected scores of shape {paper.universe.shape}, found {scores.shape}")
    asked = np.flatnonzero(paper.candidates.any(axis=1))  # rows without a candidate only cost time
    values, labels, candidates = scores[asked], paper.labels[asked], paper.candidates[asked]
    return Verdict(
        **_ranking_figures(rank(values[candidates], labels[candidates])),
        **_regulator_figures(values, labels, candidates, seed=seed, settings=settings),
        **_swap_figures(scores, paper.swaps, seed=seed, settings=settings),
    )


class _RankingFigures(TypedDict):
    auroc: float
    auprc: float
    prevalence: float
    ratio: float
    precision_at_100: float
    precision_at_1000: float
    early_precision: float
    num_positives: int
    num_candidates: int
    tie_rate: float


class _RegulatorFigures(TypedDict):
    auroc_interval: Interval
    auprc_interval: Interval
    ratio_interval: Interval
    macro_auroc: float
    top100_enrichment: float
    top100_interval: Interval
    num_regulators: int


class _SwapFigures(TypedDict):
    swap_auroc: float
    swap_interval: Interval
    macro_swap: float
    num_swaps: int


def _ranking_figures(ranking: Ranking) -> _RankingFigures:
    precision = auprc(ranking)
    return {
        "auroc": auroc(ranking),
        "auprc": precision,
        "prevalence": ranking.prevalence,
        "ratio": precision / ranking.prevalence,
        "precision_at_100": precision_at_k(ranking, 100),
        "precision_at_1000": precision_at_k(ranking, 1000),
        "early_precision": early_precision(ranking),
        "num_positives": ranking.num_positives,
        "num_candidates": ranking.num_pairs,
        "tie_rate": tie_rate(ranking),
    }


def _regulator_figures(
    scores: Matrix, labels: Mask, candidates: Mask, *, seed: int, settings: JudgeSettings
) -> _RegulatorFigures:
    compared = concordance(scores, labels, candidates)
    top = top_enrichment(
        scores, labels, candidates, seed=seed, k=settings.top_k, num_bootstraps=settings.num_bootstraps
    )
    area, ratio = precision_intervals(
        compared.blocks, candidates.sum(axis=1), num_bootstraps=settings.num_bootstraps, seed=seed
    )
    return {
        "auroc_interval": compared.interval(num_bootstraps=settings.num_bootstraps, seed=seed),
        "auprc_interval": area,
        "ratio_interval": ratio,
        "macro_auroc": compared.macro(min_edges=settings.min_edges),
        "top100_enrichment": top.ratio,
        "top100_interval": top.interval,
        "num_regulators": len(top.regulators),
    }


def _swap_figures(scores: Matrix, pairs: SwapPairs, *, seed: int, settings: JudgeSettings) -> _SwapFigures:
    swaps = score_swaps(
        scores, pairs, seed=seed, num_bootstraps=settings.num_bootstraps, min_edges=settings.min_edges
    )
    return {
        "swap_auroc": swaps.pooled,
        "swap_interval": swaps.interval,
        "macro_swap": swaps.macro,
        "num_swaps": swaps.num_pairs,
    }
