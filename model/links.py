"""Gene-peak links of a context: distance, openness, co-variation and attention, as one weight.

No label is read. The log-odds of a link are those of its activity-by-contact share, plus the evidence of
co-variation over metacells, plus a bounded share of what stage 1 attends to::

    log(share / 0.022) + log(density of r, candidates / other chromosomes) + tanh(log attention) / 2

References
----------
A share of 0.022 is where Fulco et al. 2019, doi:10.1038/s41588-019-0538-0, take a link for real; it has even
odds here. Their share was measured with H3K27ac and Hi-C, so that a weight is on their scale by construction
and has not been calibrated on a screen.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit

from graph.errors import NotFoundError
from model.data import ALL_CELLS, Neighbourhoods
from model.epiaware.fitted import FittedBackbone
from model.link_activity import accessibility, activity_share
from model.link_covariation import covariation
from model.link_regions import PeakRegions
from model.metacells import Metacells

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

EVEN_SHARE = 0.022
"""Activity-by-contact share of even odds."""
ATTENTION = 0.5
"""Largest change of the log-odds by attention."""


@dataclass(frozen=True)
class Links:
    """Gene-peak links of one context, by gene and strongest first.

    Parameters
    ----------
    gene, peak
        Indices, (num_links,) int64.
    weight
        (num_links,) float32 in (0, 1].
    rank
        1 for the strongest link of the gene, (num_links,) int64.
    candidate
        Place among the candidates, (num_links,) int64.
    """

    gene: Integers
    peak: Integers
    weight: Floats
    rank: Integers
    candidate: Integers

    @classmethod
    def strongest(cls, weights: Floats, near_index: Integers, *, per_gene: int | None = None) -> Self:
        """Links of positive weight; ties go to the candidate that comes first: the nearer peak.

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
        order = order[kept]
        return cls(gene[kept], near_index[1][order], weights[order], rank[kept], order)


@dataclass(frozen=True)
class LinkEvidence:
    """What tells the links of a data set, for each candidate and context.

    Parameters
    ----------
    contexts
        Names, as those of the neighbourhoods.
    near_index
        (2, num_near) [gene, peak], sorted by gene, nearest peak first.
    share
        Activity-by-contact share, (num_contexts, num_near) in [0, 1].
    attention
        Share of the gene's attention in stage 1, (num_contexts, num_near); sums to one over a gene.
    correlation
        Pearson r over all metacells, (num_near,).
    covariation
        Log evidence of it against chance, (num_near,).
    shown
        (num_contexts, num_near) the context has counts of the gene and of the peak.
    """

    contexts: tuple[str, ...]
    near_index: Integers
    share: Floats
    attention: Floats
    correlation: Floats
    covariation: Floats
    shown: NDArray[np.bool_]

    def weights(self, context: str) -> Floats:
        """Return the weight of each candidate in a context, (num_near,) in [0, 1]; 0 where it is not shown.

        Raises
        ------
        NotFoundError
            If there is no such context.
        """
        place = self.place(context)
        gene = self.near_index[0]
        relative = self.attention[place] * np.bincount(gene)[gene]  # 1 is the gene's average
        with np.errstate(divide="ignore"):
            log_odds = np.log(self.share[place] / EVEN_SHARE)
        log_odds = log_odds + self.covariation + ATTENTION * _tanh_log(relative)
        return np.where(self.shown[place], expit(log_odds), 0).astype(np.float32)

    def links_of(self, context: str, *, per_gene: int | None = None) -> Links:
        """Return the strongest links of each gene in a context; None keeps all.

        Raises
        ------
        NotFoundError
            If there is no such context.
        """
        return Links.strongest(self.weights(context), self.near_index, per_gene=per_gene)

    def place(self, context: str) -> int:
        """Return where a context is among those of the evidence.

        Raises
        ------
        NotFoundError
            If it is not.
        """
        if context not in self.contexts:
            raise NotFoundError(
                f"no gene-peak links of context {context!r}", hint=f"there are {', '.join(self.contexts)}"
            )
        return self.contexts.index(context)


def gather_links(
    metacells: Metacells,
    hoods: Neighbourhoods,
    backbone: FittedBackbone,
    *,
    start_distance: Floats,
    seed: int,
) -> LinkEvidence:
    """Return what tells the links of a data set.

    Parameters
    ----------
    start_distance
        (num_near,) bp between each candidate and its gene's start site, see `read_start_distance`.
    seed
        Of the peaks of other chromosomes that tell chance.

    Raises
    ------
    NotFoundError
        If the backbone was not fitted on a context of the data set.
    """
    near, regions = hoods.near_index, PeakRegions.of(hoods.peak_ids)
    found = covariation(metacells, near, peak_chrom=regions.chrom, seed=seed)
    window_bp = float(hoods.near_distance.max(initial=0))
    shares, shown = [], []
    for name in hoods.contexts:
        inside = (metacells.labels == name) | (name == ALL_CELLS)
        openness = accessibility(metacells.atac, inside)
        shares.append(
            activity_share(openness, near, start_distance, window_bp=window_bp, span_bp=regions.span_bp)
        )
        gene, peak = (_has_counts(counts, inside) for counts in (metacells.rna, metacells.atac))
        shown.append(gene[near[0]] & peak[near[1]])
    return LinkEvidence(
        contexts=hoods.contexts,
        near_index=near,
        share=np.stack(shares).astype(np.float32),
        attention=np.stack([backbone.link_weights(name) for name in hoods.contexts]),
        correlation=found.correlation,
        covariation=found.log_ratio,
        shown=np.stack(shown),
    )


def _tanh_log(x: Floats) -> NDArray[np.float64]:
    """Return tanh(log(x)), -1 at 0."""
    squared = np.asarray(x, dtype=np.float64) ** 2
    return np.asarray((squared - 1) / (squared + 1))


def _has_counts(counts: sp.csr_matrix, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(counts[inside].sum(axis=0)).ravel() > 0
