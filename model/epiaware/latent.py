"""Axes that the metacells share, and where genes and peaks stand on them; linear in the counts."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from model.epiaware.tokens import Normalisation

OVERSAMPLING, NUM_ITERATIONS = 10, 6
"""Of the randomised search for the leading axes; more would change them by less than the noise in counts."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Standardised:
    """Standardised values without the zeros: a sparse matrix, and a row that is added to every row.

    They are divided by `norm`, so that the sum of their squares is 1 and modalities weigh the same.
    """

    counted: sp.csr_matrix
    everywhere: Floats
    norm: float

    @classmethod
    def of(cls, counts: sp.csr_matrix, norm: Normalisation) -> Self:
        totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
        features = np.arange(counts.shape[1])
        zeros = norm.values(np.zeros(features.size, dtype=np.float32), totals=np.ones(1), features=features)
        per_row = np.diff(counts.indptr)
        found = norm.values(
            counts.data.astype(np.float32), totals=np.repeat(totals, per_row), features=counts.indices
        )
        found -= zeros[counts.indices]
        squares = float(found @ found) + 2 * float(found @ zeros[counts.indices])
        squares += counts.shape[0] * float(zeros @ zeros)
        root = np.float32(max(squares, 1e-12) ** 0.5)
        found /= root
        counted = sp.csr_matrix((found, counts.indices, counts.indptr), shape=counts.shape)
        return cls(counted, zeros / root, float(root))

    def times(self, x: Floats) -> Floats:
        return np.asarray(self.counted @ x + self.everywhere @ x)

    def transposed_times(self, x: Floats) -> Floats:
        return np.asarray(self.counted.T @ x + np.outer(self.everywhere, x.sum(axis=0)))


def latent_coordinates(
    modalities: list[tuple[sp.csr_matrix, Normalisation]], *, rank: int, seed: int = 42
) -> list[Floats]:
    """Coordinates of the features of all modalities on the first axes that the metacells share.

    Both modalities weigh the same. A gene and a peak that rise and fall together point the same way, so that
    attention finds them from the first step. Neither dense values nor a matrix of metacells x metacells is
    made.

    Parameters
    ----------
    rank
        Number of axes, at most that of metacells.

    Returns
    -------
    list of ndarray
        (num_features, rank) for each modality: the correlation of each feature with each axis, in [-1, 1].

    References
    ----------
    Randomised subspace iteration: Halko et al. 2011, doi:10.1137/090771806, algorithm 4.4.
    """
    parts = [_Standardised.of(counts, norm) for counts, norm in modalities]
    axes = _leading_axes(parts, rank=rank, seed=seed)
    sums = axes.sum(axis=0, keepdims=True)
    axes *= np.where(sums < 0, -1, 1).astype(np.float32)
    scale = axes.shape[0] ** -0.5
    return [(part.transposed_times(axes) * (part.norm * scale)).astype(np.float32) for part in parts]


def _leading_axes(parts: list[_Standardised], *, rank: int, seed: int) -> Floats:
    """First left singular vectors of the parts side by side, (num_metacells, rank)."""
    num_metacells = parts[0].counted.shape[0]
    width = min(num_metacells, rank + OVERSAMPLING)
    start = np.random.default_rng(seed).normal(size=(num_metacells, width))
    basis = np.linalg.qr(start.astype(np.float32))[0]
    for _ in range(NUM_ITERATIONS):
        image = sum(part.times(part.transposed_times(basis)) for part in parts)
        basis = np.linalg.qr(image)[0]
    inner = sum(_gram(part.transposed_times(basis)) for part in parts)
    rotation = np.linalg.eigh(inner)[1][:, ::-1][:, :rank].astype(np.float32)
    return np.asarray(basis @ rotation)


def _gram(x: Floats) -> Floats:
    return x.T @ x
