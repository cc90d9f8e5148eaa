"""From the graph's evidence and the cells to what the features read."""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from model.data import Neighbourhoods, kinship
from model.edges.content import merged, of_cells, of_experiments, of_rows, of_sets, weighted_sets
from model.edges.inputs import (
    Bound,
    Cells,
    Content,
    Integers,
    Kinship,
    PairInputs,
    Planes,
    SharedSets,
)
from model.evidence import GraphEvidence
from model.metacells import Metacells

PROMOTER_BP = 5_000
NAME_WEIGHT, CELLS_WEIGHT = 0.7, 0.5
WORD = r"[A-Za-z][A-Za-z0-9\-]+"
MIN_NAMED = 3
"""Genes that must share a word for it to say something."""


def gather(hoods: Neighbourhoods, evidence: GraphEvidence, metacells: Metacells, *, z: Planes) -> PairInputs:
    """Return what the features of pairs may read; no label is in it.

    Parameters
    ----------
    z
        `(num_measured, d)` embedding of the measured genes over all cells.
    """
    contents, sets = _set_contents(hoods, evidence)
    named = _named(hoods, evidence)
    if evidence.experiments.nnz:
        contents.append(
            of_experiments(evidence.experiments, regulators=evidence.regulators, num_genes=hoods.num_genes)
        )
    contents += [named] if named is not None else []
    kinships = [Kinship("family", _family(hoods)), *(_likeness(each) for each in contents)]
    contents.append(
        of_cells("cells", z, gene=hoods.regulator_gene, num_genes=hoods.num_genes, weight=CELLS_WEIGHT)
    )
    return PairInputs(
        gene=hoods.regulator_gene,
        num_genes=hoods.num_genes,
        num_measured=hoods.num_measured,
        contents=tuple(contents),
        kinships=tuple(kinships),
        sets=tuple(sets),
        bound=_bound(hoods, evidence) if evidence.experiments.nnz else None,
        cells=cells_of(hoods, metacells),
    )


def cells_of(hoods: Neighbourhoods, metacells: Metacells) -> Cells:
    """Return what metacells show of the measured genes."""
    expression = _log_normalised(metacells.rna)
    accessible = sp.csr_matrix(sp.diags(1e4 / _sizes(metacells.atac)) @ metacells.atac)
    gene, peak = hoods.near_index
    near = sp.csr_matrix(
        (np.ones(len(gene), np.float32), (peak, gene)), shape=(metacells.atac.shape[1], hoods.num_measured)
    )
    close = hoods.near_distance <= PROMOTER_BP
    promoter = sp.csr_matrix(
        (np.ones(int(close.sum()), np.float32), (peak[close], gene[close])), shape=near.shape
    )
    activity = np.log1p((accessible @ near).toarray()).astype(np.float32)
    return Cells(
        expression=_unit_columns(expression),
        activity=_unit_columns(activity),
        mean_expression=expression.mean(axis=0),
        promoter=np.log1p(np.asarray((accessible @ promoter).mean(axis=0)).ravel()).astype(np.float32),
        num_peaks=np.log1p(np.bincount(gene, minlength=hoods.num_measured)).astype(np.float32),
    )


def _set_contents(hoods: Neighbourhoods, evidence: GraphEvidence) -> tuple[list[Content], list[SharedSets]]:
    weighted = merged([(name, weighted_sets(members)) for name, members in evidence.collections])
    contents = [
        of_sets(name, members, regulators=evidence.regulators, num_genes=hoods.num_genes)
        for name, members in weighted
    ]
    sets = [
        SharedSets(name, members[evidence.regulators], members[: hoods.num_measured])
        for name, members in weighted
    ]
    return contents, sets


def _named(hoods: Neighbourhoods, evidence: GraphEvidence) -> Content | None:
    """Return the content of the words of full names: families of genes share them."""
    words = TfidfVectorizer(min_df=MIN_NAMED, max_df=0.1, token_pattern=WORD, sublinear_tf=True)
    try:
        rows = sp.csr_matrix(words.fit_transform(evidence.names), dtype=np.float32)
    except ValueError:  # no word is shared by three genes
        return None
    return of_rows(
        "name", rows, regulators=evidence.regulators, num_genes=hoods.num_genes, weight=NAME_WEIGHT
    )


def _family(hoods: Neighbourhoods) -> Planes:
    alike = np.zeros((hoods.num_regulators, hoods.num_regulators), dtype=np.float32)
    alike[tuple(kinship(hoods.tf_families))] = 1
    return alike


def _likeness(content: Content) -> Kinship:
    alike = np.maximum(content.regulators @ content.regulators.T, 0)
    np.fill_diagonal(alike, 0)
    return Kinship(content.name, alike, weight=0.25)


def _bound(hoods: Neighbourhoods, evidence: GraphEvidence) -> Bound:
    factors, of_factor = np.unique(evidence.experiment_regulator.astype(str), return_inverse=True)
    number = np.bincount(of_factor, minlength=len(factors))
    mean = sp.csr_matrix((1 / number[of_factor], (np.arange(len(of_factor)), of_factor)))
    shown = evidence.experiments[: hoods.num_measured]
    by_factor = np.asarray((shown @ mean).todense(), dtype=np.float32).T  # (num_factors, num_measured)
    place = {factor: row for row, factor in enumerate(factors)}
    rows: Integers = np.array([place.get(each, -1) for each in hoods.regulator_ids], dtype=np.int64)
    share = np.where((rows >= 0)[:, None], by_factor[rows], 0).astype(np.float32)
    return Bound(share=share, popularity=by_factor.mean(axis=0), shown=rows >= 0)


def _log_normalised(counts: sp.csr_matrix) -> Planes:
    scaled = sp.csr_matrix(sp.diags(1e4 / _sizes(counts)) @ counts)
    return np.asarray(np.log1p(scaled.toarray()), dtype=np.float32)


def _sizes(counts: sp.csr_matrix) -> npt.NDArray[np.float64]:
    return np.asarray(counts.sum(axis=1), dtype=np.float64).ravel().clip(min=1)


def _unit_columns(x: Planes) -> Planes:
    centred = x - x.mean(axis=0)
    norm = np.linalg.norm(centred, axis=0)
    return np.asarray(centred / np.where(norm > 1e-6, norm, np.inf), dtype=np.float32)
