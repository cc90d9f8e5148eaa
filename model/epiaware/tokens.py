"""From counts to tokens: normalised values, identity embeddings, and where those start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

VALUE_CLIP = 5.0
"""Standard deviations beyond which a value is cut: one count of a rare gene must not outshout the rest."""


@dataclass(frozen=True)
class Normalisation:
    """Library-size normalisation, log1p and standardisation of the features of one modality.

    Parameters
    ----------
    library
        Size that every library is scaled to: the median of the metacells that it was fitted on.
    mean, scale
        Of each feature's log values, (num_features,); scale is positive.
    """

    library: float
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def fit(cls, counts: sp.csr_matrix) -> Self:
        """Mean and scale of the features over metacells (rows)."""
        totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
        library = max(float(np.median(totals)), 1.0) if totals.size else 1.0
        logs = sp.csr_matrix(sp.diags(library / np.maximum(totals, 1.0)) @ counts).log1p()
        mean = np.asarray(logs.mean(axis=0)).ravel()
        variance = np.asarray(logs.multiply(logs).mean(axis=0)).ravel() - mean**2
        scale = np.sqrt(np.maximum(variance, 0)) + 1e-2
        return cls(library, mean.astype(np.float32), scale.astype(np.float32))

    def values(
        self, counts: NDArray[np.float32], *, totals: NDArray[np.float64], features: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Standardised log values.

        Parameters
        ----------
        counts
            (num_metacells, number of the features).
        totals
            Library size of each metacell.
        features
            Columns that the counts are of.
        """
        scaled = counts * (self.library / np.maximum(totals, 1.0)).astype(np.float32)[:, None]
        z = (np.log1p(scaled) - self.mean[features]) / self.scale[features]
        return np.asarray(np.clip(z, -VALUE_CLIP, VALUE_CLIP), dtype=np.float32)


class TokenEmbedding(nn.Module):
    """Token = Linear(value) + identity + type; a hidden value is replaced by one learned vector.

    Parameters
    ----------
    identity
        Where the learned identity embeddings start, (num_features, d).
    """

    def __init__(self, identity: Tensor) -> None:
        super().__init__()
        d = identity.shape[1]
        self.identity = nn.Parameter(identity.clone())
        self.value = nn.Linear(1, d)
        self.kind = nn.Parameter(torch.zeros(d))
        self.hidden = nn.Parameter(torch.zeros(d))

    def forward(self, features: Tensor, values: Tensor, *, hidden: Tensor | None = None) -> Tensor:
        """Tokens of some features.

        Parameters
        ----------
        features
            Indices, (num_tokens,).
        values
            (num_tokens, batch); what stands at hidden features is never read.
        hidden
            Which features are hidden, (num_tokens,) bool; None hides nothing.

        Returns
        -------
        Tensor
            (num_tokens, batch, d).
        """
        x: Tensor = self.value(values[..., None])  # (num_tokens, batch) -> (num_tokens, batch, d)
        if hidden is not None:
            x = torch.where(hidden[:, None, None], self.hidden, x)
        return x + (self.identity.index_select(0, features) + self.kind)[:, None, :]


def latent_coordinates(
    modalities: list[tuple[sp.csr_matrix, Normalisation]], *, rank: int, chunk: int = 4096
) -> list[NDArray[np.float32]]:
    """Coordinates of the features of all modalities on the first axes that the metacells share.

    Both modalities weigh the same. A gene and a peak that rise and fall together point the same way, so that
    attention finds them from the first step. Columns are made dense in chunks only.

    Returns
    -------
    list of ndarray
        (num_features, rank) for each modality: the correlation of each feature with each axis, in [-1, 1].
    """
    num_metacells = modalities[0][0].shape[0]
    gram = sum(_gram(counts, norm, chunk=chunk) for counts, norm in modalities)
    axes = np.linalg.eigh(gram)[1][:, ::-1][:, :rank].astype(np.float32)
    axes *= np.sign(axes.sum(axis=0, keepdims=True)) + (axes.sum(axis=0, keepdims=True) == 0)
    found = [
        np.vstack([z.T @ axes for z in _dense_chunks(counts, norm, chunk=chunk)])
        if counts.shape[1]
        else np.zeros((0, rank), dtype=np.float32)
        for counts, norm in modalities
    ]
    return [(part / num_metacells**0.5).astype(np.float32) for part in found]


def _gram(counts: sp.csr_matrix, norm: Normalisation, *, chunk: int) -> NDArray[np.float64]:
    gram = np.zeros((counts.shape[0], counts.shape[0]))
    for z in _dense_chunks(counts, norm, chunk=chunk):
        gram += z @ z.T
    return gram / max(float(np.trace(gram)), 1e-12)


def _dense_chunks(counts: sp.csr_matrix, norm: Normalisation, *, chunk: int) -> Iterator[NDArray[np.float32]]:
    totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    columns = sp.csc_matrix(counts)
    for start in range(0, columns.shape[1], chunk):
        features = np.arange(start, min(start + chunk, columns.shape[1]))
        dense = columns[:, start : start + chunk].toarray().astype(np.float32)
        yield norm.values(dense, totals=totals, features=features)
