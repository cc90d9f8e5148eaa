"""Whether the best targets of a regulator are enriched for its known ones, by regulator and over all."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom

from graph.errors import InputError
from graph.validation.enrichment import top_share
from graph.validation.universe import Mask, Matrix, Universe


def regulator_enrichment(
    scores: Matrix, labels: Mask, candidates: Mask, *, universe: Universe, k: int = 100
) -> pd.DataFrame:
    """Return the hypergeometric test of each regulator with a positive, most surely enriched first.

    For regulators that training never saw, pass candidates of these regulators only.

    Parameters
    ----------
    scores, labels, candidates
        ``(T, G)``; positives that are no candidates are ignored.

    Returns
    -------
    DataFrame
        ``regulator``, ``num_candidates``, ``num_positives``, ``taken`` (the k best, or all candidates),
        ``hits`` (expected over tied scores; p is that of the whole hits), ``expected``, ``fold``, ``p`` and
        ``fdr`` (Benjamini and Hochberg over the regulators).

    Raises
    ------
    InputError
        Shapes differ or k is below 1.
    """
    if not scores.shape == labels.shape == candidates.shape == universe.shape or k < 1:
        raise InputError(f"expected three matrices of shape {universe.shape} and k of at least 1")
    hit = labels & candidates
    rows = np.flatnonzero(hit.any(axis=1))
    shown = candidates[rows]
    hits = np.sum(top_share(scores[rows], shown, k=k) * hit[rows], axis=1)
    num_candidates, num_positives = shown.sum(axis=1), hit[rows].sum(axis=1)
    taken = np.minimum(k, num_candidates)
    p = hypergeom.sf(np.floor(hits + 1e-9) - 1, num_candidates, num_positives, taken)
    expected = taken * num_positives / np.maximum(num_candidates, 1)
    table = pd.DataFrame(
        {
            "regulator": np.asarray(universe.regulators, dtype=object)[rows],
            "num_candidates": num_candidates,
            "num_positives": num_positives,
            "taken": taken,
            "hits": hits,
            "expected": expected,
            "fold": hits / np.where(expected > 0, expected, np.nan),
            "p": p,
            "fdr": false_discovery_control(p) if len(p) else p,
        }
    )
    return table.sort_values(["p", "regulator"], ignore_index=True)


SURE_FDR = 0.05


@dataclass(frozen=True)
class PooledEnrichment:
    """Hits among the best targets of all regulators.

    Attributes
    ----------
    hits, expected, fold
        Sums over regulators, and the first over the second; NaN if nothing is expected.
    p
        Chance of as many hits if each regulator's targets were drawn at random from its candidates.
    num_regulators, num_enriched
        Regulators with a positive, and those enriched on their own at a false discovery rate below 5 %.
    """

    hits: float
    expected: float
    fold: float
    p: float
    num_regulators: int
    num_enriched: int


def pooled_enrichment(table: pd.DataFrame) -> PooledEnrichment:
    """Return the test of the sum of all regulators' hits.

    Parameters
    ----------
    table
        Of `regulator_enrichment`.

    Notes
    -----
    The sum of independent hypergeometric counts has the convolution of their distributions; with whole hits
    only, as for one regulator.
    """
    hits, expected = float(table["hits"].sum()), float(table["expected"].sum())
    chances = np.ones(1)
    for candidates, positives, taken in table[["num_candidates", "num_positives", "taken"]].to_numpy(
        np.int64
    ):
        count = np.arange(min(positives, taken) + 1)
        chances = np.convolve(chances, hypergeom.pmf(count, candidates, positives, taken))
    reached = int(np.floor(hits + 1e-9))
    return PooledEnrichment(
        hits=hits,
        expected=expected,
        fold=hits / expected if expected else float("nan"),
        p=float(min(chances[reached:].sum(), 1.0)) if reached else 1.0,
        num_regulators=len(table),
        num_enriched=int((table["fdr"] < SURE_FDR).sum()),
    )
