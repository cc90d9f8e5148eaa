"""Cells as points of a plane: RNA and ATAC components of equal weight, then t-SNE."""

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float32]

NUM_GENES = 2_000
NUM_COMPONENTS = 30
MIN_PEAK_CELLS = 5


def embed_cells(rna: sparse.csr_matrix, atac: sparse.csr_matrix, *, seed: int) -> Floats:
    """Return the places of cells, `(num_cells, 2)`.

    Parameters
    ----------
    rna, atac
        Raw counts of the same cells, `(num_cells, num_genes)` and `(num_cells, num_peaks)`.

    References
    ----------
    van der Maaten and Hinton 2008, https://jmlr.org/papers/v9/vandermaaten08a.html (t-SNE)
    Kobak and Berens 2019, doi:10.1038/s41467-019-13056-x (start from principal components)
    """
    blocks = [rna_components(rna, seed=seed), atac_components(atac, seed=seed)]
    joint = np.concatenate([_unit_scale(block) for block in blocks], axis=1)
    perplexity = min(30.0, (len(joint) - 1) / 3)
    # One thread: sums do not depend on the order of threads, and small data are not slowed down by many.
    with threadpool_limits(limits=1):
        return _floats(TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(joint))


def rna_components(counts: sparse.csr_matrix, *, seed: int) -> Floats:
    """Return principal components of log-normalised counts of the most variable genes."""
    logged = _scaled_rows(counts, size=1e4).log1p()
    mean = np.asarray(logged.mean(axis=0)).ravel()
    variance = np.asarray(logged.multiply(logged).mean(axis=0)).ravel() - mean**2
    genes = np.sort(np.argsort(-variance, kind="stable")[:NUM_GENES])
    matrix = sparse.csr_matrix(logged[:, genes])
    num = min(NUM_COMPONENTS, min(matrix.shape) - 1)
    return _floats(PCA(num, svd_solver="arpack", random_state=seed).fit_transform(matrix))


def atac_components(counts: sparse.csr_matrix, *, seed: int) -> Floats:
    """Return latent semantic components of open peaks, without the first, which is the depth of a cell.

    References
    ----------
    Cusanovich et al. 2015, doi:10.1126/science.aab1601 (TF-IDF of accessibility)
    """
    is_open = (counts > 0).astype(np.float32)
    num_cells = np.asarray(is_open.sum(axis=0)).ravel()
    shown = np.flatnonzero(num_cells >= MIN_PEAK_CELLS)
    rarity = np.log1p(len(np.asarray(counts.indptr)) / num_cells[shown])
    frequency = _scaled_rows(sparse.csr_matrix(is_open[:, shown]), size=1e4).log1p()
    weighted = sparse.csr_matrix(frequency @ sparse.diags(rarity))
    num = min(NUM_COMPONENTS + 1, min(weighted.shape) - 1)
    components = TruncatedSVD(num, algorithm="arpack", random_state=seed).fit_transform(weighted)[:, 1:]
    length = np.linalg.norm(components, axis=1, keepdims=True)
    return _floats(components / np.maximum(length, 1e-12))


def _scaled_rows(counts: sparse.csr_matrix, *, size: float) -> sparse.csr_matrix:
    depth = np.asarray(counts.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(size / np.maximum(depth, 1)) @ counts)


def _unit_scale(block: Floats) -> Floats:
    """Give both kinds of measurement the same weight: a mean squared length of 1."""
    centred = block - block.mean(axis=0)
    return _floats(centred / max(float(np.sqrt((centred**2).sum(axis=1).mean())), 1e-12))


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float32)
