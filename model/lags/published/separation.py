"""Lags of a regulator's targets, or their shift after its loss, against those of like genes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from graph.errors import InputError

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MATCHED_EACH = 3
"""Genes of the background for each target."""
MIN_TARGETS = 5


@dataclass(frozen=True)
class Separation:
    """Values of targets against those of a background of the same expression.

    Parameters
    ----------
    num_targets, num_background
        Genes compared.
    targets, background
        Median value of each.
    fold
        The first median over the second; NaN where that is 0.
    p
        Of the two-sided rank test (Mann-Whitney); NaN where nothing could be compared.
    obstacle
        Why nothing was compared, empty if it was.
    """

    num_targets: int
    num_background: int
    targets: float
    background: float
    fold: float
    p: float
    obstacle: str


def target_separation(
    values: ArrayLike, is_target: ArrayLike, expression: ArrayLike, *, seed: int
) -> Separation:
    """Return how the values of targets differ from those of genes that are expressed alike.

    Each target has three genes of the background beside it, the nearest of its rank by expression that are no
    targets and not taken yet.

    Parameters
    ----------
    values
        Of each gene, such as its lag, shape (G,); genes without one (NaN) are left out.
    is_target
        Such as the genes that ChIP-seq finds bound, shape (G,).
    expression
        Mean count of each gene, shape (G,).

    Raises
    ------
    InputError
        The three do not fit each other.
    """
    lag, level = np.asarray(values, dtype=np.float64), np.asarray(expression, dtype=np.float64)
    target = np.asarray(is_target, dtype=np.bool_)
    if not lag.shape == level.shape == target.shape or lag.ndim != 1:
        raise InputError(
            "expected one value, one mark and one level a gene, found "
            f"{lag.shape}, {target.shape}, {level.shape}"
        )
    known = np.isfinite(lag) & np.isfinite(level)
    lag, level, target = lag[known], level[known], target[known]
    background = matched(target, level, seed=seed)
    if min(int(target.sum()), background.size) < MIN_TARGETS:
        reason = f"{target.sum()} targets and {background.size} like genes have a lag, expected {MIN_TARGETS}"
        nan = float("nan")
        return Separation(int(target.sum()), background.size, nan, nan, nan, nan, reason)
    first, second = lag[target], lag[background]
    middle = float(np.median(second))
    return Separation(
        num_targets=first.size,
        num_background=second.size,
        targets=float(np.median(first)),
        background=middle,
        fold=float(np.median(first)) / middle if middle else float("nan"),
        p=float(stats.mannwhitneyu(first, second, alternative="two-sided").pvalue),
        obstacle="",
    )


def perturbation_shift(
    delta: ArrayLike, is_perturbed: ArrayLike, is_target: ArrayLike, expression: ArrayLike, *, seed: int
) -> Separation:
    """Return how far the lags of targets move in perturbed cells, against genes that are expressed alike.

    The shift of a gene is the size of the difference of its mean lag in perturbed cells and in the others.

    Parameters
    ----------
    delta
        Lag of each gene in each cell, shape (N, G), see `TrajectoryLags.at_cells`.
    is_perturbed
        Whether the regulator was knocked out in a cell, shape (N,).
    is_target, expression
        Of each gene, see `target_separation`.

    Raises
    ------
    InputError
        The inputs do not fit each other, or there are no perturbed cells or no others.
    """
    lags, perturbed = np.asarray(delta, dtype=np.float64), np.asarray(is_perturbed, dtype=np.bool_)
    if lags.ndim != 2 or perturbed.shape != lags.shape[:1]:
        raise InputError(
            f"expected lags by cell and gene and a mark a cell, found {lags.shape} and {perturbed.shape}"
        )
    if not 0 < perturbed.sum() < perturbed.size:
        raise InputError(f"expected perturbed cells and others, found {perturbed.sum()} of {perturbed.size}")
    shift = np.abs(lags[perturbed].mean(axis=0) - lags[~perturbed].mean(axis=0))
    return target_separation(shift, is_target, expression, seed=seed)


def matched(is_target: Mask, level: Floats, *, seed: int) -> NDArray[np.int64]:
    """Return genes that are no targets and are expressed as the targets are, up to three for each."""
    rank = stats.rankdata(level)
    free = ~is_target
    taken: list[int] = []
    for gene in np.random.default_rng(seed).permutation(np.flatnonzero(is_target)):
        candidates = np.flatnonzero(free)
        nearest = candidates[np.argsort(np.abs(rank[candidates] - rank[gene]), kind="stable")[:MATCHED_EACH]]
        free[nearest] = False
        taken.extend(nearest.tolist())
    return np.sort(np.array(taken, dtype=np.int64))
