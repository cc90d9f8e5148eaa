"""What everybody who sits an exam is asked: worked out once, and shared by all methods."""

from dataclasses import dataclass

import numpy as np

from graph.errors import ConflictError
from graph.validation.swap import SwapPairs, swap_pairs
from graph.validation.universe import Codes, Mask, Universe


@dataclass(frozen=True)
class Paper:
    """The pairs of an exam that do not depend on who sits it.

    Attributes
    ----------
    candidates, labels
        Judged pairs and those of them that are right, ``(T, G)``.
    swaps
        Pairs of positives that can be swapped.
    """

    universe: Universe
    candidates: Mask
    labels: Mask
    swaps: SwapPairs


def exam_paper(
    universe: Universe,
    *,
    positives: Codes,
    excluded: Codes,
    known_positives: Codes,
    seed: int,
    num_swaps: int = 300_000,
) -> Paper:
    """Return the candidates, labels and swaps of an exam.

    Parameters
    ----------
    positives, excluded, known_positives
        See `graph.validation.judge.judge`.
    seed
        Seed of the sample of swaps.

    Raises
    ------
    InputError
        A code is outside the universe.
    ConflictError
        A positive is excluded or a self pair, so that it would be judged after being trained on.
    """
    candidates = universe.candidates(excluded)
    asked = universe.checked(positives, "positives")
    barred = ~candidates.ravel()[asked]
    if barred.any():
        raise ConflictError(
            "expected no excluded or self pair among the positives, "
            f"found {len(np.unique(asked[barred])):,} of {len(np.unique(asked)):,}",
            hint="splits.novel_pairs(positives, excluded) keeps the others",
        )
    forbidden = ~candidates
    forbidden.ravel()[universe.checked(known_positives, "known_positives")] = True
    return Paper(
        universe=universe,
        candidates=candidates,
        labels=universe.mask(asked),
        swaps=swap_pairs(asked, universe=universe, known=forbidden, seed=seed, num_samples=num_swaps),
    )
