"""Gene sets among the genes with the most positive and the most negative lags."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graph.validation.hypergeometric import regulator_enrichment
from graph.validation.universe import Universe

Floats = NDArray[np.float64]

MIN_SIZE, MAX_SIZE = 5, 500


def lag_enrichment(
    lag: Floats, gene_ids: Sequence[str], gene_sets: Mapping[str, Sequence[str]], *, num_genes: int = 100
) -> pd.DataFrame:
    """Return the gene sets among the `num_genes` most positive and most negative lags, surest first.

    Hypergeometric among the genes with a lag, Benjamini-Hochberg over the sets of each side.

    Parameters
    ----------
    lag
        Shape (G,); genes without one (NaN) are no candidates.
    gene_sets
        Members by set; sets with 5 to 500 genes that have a lag are tested.

    Returns
    -------
    DataFrame
        ``side`` (chromatin first, RNA first), ``gene_set``, ``size``, ``hits``, ``expected``, ``fold``, ``p``
        and ``fdr``.
    """
    known = np.flatnonzero(np.isfinite(lag))
    genes = [gene_ids[place] for place in known.tolist()]
    position = pd.Series(np.arange(len(genes)), index=genes)
    members = {name: position.reindex(list(found)).dropna().astype(int) for name, found in gene_sets.items()}
    kept = {name: found for name, found in members.items() if MIN_SIZE <= len(found) <= MAX_SIZE}
    columns = ["side", "gene_set", "size", "hits", "expected", "fold", "p", "fdr"]
    if not kept:
        return pd.DataFrame(columns=columns)
    sides = []
    for side, values in (("chromatin first", lag[known]), ("RNA first", -lag[known])):
        found = _one_side(values, genes, kept, num_genes=num_genes)
        sides.append(found.assign(side=side))
    return pd.concat(sides, ignore_index=True)[columns].sort_values(["p", "gene_set"], ignore_index=True)


def _one_side(
    values: Floats, genes: list[str], kept: Mapping[str, "pd.Series[int]"], *, num_genes: int
) -> pd.DataFrame:
    universe = Universe(tuple(kept), tuple(genes))
    labels = np.zeros(universe.shape, dtype=np.bool_)
    for row, found in enumerate(kept.values()):
        labels[row, found.to_numpy()] = True
    scores = np.broadcast_to(values, universe.shape)
    table = regulator_enrichment(
        scores, labels, np.ones_like(labels), universe=universe, k=min(num_genes, len(genes))
    )
    return table.rename(columns={"regulator": "gene_set", "num_positives": "size"})
