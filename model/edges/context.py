"""How a pair's logit differs between the contexts of a data set: who is expressed and accessible there.

The head knows pairs, not cells. In a context both ends must be expressed, and the target's linked peaks
accessible, more than elsewhere for the pair to be surer there. Nothing here is fitted to a label or to
ChIP-seq; with the labels of the cells shuffled the levels of all contexts are alike, and so are the scores.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from model.edges.inputs import Integers, Planes
from model.metacells import Metacells

SHIFT = np.float32(0.5)
"""Largest shift of a logit by each of the three: the regulator, the target, the target's linked peaks."""
PRIOR_COUNTS = 20.0
"""Counts of the average context that a level starts with, so that few cells shift little."""


@dataclass(frozen=True)
class Levels:
    """How much more than over all cells a context shows a gene, in log units.

    Parameters
    ----------
    expression, accessibility
        `(num_contexts, num_measured)`; 0 for the context of all cells.
    """

    expression: Planes
    accessibility: Planes

    def shift(self, context: int, regulator_gene: Integers) -> Planes:
        """Return what is added to the logits in a context, `(num_regulators, num_measured)`."""
        expression, accessibility = (np.tanh(each[context]) for each in (self.expression, self.accessibility))
        own = np.where(regulator_gene >= 0, expression[regulator_gene], 0)
        return np.asarray(SHIFT * (own[:, None] + expression + accessibility), dtype=np.float32)


def levels_of(
    metacells: Metacells, contexts: tuple[str, ...], *, near_index: Integers, link_weight: Planes
) -> Levels:
    """Return the levels of all contexts; one that is no label of the metacells stands for all cells.

    Parameters
    ----------
    near_index, link_weight
        `(2, num_near)` gene and candidate peak, and the weight of their link over all cells.
    """
    links = sp.csr_matrix(
        (link_weight, (near_index[1], near_index[0])),
        shape=(metacells.atac.shape[1], metacells.rna.shape[1]),
    )
    linked = sp.csr_matrix(metacells.atac @ links)
    found = [
        [_more_than_elsewhere(counts, metacells.labels == name) for name in contexts]
        for counts in (metacells.rna, linked)
    ]
    return Levels(*(np.stack(each).astype(np.float32) for each in found))


def _more_than_elsewhere(counts: sp.csr_matrix, inside: npt.NDArray[np.bool_]) -> Planes:
    """Return the log ratio of each column's share inside to its share over all rows, shrunk towards 0."""
    total = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    if not inside.any():
        return np.zeros(len(total), dtype=np.float32)
    here = np.asarray(counts[inside].sum(axis=0), dtype=np.float64).ravel()
    expected = total * here.sum() / max(float(total.sum()), 1.0)
    return np.asarray(np.log((here + PRIOR_COUNTS) / (expected + PRIOR_COUNTS)), dtype=np.float32)
