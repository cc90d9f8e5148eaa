"""Gene-peak links of a context: the attention of genes on their candidate peaks, ready to be written."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from model.epiaware.fitted import FittedBackbone


@dataclass(frozen=True)
class Links:
    """Gene-peak links of one context, by gene and strongest first.

    A weight is attention averaged over heads and metacells: an association, not a cause.

    Parameters
    ----------
    gene, peak
        Indices, (num_links,) int64.
    weight
        Share of the gene's attention, (num_links,) float32 in (0, 1].
    rank
        1 for the strongest link of the gene, (num_links,) int64.
    """

    gene: NDArray[np.int64]
    peak: NDArray[np.int64]
    weight: NDArray[np.float32]
    rank: NDArray[np.int64]

    @classmethod
    def strongest(
        cls, weights: NDArray[np.float32], near_index: NDArray[np.int64], *, per_gene: int | None = None
    ) -> Self:
        """Links of positive weight; ties go to the nearer peak, which comes first among the candidates.

        Parameters
        ----------
        weights
            Of each candidate, (num_near,).
        near_index
            (2, num_near) [gene, peak], sorted by gene, nearest peak first.
        per_gene
            Links kept of each gene; None keeps all.
        """
        order = np.lexsort((-weights, near_index[0]))
        order = order[weights[order] > 0]
        gene = near_index[0][order]
        firsts = np.searchsorted(gene, gene)
        rank = np.arange(order.size) - firsts + 1
        kept = rank <= (rank.max(initial=1) if per_gene is None else per_gene)
        return cls(gene[kept], near_index[1][order][kept], weights[order][kept], rank[kept])


def link_peaks(
    backbone: FittedBackbone,
    near_index: NDArray[np.int64],
    *,
    label: str | None = None,
    per_gene: int | None = 5,
) -> Links:
    """The strongest links of each gene in a context; None stands for all metacells.

    Raises
    ------
    NotFoundError
        The backbone was not fitted on such a context.
    """
    return Links.strongest(backbone.link_weights(label), near_index, per_gene=per_gene)
