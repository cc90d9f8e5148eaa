"""Whether the targets of one regulator share gene sets more than targets of different regulators do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from graph.errors import InputError
from graph.validation.randomise import RandomisationTest, randomisation_test
from graph.validation.universe import Codes, Universe

MIN_MEMBERS, MAX_MEMBERS = 5, 500
"""Sets outside these sizes, counted in the universe, say little: too rare to be shared, or shared by all."""


@dataclass(frozen=True)
class Coherence:
    """Share of target pairs of one regulator that are together in a gene set.

    Attributes
    ----------
    rate
        Over all pairs of targets of one regulator, in [0, 1].
    test
        `rate` beside that of networks with the same degrees of every regulator and target.
    num_sets, num_annotated
        Gene sets that were used, and targets of the network that are in at least one.
    """

    rate: float
    test: RandomisationTest
    num_sets: int
    num_annotated: int


def gene_set_coherence(
    codes: Codes,
    gene_sets: Mapping[str, Sequence[str]],
    *,
    universe: Universe,
    num_random: int = 100,
    seed: int,
) -> Coherence:
    """Return the coherence of a network's regulons.

    Parameters
    ----------
    codes
        Edges of the network, such as the 100 best targets of each regulator.
    gene_sets
        Gene ids by set. Leave out sets that were derived from regulators (targets of a factor, ChIP-seq,
        motif sets): they would be judged by themselves.

    Raises
    ------
    InputError
        No set has 5 to 500 genes of the universe, or no regulator has two targets.
    """
    together = _together(gene_sets, universe)
    out_degree = np.bincount(codes // universe.num_targets, minlength=universe.num_regulators).astype(
        np.int64
    )
    num_pairs = int(np.sum(out_degree * (out_degree - 1) // 2))
    if not num_pairs:
        raise InputError("expected a regulator with at least two targets")
    flat = together.tocsr()

    def rate(edges: Codes) -> float:
        t, g = np.divmod(edges, universe.num_targets)
        chosen = sparse.csr_array((np.ones(len(edges)), (t, g)), shape=universe.shape)
        return float((chosen @ flat).multiply(chosen).sum() / 2 / num_pairs)

    test = randomisation_test(codes, rate, universe=universe, keeps="both", num_random=num_random, seed=seed)
    annotated = np.flatnonzero(np.diff(flat.indptr))
    num_annotated = int(np.isin(np.unique(codes % universe.num_targets), annotated).sum())
    return Coherence(test.observed, test, len(_usable(gene_sets, universe)), num_annotated)


def _usable(gene_sets: Mapping[str, Sequence[str]], universe: Universe) -> list[list[int]]:
    place = {gene: number for number, gene in enumerate(universe.targets)}
    inside = [sorted({place[gene] for gene in genes if gene in place}) for genes in gene_sets.values()]
    return [members for members in inside if MIN_MEMBERS <= len(members) <= MAX_MEMBERS]


def _together(gene_sets: Mapping[str, Sequence[str]], universe: Universe) -> sparse.csr_array:
    """Return a symmetric 0 / 1 matrix of targets that share a set, the diagonal 0, ``(G, G)``."""
    sets = _usable(gene_sets, universe)
    if not sets:
        raise InputError(
            f"expected gene sets with {MIN_MEMBERS} to {MAX_MEMBERS} genes of the universe, found none "
            f"among {len(gene_sets):,}",
            hint="give the genes as the gene ids of the universe",
        )
    column = np.repeat(np.arange(len(sets)), [len(members) for members in sets])
    row = np.concatenate([np.asarray(members) for members in sets])
    members = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(universe.num_targets, len(sets)))
    shared = sparse.csr_array(members @ members.T)
    shared.setdiag(0)
    shared.eliminate_zeros()
    shared.data[:] = 1
    return shared
