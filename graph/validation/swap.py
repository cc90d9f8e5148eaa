"""Swap AUROC: whether a score knows who regulates whom, beyond who is famous.

Two held-out positives (t, g) and (t', g') are compared with the swapped pairs (t, g') and (t', g). Swaps keep
the degree of every regulator and every target, so a score ``a[t] + b[g]``, or any strictly rising function of
it, gets exactly .5: what one of the four comparisons wins, another loses. A product of degrees is such a
function while no factor is 0; a factor of 0 ties a whole row or column, and can move the figure either way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError
from graph.validation.intervals import Floats, Interval, pair_ratio_interval
from graph.validation.metrics import refuse_unranked
from graph.validation.universe import Codes, Mask, Matrix, Universe

ScoreLookup = Callable[[Codes], Matrix]

ENUMERATED_PAIRS = 2_000_000
MAX_BATCHES = 40


@dataclass(frozen=True)
class SwapPairs:
    """Pairs of positives whose swapped pairs are known positives nowhere.

    Attributes
    ----------
    first, second
        Codes of (t, g) and of (t', g'), ``(num_pairs,)`` each; every unordered pair at most once.
    num_positives
        Positives of each regulator, ``(T,)``.
    shape
        ``(T, G)``.
    """

    first: Codes
    second: Codes
    num_positives: NDArray[np.int64]
    shape: tuple[int, int]


@dataclass(frozen=True)
class SwapAuroc:
    """Swap AUROC of a score; all figures NaN if no two positives can be swapped.

    Attributes
    ----------
    pooled
        Mean over the pairs of positives, in [0, 1].
    interval
        95 % interval of ``pooled`` by bootstrap over regulators.
    macro
        Mean over regulators with enough test edges of the mean over the pairs that they are part of.
    num_pairs
        Pairs of positives that were compared, four comparisons each.
    num_macro_regulators
        Regulators in ``macro``.
    """

    pooled: float
    interval: Interval
    macro: float
    num_pairs: int
    num_macro_regulators: int


def swap_auroc(
    scores: Matrix | ScoreLookup,
    positives: Codes,
    *,
    universe: Universe,
    known: Codes,
    seed: int,
    num_samples: int = 300_000,
) -> SwapAuroc:
    """Return the swap AUROC of a score on held-out positives.

    Additive scores are at exactly .5 as long as rounding keeps the order of b within each row and of a within
    each column. Rounding can only turn an order into a tie; for logarithms of counts float32 suffices.

    Parameters
    ----------
    scores
        Finite scores ``(T, G)``, or a function from flat codes to finite scores.
    positives
        Codes of the held-out positives.
    known
        Codes of all known positives, training edges included (``positives`` may be among them).
    seed
        Seed of the sample and of the bootstrap.

    Raises
    ------
    InputError
        A score is not finite, a shape is wrong, or a positive is a self pair.
    """
    pairs = swap_pairs(positives, universe=universe, known=known, seed=seed, num_samples=num_samples)
    return score_swaps(scores, pairs, seed=seed)


def swap_pairs(
    positives: Codes, *, universe: Universe, known: Codes | Mask, seed: int, num_samples: int = 300_000
) -> SwapPairs:
    """Return all pairs of positives that can be swapped, or a seeded sample without repeats.

    ``known`` are codes, or a mask ``(T, G)``.

    A pair counts if t != t', g != g', and neither swapped pair is known or a self pair; swapped pairs
    are in the universe by construction. Above two million pairs of positives, pairs are drawn until
    ``num_samples`` count or 40 batches were drawn, so a very dense truth may give fewer.
    """
    edges = np.unique(universe.checked(positives, "positives"))
    if np.isin(edges, universe.self_codes()).any():
        raise InputError("expected no self pair among the positives", hint="Universe.encode drops them")
    forbidden: Mask = np.zeros(universe.shape, dtype=np.bool_)
    if known.dtype == np.bool_:
        forbidden |= known.reshape(universe.shape).astype(np.bool_)
    else:
        forbidden |= universe.mask(cast("Codes", known), "known")
    forbidden.ravel()[np.concatenate([universe.self_codes(), edges])] = True
    rng = np.random.default_rng(seed)
    if len(edges) * (len(edges) - 1) // 2 <= ENUMERATED_PAIRS:
        i, j = _keep_swappable(edges, np.triu_indices(len(edges), 1), forbidden)
    else:
        i, j = _draw_pairs(edges, forbidden, num_samples=num_samples, rng=rng)
    chosen = np.sort(rng.permutation(len(i))[:num_samples])
    counts = np.bincount(edges // universe.num_targets, minlength=universe.num_regulators)
    return SwapPairs(edges[i[chosen]], edges[j[chosen]], counts, universe.shape)


def score_swaps(
    scores: Matrix | ScoreLookup,
    pairs: SwapPairs,
    *,
    seed: int,
    num_bootstraps: int = 1000,
    min_edges: int = 5,
) -> SwapAuroc:
    """Return the swap AUROC on given pairs, so that many methods can be compared on the same ones.

    Parameters
    ----------
    min_edges
        Held-out positives that a regulator needs to count in the macro average.
    """
    if len(pairs.first) == 0:
        nan = float("nan")
        return SwapAuroc(nan, Interval(nan, nan), nan, 0, 0)
    wins = _pair_wins(_as_lookup(scores, pairs.shape), pairs)
    won = _sum_by_regulators(wins, pairs)
    num = _sum_by_regulators(np.ones(len(wins)), pairs)
    mean, counted = _regulator_means(won, num)
    counted &= pairs.num_positives >= min_edges
    swapped = np.flatnonzero(num.sum(axis=1))
    block = np.ix_(swapped, swapped)
    return SwapAuroc(
        pooled=float(wins.mean()),
        interval=pair_ratio_interval(won[block], num[block], num_bootstraps=num_bootstraps, seed=seed),
        macro=float(mean[counted].mean()) if counted.any() else float("nan"),
        num_pairs=len(wins),
        num_macro_regulators=int(counted.sum()),
    )


def regulator_swaps(scores: Matrix | ScoreLookup, pairs: SwapPairs) -> Floats:
    """Return the mean of each regulator over the swaps that it is part of, ``(T,)``; NaN without any."""
    if len(pairs.first) == 0:
        return np.full(pairs.shape[0], np.nan)
    wins = _pair_wins(_as_lookup(scores, pairs.shape), pairs)
    return _regulator_means(_sum_by_regulators(wins, pairs), _sum_by_regulators(np.ones(len(wins)), pairs))[0]


def _as_lookup(scores: Matrix | ScoreLookup, shape: tuple[int, int]) -> ScoreLookup:
    if callable(scores):
        return scores
    if scores.shape != shape:
        raise InputError(f"expected scores of shape {shape}, found {scores.shape}")
    flat = scores.reshape(-1)
    return lambda codes: flat[codes]


def _pair_wins(lookup: ScoreLookup, pairs: SwapPairs) -> Floats:
    """Mean of the four comparisons of each pair, ``(num_pairs,)``, a multiple of 1/8."""
    num_targets = pairs.shape[1]
    t, g = np.divmod(pairs.first, num_targets)
    t_other, g_other = np.divmod(pairs.second, num_targets)
    positives = (lookup(pairs.first), lookup(pairs.second))
    swapped = (lookup(t * num_targets + g_other), lookup(t_other * num_targets + g))
    for values in (*positives, *swapped):
        refuse_unranked(np.asarray(values))
    wins = np.zeros(len(t))
    for positive in positives:
        for negative in swapped:
            wins += (positive > negative) + 0.5 * (positive == negative)
    return wins / 4


def _sum_by_regulators(values: Floats, pairs: SwapPairs) -> Floats:
    """Symmetric sums of one value a pair for each two regulators, ``(T, T)``."""
    num_regulators, num_targets = pairs.shape
    cell = (pairs.first // num_targets) * num_regulators + pairs.second // num_targets
    sums = np.bincount(cell, weights=values, minlength=num_regulators**2).astype(np.float64)
    square = sums.reshape(num_regulators, num_regulators)
    return square + square.T


def _regulator_means(won: Floats, num: Floats) -> tuple[Floats, Mask]:
    total = num.sum(axis=1)
    counted = total > 0
    mean = np.full(len(total), np.nan)
    np.divide(won.sum(axis=1), total, out=mean, where=counted)
    return mean, counted


def _keep_swappable(
    edges: Codes, rows: tuple[NDArray[np.int64], NDArray[np.int64]], forbidden: Mask
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    i, j = rows
    t, g = np.divmod(edges, forbidden.shape[1])
    apart = (t[i] != t[j]) & (g[i] != g[j])
    i, j = i[apart], j[apart]
    free = ~forbidden[t[i], g[j]] & ~forbidden[t[j], g[i]]
    return i[free], j[free]


def _draw_pairs(
    edges: Codes, forbidden: Mask, *, num_samples: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw unordered pairs of rows without repeats; each that counts is as likely as any other."""
    found = np.empty(0, dtype=np.int64)
    for _ in range(MAX_BATCHES):
        i, j = rng.integers(len(edges), size=(2, 2 * num_samples))
        i, j = _keep_swappable(edges, (np.minimum(i, j), np.maximum(i, j)), forbidden)
        found = np.union1d(found, i * len(edges) + j)
        if len(found) >= num_samples:
            break
    first, second = np.divmod(found, len(edges))
    return first, second
