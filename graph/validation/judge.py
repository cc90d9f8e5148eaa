"""The one judge of networks: our models, the baselines and what users upload."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

import numpy as np

from graph.errors import InputError
from graph.validation.baselines import BASELINES
from graph.validation.concordance import concordance
from graph.validation.enrichment import top_enrichment
from graph.validation.intervals import Interval
from graph.validation.leakage import refuse_overlap
from graph.validation.metrics import Ranking, auprc, auroc, early_precision, precision_at_k, rank, tie_rate
from graph.validation.swap import SwapPairs, score_swaps, swap_pairs
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
    auprc, prevalence, ratio
        Average precision, share of positives, and the first over the second.
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
    prevalence: float
    ratio: float
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
    if scores.shape != universe.shape:
        raise InputError(f"expected scores of shape {universe.shape}, found {scores.shape}")
    barred = np.concatenate([universe.checked(excluded, "excluded"), universe.self_codes()])
    refuse_overlap(barred, positives)
    candidates, labels = universe.candidates(barred), universe.mask(positives, "positives")
    known = np.concatenate([universe.checked(known_positives, "known_positives"), barred])
    pairs = swap_pairs(positives, universe=universe, known=known, seed=seed, num_samples=settings.num_swaps)
    return Verdict(
        **_ranking_figures(rank(scores[candidates], labels[candidates])),
        **_regulator_figures(scores, labels, candidates, seed=seed, settings=settings),
        **_swap_figures(scores, pairs, seed=seed, settings=settings),
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
    return {
        "auroc_interval": compared.interval(num_bootstraps=settings.num_bootstraps, seed=seed),
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


def verdict_table(
    verdicts: Mapping[str, Verdict], *, baselines: Collection[str] = BASELINES
) -> list[dict[str, Any]]:
    """Return one row a network, best swap AUROC first, with the best baseline marked.

    Parameters
    ----------
    verdicts
        Verdict of each network by name, all of one exam.
    baselines
        Names that are baselines; those that were not judged are passed over.

    Returns
    -------
    rows
        ``name``, ``is_baseline``, ``best_baseline_in`` (the metrics in which no baseline is better)
        and all figures of the verdict, each interval as ``<name>_low`` and ``<name>_high``.

    Raises
    ------
    InputError
        The verdicts are of different exams: their positives or candidates differ in number.
    """
    exams = {(verdict.num_positives, verdict.num_candidates) for verdict in verdicts.values()}
    if len(exams) > 1:
        raise InputError(
            "expected verdicts of one exam in a table",
            faults=[f"{name}: {v.num_positives:,} of {v.num_candidates:,}" for name, v in verdicts.items()],
        )
    judged = [name for name in verdicts if name in baselines]
    best = {metric: _best(verdicts, judged, metric) for metric in RANKED_METRICS}
    rows = [
        {
            "name": name,
            "is_baseline": name in baselines,
            "best_baseline_in": [metric for metric in RANKED_METRICS if name in best[metric]],
            **_flat(verdict),
        }
        for name, verdict in verdicts.items()
    ]
    return sorted(
        rows, key=lambda row: -np.inf if np.isnan(row["swap_auroc"]) else row["swap_auroc"], reverse=True
    )


def _best(verdicts: Mapping[str, Verdict], names: list[str], metric: str) -> set[str]:
    values = {name: getattr(verdicts[name], metric) for name in names}
    known = [value for value in values.values() if not np.isnan(value)]
    return {name for name, value in values.items() if known and value == max(known)}


def _flat(verdict: Verdict) -> dict[str, float]:
    flat: dict[str, float] = {}
    for field, value in asdict(verdict).items():
        if isinstance(value, Interval):
            flat |= {f"{field}_low": value.low, f"{field}_high": value.high}
        else:
            flat[field] = value
    return flat
