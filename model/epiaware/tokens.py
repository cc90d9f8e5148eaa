"""From counts to tokens: normalised values and identity embeddings."""

from dataclasses import dataclass
from typing import NamedTuple, Self

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
        logs = np.log1p(counts.data * np.repeat(library / np.maximum(totals, 1.0), np.diff(counts.indptr)))
        shape, num_metacells = counts.shape[1], max(1, counts.shape[0])
        mean = np.bincount(counts.indices, logs, minlength=shape) / num_metacells
        variance = np.bincount(counts.indices, logs * logs, minlength=shape) / num_metacells - mean**2
        scale = np.sqrt(np.maximum(variance, 0)) + 1e-2
        return cls(library, mean.astype(np.float32), scale.astype(np.float32))

    def values(
        self, counts: NDArray[np.float32], *, totals: NDArray[np.float64], features: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Standardised log values; the three arguments broadcast.

        Parameters
        ----------
        counts
            Raw counts.
        totals
            Library sizes of their metacells.
        features
            Columns that they are of.
        """
        scaled = counts * (self.library / np.maximum(totals, 1.0)).astype(np.float32)
        z = (np.log1p(scaled) - self.mean[features]) / self.scale[features]
        return np.asarray(np.clip(z, -VALUE_CLIP, VALUE_CLIP), dtype=np.float32)


class TokenValues(NamedTuple):
    """Values of the tokens of a batch, each distinct one once.

    A feature without counts has the same value in every metacell, and most features of a metacell are such;
    what does not depend on other tokens is computed for the distinct ones only.

    Parameters
    ----------
    features
        Feature that each distinct token is of, (num_distinct,); the first num_tokens have no counts.
    values
        Standardised values, (num_distinct,).
    hidden
        Whether the value is hidden, (num_distinct,) bool.
    place
        Distinct token that a feature is in a metacell, (num_tokens, batch).
    """

    features: Tensor
    values: Tensor
    hidden: Tensor
    place: Tensor

    @classmethod
    def of(
        cls,
        counts: sp.csr_matrix,
        norm: Normalisation,
        *,
        totals: NDArray[np.float64],
        features: NDArray[np.int64],
        hidden: NDArray[np.bool_],
    ) -> Self:
        """Values of some features in all rows of the counts.

        Parameters
        ----------
        counts
            (batch, number of all features).
        totals
            Library size of each row, (batch,).
        features
            Columns, sorted, (num_tokens,).
        hidden
            Which of all features are hidden, (number of all features,).
        """
        position = np.full(counts.shape[1], -1, dtype=np.int64)
        position[features] = np.arange(features.size)
        position[hidden] = -1
        cells = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        token = position[counts.indices]
        seen = (token >= 0) & (counts.data > 0)
        token, cells, column = token[seen], cells[seen], counts.indices[seen].astype(np.int64)
        counted = counts.data[seen].astype(np.float32)
        zeros = norm.values(np.zeros(features.size, dtype=np.float32), totals=np.ones(1), features=features)
        place = np.repeat(np.arange(features.size)[:, None], counts.shape[0], axis=1)
        place[token, cells] = features.size + np.arange(token.size)
        return cls(
            torch.from_numpy(np.concatenate([features, column])),
            torch.from_numpy(
                np.concatenate([zeros, norm.values(counted, totals=totals[cells], features=column)])
            ),
            torch.from_numpy(np.concatenate([hidden[features], np.zeros(token.size, dtype=bool)])),
            torch.from_numpy(place),
        )


class Tokens(NamedTuple):
    """States of tokens in the metacells of a batch, each distinct one once.

    Parameters
    ----------
    x
        (num_distinct, d); a distinct token is of one feature only.
    place
        Which of them a token is in a metacell, (num_tokens, batch).
    """

    x: Tensor
    place: Tensor

    @classmethod
    def dense(cls, x: Tensor) -> Self:
        """Tokens of (num_tokens, batch, d), all of them distinct."""
        num_tokens, batch, d = x.shape
        place = torch.arange(num_tokens * batch, device=x.device).view(num_tokens, batch)
        return cls(x.reshape(-1, d), place)  # (num_tokens, batch, d) -> (num_tokens * batch, d)

    def states(self) -> Tensor:
        """States of every token in every metacell, (num_tokens, batch, d)."""
        found = self.x.index_select(0, self.place.ravel())
        return found.view(*self.place.shape, self.x.shape[1])

    def keep(self, kept: Tensor) -> Self:
        """Some of the tokens, without the states that none of them has."""
        if kept.numel() == self.place.shape[0]:
            return self
        place = self.place.index_select(0, kept)
        used = torch.zeros(self.x.shape[0], dtype=torch.bool, device=self.x.device)
        used[place] = True
        return type(self)(self.x[used], (used.cumsum(0) - 1)[place])


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

    def forward(self, values: TokenValues) -> Tokens:
        """Tokens of some features; the value that stands at a hidden one is never read."""
        x: Tensor = self.value(values.values[:, None])  # (num_distinct,) -> (num_distinct, d)
        x = torch.where(values.hidden[:, None], self.hidden, x)
        return Tokens(x + self.identity.index_select(0, values.features) + self.kind, values.place)
