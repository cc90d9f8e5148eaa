"""RNA and ATAC as components, as published: PCA of log-normalised RNA, LSI of ATAC."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

Floats = NDArray[np.float64]

TARGET_DEPTH = 1e4


@dataclass(frozen=True)
class Components:
    """Loadings learned on some cells, to read these and others alike.

    Parameters
    ----------
    rna_mean
        Mean log-normalised level of each gene, shape (G,).
    idf
        Inverse document frequency of each peak or gene of ATAC, shape (P,).
    rna, atac
        Loadings, shape (G, C) and (P, C).
    mean, scale
        Of each component over the cells of the training, shape (2 C,).
    """

    rna_mean: Floats
    idf: Floats
    rna: Floats
    atac: Floats
    mean: Floats
    scale: Floats

    @classmethod
    def from_counts(
        cls, rna: sparse.csr_matrix, atac: sparse.csr_matrix, *, num_components: int, seed: int
    ) -> "Components":
        """Return the leading components of each modality."""
        levels = log_normalised(rna)
        mean = np.asarray(levels.mean(axis=0)).ravel()
        detected = np.asarray((atac > 0).sum(axis=0)).ravel()
        idf = np.log1p(atac.shape[0] / (1 + detected))
        dense = levels.toarray() - mean
        size = min(num_components, min(rna.shape) - 1, min(atac.shape) - 1)
        first = TruncatedSVD(size, random_state=seed).fit(dense).components_.T
        second = TruncatedSVD(size, random_state=seed).fit(_frequency(atac) @ sparse.diags(idf)).components_.T
        raw = cls(mean, idf, first, second, np.zeros(2 * size), np.ones(2 * size)).read(rna, atac)
        return cls(mean, idf, first, second, raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-9))

    def read(self, rna: sparse.csr_matrix, atac: sparse.csr_matrix) -> Floats:
        """Return the components of cells, RNA then ATAC, scaled, shape (N, 2 C)."""
        first = (log_normalised(rna) @ self.rna) - self.rna_mean @ self.rna
        second = _frequency(atac) @ (self.idf[:, None] * self.atac)
        read: Floats = (np.concatenate([first, second], axis=1) - self.mean) / self.scale
        return read


def log_normalised(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return log(1 + counts per 10,000)."""
    return (_frequency(counts) * TARGET_DEPTH).log1p()


def _frequency(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    depth = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
    return (sparse.diags(1 / depth) @ counts).tocsr()
