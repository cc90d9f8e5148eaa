"""Kinds of orthology, from the pairs themselves."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ONE_TO_ONE: Final = "one2one"
ONE_TO_MANY: Final = "one2many"
MANY_TO_MANY: Final = "many2many"
KINDS: Final = (ONE_TO_ONE, ONE_TO_MANY, MANY_TO_MANY)


def orthology_kinds(sources: pd.Series, targets: pd.Series) -> pd.Series:
    """Return the kind of each pair, indexed as `sources`.

    Genes that pairs connect, directly or through others, are one family: `one2one` if it has one gene on each
    side, `one2many` if it has one on one side and several on the other, else `many2many`.

    >>> orthology_kinds(pd.Series(["A", "B", "B"]), pd.Series(["a", "b", "c"])).tolist()
    ['one2one', 'one2many', 'one2many']
    """
    source, source_names = pd.factorize(sources)
    target, target_names = pd.factorize(targets)
    num_sources, num_genes = len(source_names), len(source_names) + len(target_names)
    if num_genes == 0:
        return pd.Series(index=sources.index, dtype=object)
    pairs = coo_array((np.ones(len(source)), (source, target + num_sources)), shape=(num_genes, num_genes))
    num_families, family = connected_components(pairs, directed=False)
    left = np.bincount(family[:num_sources], minlength=num_families)
    right = np.bincount(family[num_sources:], minlength=num_families)
    several = (left > 1).astype(int) + (right > 1)
    return pd.Series(np.array(KINDS, dtype=object)[several[family[source]]], index=sources.index)
