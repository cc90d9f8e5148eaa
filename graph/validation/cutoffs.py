"""What a reader gets who stops after the k best edges."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import gammaln

from graph.errors import InputError
from graph.validation.intervals import Floats
from graph.validation.metrics import hits_at_k, rank
from graph.validation.universe import Mask, Matrix

STANDARD_CUTS = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)


def cutoff_table(
    scores: Matrix, labels: Mask, candidates: Mask, *, cuts: Sequence[int] = STANDARD_CUTS
) -> pd.DataFrame:
    """Return the rank cut-off table of a network; ``(T, G)`` matrices in, one row a cut out.

    Columns: ``num_edges`` (the cut, at most all candidates), ``hits`` (Hit@K), ``precision``, ``recall`` and
    ``num_regulators`` (regulators with at least one edge). Tied edges are means over all orders, so counts
    need not be whole.

    Raises
    ------
    InputError
        A cut is below 1, or as for `graph.validation.metrics.rank`.
    """
    if not cuts or min(cuts) < 1:
        raise InputError(f"expected cuts of at least 1, found {list(cuts)}")
    ranking = rank(scores[candidates], labels[candidates])
    sizes = sorted({min(cut, ranking.num_pairs) for cut in cuts})
    hits = np.array([hits_at_k(ranking, k) for k in sizes])
    return pd.DataFrame(
        {
            "num_edges": sizes,
            "hits": hits,
            "precision": hits / sizes,
            "recall": hits / ranking.num_positives,
            "num_regulators": _covered(scores, candidates, sizes),
        }
    )


def _covered(scores: Matrix, candidates: Mask, sizes: Sequence[int]) -> list[float]:
    """Expected number of regulators among the k best edges, for each k."""
    values, owner = scores[candidates], np.nonzero(candidates)[0]
    falling = np.sort(values)[::-1]
    covered = []
    for k in sizes:
        above = np.bincount(owner[values > falling[k - 1]], minlength=len(scores))
        tied = np.bincount(owner[values == falling[k - 1]], minlength=len(scores)).astype(np.float64)
        missed = _chance_of_none(tied, total=int(tied.sum()), drawn=k - int(above.sum()))
        covered.append(float(np.sum(np.where(above > 0, 1.0, 1 - missed))))
    return covered


def _chance_of_none(tied: Floats, *, total: int, drawn: int) -> Floats:
    """Hypergeometric chance that none of a regulator's tied edges is drawn: C(n - m, d) / C(n, d)."""
    others = total - tied
    enough = others >= drawn
    rest = np.where(enough, others, drawn)
    log_chance = (
        gammaln(rest + 1) - gammaln(rest - drawn + 1) - gammaln(total + 1) + gammaln(total - drawn + 1)
    )
    return np.where(enough, np.exp(np.minimum(log_chance, 0)), 0.0)
