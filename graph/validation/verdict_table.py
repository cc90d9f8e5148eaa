"""Verdicts of one exam side by side, the best baseline marked."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from graph.errors import InputError
from graph.validation.baselines import BASELINES
from graph.validation.intervals import Interval
from graph.validation.judge import RANKED_METRICS, Verdict


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
