"""Whether a network holds more truth than networks in which everybody keeps their number of edges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError
from graph.validation.universe import Codes, Mask, Universe

Keeps = Literal["both", "out"]
Statistic = Callable[[Codes], float]

BURN_IN_SWEEPS = 40
SWEEPS_BETWEEN = 5
"""In a sweep every edge is offered one swap, and takes it half of the time."""


@dataclass(frozen=True)
class RandomisationTest:
    """A figure of a network beside the same figure of randomised networks.

    Attributes
    ----------
    observed, mean, deviation
        Figure of the network; mean and standard deviation over the randomised ones.
    p
        One-sided: share of networks, the observed one among them, that reach the figure; at least
        ``1 / (num_random + 1)``.
    """

    keeps: Keeps
    observed: float
    mean: float
    deviation: float
    p: float
    num_random: int

    @property
    def ratio(self) -> float:
        """Figure over its mean under randomisation; NaN where that is 0."""
        return self.observed / self.mean if self.mean else float("nan")


def randomisation_test(
    codes: Codes,
    statistic: Statistic,
    *,
    universe: Universe,
    keeps: Keeps,
    allowed: Mask | None = None,
    num_random: int = 200,
    seed: int,
) -> RandomisationTest:
    """Return how a figure of a network stands among networks with the same degrees.

    Parameters
    ----------
    codes
        Edges of the network, unique, no self pairs.
    statistic
        A figure of a list of edges, larger = better, such as the number of edges that a database lists.
    keeps
        ``both``: every regulator's out-degree and every target's in-degree, by edge swaps. ``out``: the
        out-degrees only, targets uniform; a network that only knows which targets are famous passes this one.
    allowed
        Pairs that may be an edge, ``(T, G)``, such as the candidates of an exam; None for all.

    References
    ----------
    Edge swaps: Milo et al. 2003, arXiv:cond-mat/0312028. p values: Phipson and Smyth 2010,
    doi:10.2202/1544-6115.1585.
    """
    observed = statistic(codes)
    networks = randomised(
        codes, universe=universe, keeps=keeps, allowed=allowed, num_random=num_random, seed=seed
    )
    values = np.array([statistic(edges) for edges in networks])
    return RandomisationTest(
        keeps=keeps,
        observed=observed,
        mean=float(values.mean()),
        deviation=float(values.std()),
        p=float((1 + np.sum(values >= observed - 1e-12)) / (1 + num_random)),
        num_random=num_random,
    )


def hits_in(truth: Mask) -> Statistic:
    """Return the statistic that counts the edges which a truth ``(T, G)`` holds."""
    flat = truth.ravel()
    return lambda codes: float(flat[codes].sum())


def randomised(
    codes: Codes,
    *,
    universe: Universe,
    keeps: Keeps,
    allowed: Mask | None = None,
    num_random: int,
    seed: int,
) -> Iterator[Codes]:
    """Yield randomised networks, none of which has a self pair or a pair twice.

    Raises
    ------
    InputError
        A code is outside the universe, not allowed, a self pair or there twice, or `num_random` is below 1.
    """
    edges = universe.checked(codes, "codes")
    barred = universe.mask(universe.self_codes())
    barred = (barred if allowed is None else barred | ~allowed).ravel()
    if num_random < 1 or len(np.unique(edges)) < len(edges) or barred[edges].any():
        raise InputError(
            "expected unique, allowed edges without self pairs and at least one randomisation",
            hint="Universe.encode returns such edges",
        )
    rng = np.random.default_rng(seed)
    if keeps == "out":
        for _ in range(num_random):
            yield _redrawn(edges, barred, universe, rng)
        return
    taken = barred.copy()
    taken[edges] = True
    owner = np.empty(universe.num_codes, dtype=np.int32)
    for number in range(num_random):
        for _ in range(SWEEPS_BETWEEN if number else BURN_IN_SWEEPS):
            edges = _swept(edges, taken, owner, universe.num_targets, rng)
        yield edges


def _swept(
    edges: Codes, taken: Mask, owner: NDArray[np.int32], num_targets: int, rng: np.random.Generator
) -> Codes:
    """Offer every edge a swap of targets with another; `taken` is kept up to date, `owner` is scratch."""
    order = rng.permutation(len(edges))
    half = len(edges) // 2
    i, j = order[:half], order[half : 2 * half]
    (t, g), (t_other, g_other) = np.divmod(edges[i], num_targets), np.divmod(edges[j], num_targets)
    first, second = t * num_targets + g_other, t_other * num_targets + g
    # Two swaps of one sweep must not make the same edge: the last that offers it has it.
    places = np.arange(2 * half, dtype=np.int32)
    owner[first], owner[second] = places[:half], places[half:]
    alone = (owner[first] == places[:half]) & (owner[second] == places[half:])
    # A coin decides too: where every swap is possible, their number would have a parity that never mixes.
    free = alone & ~taken[first] & ~taken[second] & (rng.random(half) < 0.5)
    i, j, first, second = i[free], j[free], first[free], second[free]
    taken[edges[i]] = taken[edges[j]] = False
    taken[first] = taken[second] = True
    swapped = edges.copy()
    swapped[i], swapped[j] = first, second
    return swapped


def _redrawn(edges: Codes, barred: Mask, universe: Universe, rng: np.random.Generator) -> Codes:
    """Return as many edges of each regulator, to targets drawn uniformly without repeats."""
    num_targets = universe.num_targets
    out_degree = np.bincount(edges // num_targets, minlength=universe.num_regulators)
    free = num_targets - barred.reshape(universe.shape).sum(axis=1)
    dense = np.flatnonzero(2 * out_degree > free)
    parts = [_drawn_row(int(t), int(out_degree[t]), barred, num_targets, rng) for t in dense]
    drawn = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    missing = np.where(2 * out_degree > free, 0, out_degree)
    while missing.any():
        row = np.repeat(np.arange(universe.num_regulators), missing)
        offered = row * num_targets + rng.integers(num_targets, size=len(row))
        offered = np.setdiff1d(offered[~barred[offered]], drawn)
        drawn = np.concatenate([drawn, offered])
        missing = missing - np.bincount(offered // num_targets, minlength=universe.num_regulators)
    return np.sort(drawn)


def _drawn_row(t: int, size: int, barred: Mask, num_targets: int, rng: np.random.Generator) -> Codes:
    free = np.flatnonzero(~barred[t * num_targets : (t + 1) * num_targets])
    return t * num_targets + rng.choice(free, size, replace=False)
