"""ChIP-seq as the judge of one factor at a time: its ranking, and what expression alone would give."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, mannwhitneyu

from graph.errors import InputError
from graph.validation.intervals import Floats
from graph.validation.metrics import refuse_unranked
from graph.validation.swap import SwapPairs, regulator_swaps
from graph.validation.universe import Mask, Matrix, Universe

NUM_STRATA = 10


def factor_table(
    scores: Matrix,
    labels: Mask,
    candidates: Mask,
    *,
    universe: Universe,
    pairs: SwapPairs,
    levels: Floats | None,
) -> pd.DataFrame:
    """Return how well the bound targets of each factor are ranked, best matched AUROC first.

    Parameters
    ----------
    scores, labels, candidates
        ``(T, G)``: any score, the bound pairs, the judged pairs.
    pairs
        Swaps of the same positives, from `graph.validation.swap.swap_pairs`.
    levels
        Expression of each target in the assayed cell type, ``(G,)``; None leaves the matched column out.

    Returns
    -------
    DataFrame
        ``regulator``, ``num_positives``, ``auroc`` with the one-sided Mann-Whitney ``p`` and its ``fdr``,
        ``swap_auroc`` (mean over the swaps that the factor is part of) and ``matched_auroc``: bound targets
        against unbound ones of the same tenth of expression, since open and expressed genes are bound by
        everything.

    References
    ----------
    Stratified rank sums: van Elteren 1960, Bulletin of the ISI 37:351.
    """
    if levels is not None and len(levels) != universe.num_targets:
        raise InputError(f"expected one level a target ({universe.num_targets:,}), found {len(levels):,}")
    strata = None if levels is None else expression_strata(levels)
    swaps = regulator_swaps(scores, pairs)
    rows = []
    for t in np.flatnonzero((labels & candidates).any(axis=1) & (candidates & ~labels).any(axis=1)):
        shown = candidates[t]
        values, bound = scores[t][shown].astype(np.float64), labels[t][shown]
        refuse_unranked(values)
        test = mannwhitneyu(values[bound], values[~bound], alternative="greater", method="asymptotic")
        rows.append(
            {
                "regulator": universe.regulators[t],
                "num_positives": int(bound.sum()),
                "auroc": float(test.statistic) / (bound.sum() * (~bound).sum()),
                "p": float(test.pvalue) if np.ptp(values) else 1.0,
                "swap_auroc": float(swaps[t]),
                "matched_auroc": np.nan if strata is None else stratified_auroc(values, bound, strata[shown]),
            }
        )
    columns = ["regulator", "num_positives", "auroc", "p", "swap_auroc", "matched_auroc"]
    table = pd.DataFrame(rows, columns=columns)
    table["fdr"] = (
        false_discovery_control(table["p"].to_numpy(dtype=np.float64)) if len(table) else table["p"]
    )
    return table.sort_values(["matched_auroc", "auroc"], ascending=False, ignore_index=True)


def expression_strata(levels: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the tenth of expression of each target, 0 to 9, ``(G,)``; equal levels share a stratum."""
    order = np.searchsorted(np.sort(levels), levels, side="left")
    return np.minimum(order * NUM_STRATA // max(len(levels), 1), NUM_STRATA - 1).astype(np.int64)


def stratified_auroc(
    values: Floats, labels: Mask, strata: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    """Return the AUROC over comparisons within strata only; NaN without any.

    Parameters
    ----------
    values, labels, strata
        ``(num_pairs,)`` each.
    """
    won = num = 0.0
    for stratum in np.unique(strata[labels]):
        inside = strata == stratum
        positives, negatives = values[inside & labels], np.sort(values[inside & ~labels])
        below = np.searchsorted(negatives, positives, "left") + np.searchsorted(negatives, positives, "right")
        won += float(below.sum()) / 2
        num += len(positives) * len(negatives)
    return won / num if num else float("nan")
