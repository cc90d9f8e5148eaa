"""Content vectors of genes: truncated SVD of what they are members of, bound by, and look like in cells."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from model.edges.inputs import Content, Integers, Planes, unit_rows

SET_RANK = 300
CHIP_RANK = 64
MIN_SETS = 100
"""A collection with fewer sets joins the others that are too small."""
SET_SIZES = (5, 500)
"""Genes of a set that is used: fewer say little, more say nothing."""


def weighted_sets(members: sp.csr_matrix) -> sp.csr_matrix:
    """Return memberships `(num_genes, num_sets)` weighted by log(genes / members), sets of odd sizes out."""
    sizes = np.asarray(members.sum(axis=0)).ravel()
    used = np.flatnonzero((sizes >= SET_SIZES[0]) & (sizes <= SET_SIZES[1]))
    idf = np.log(members.shape[0] / sizes[used]).astype(np.float32)
    return sp.csr_matrix(members[:, used] @ sp.diags(idf))


def of_sets(name: str, weighted: sp.csr_matrix, *, regulators: Integers, num_genes: int) -> Content:
    """Return the content that memberships in gene sets give.

    Parameters
    ----------
    weighted
        `(num_known, num_sets)`; the first `num_genes` rows are the genes of the messages.
    regulators
        `(num_regulators,)` row of each regulator's own gene.
    """
    return of_rows(name, weighted, regulators=regulators, num_genes=num_genes, weight=1.0)


def of_rows(
    name: str, weighted: sp.csr_matrix, *, regulators: Integers, num_genes: int, weight: float
) -> Content:
    """Return the content of sparse rows, brought to length 1 before they are reduced to 300 columns.

    Parameters
    ----------
    weighted
        `(num_known, num_columns)`; the first `num_genes` rows are the genes of the messages.
    """
    norm = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    rows = sp.csr_matrix(sp.diags(np.divide(1, norm, out=np.zeros_like(norm), where=norm > 0)) @ weighted)
    vectors = _reduced(rows, rank=SET_RANK)
    return Content(name, vectors[:num_genes], vectors[regulators], weight)


def of_experiments(shown: sp.csr_matrix, *, regulators: Integers, num_genes: int) -> Content:
    """Return the content that ChIP-seq gives: which experiments show a gene more than others do.

    Parameters
    ----------
    shown
        `(num_known, num_experiments)`, 1 where an experiment shows a gene.
    """
    dense = shown.toarray().astype(np.float32)
    dense -= dense.mean(axis=0)
    dense -= dense.mean(axis=1, keepdims=True)
    vectors = _reduced(dense, rank=CHIP_RANK)
    return Content("chip", vectors[:num_genes], vectors[regulators])


def of_cells(name: str, z: Planes, *, gene: Integers, num_genes: int, weight: float) -> Content:
    """Return the content that cells give, 0 for genes that they do not show.

    Parameters
    ----------
    z
        `(num_measured, d)` embedding of the measured genes.
    gene
        `(num_regulators,)` measured gene of each regulator, -1 for none.
    """
    unit = unit_rows(z - z.mean(axis=0))
    genes = np.zeros((num_genes, unit.shape[1]), dtype=np.float32)
    genes[: len(unit)] = unit
    own = np.where((gene >= 0)[:, None], unit[gene], 0).astype(np.float32)
    return Content(name, genes, own, weight)


def merged(collections: Sequence[tuple[str, sp.csr_matrix]]) -> list[tuple[str, sp.csr_matrix]]:
    """Return the collections `(name, (num_known, num_sets))`, those with few sets as one ``other sets``."""
    large = [(name, sets) for name, sets in collections if sets.shape[1] >= MIN_SETS]
    small = [sets for _, sets in collections if 0 < sets.shape[1] < MIN_SETS]
    return large + ([("other sets", sp.csr_matrix(sp.hstack(small)))] if small else [])


def _reduced(x: "sp.csr_matrix | Planes", *, rank: int) -> Planes:
    rank = min(rank, min(x.shape) - 1)
    if rank < 1:
        return np.zeros((x.shape[0], 1), dtype=np.float32)
    left, values, _ = randomized_svd(x, rank, random_state=0)
    return unit_rows((left * values).astype(np.float32))
