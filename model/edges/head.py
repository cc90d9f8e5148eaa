"""The regulator-target head: two readings of one pair, one for rank and one that fame cannot explain."""

import torch
from torch import Tensor, nn

from model.edges.features import FEATURES, NOT_FAME


class RegulatorTargetHead(nn.Module):
    """Logits of ordered pairs (regulator, target).

    The ranking reading sees all features and is trained against uniform negatives; the fame-matched reading
    sees none that grows with fame, and is trained against negatives as famous as the positives.

    Parameters
    ----------
    hidden
        Width of the hidden layer of each reading.
    dropout
        Share of hidden units left out while training.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, *, hidden: int = 32, dropout: float = 0.1) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(len(FEATURES)))
        self.register_buffer("scale", torch.ones(len(FEATURES)))
        self.ranking = _reading(len(FEATURES), hidden=hidden, dropout=dropout)
        self.fame_matched = _reading(len(NOT_FAME), hidden=hidden, dropout=dropout)

    def standardise(self, features: Tensor) -> None:
        """Learn location and scale of each feature from supervising pairs, `(num_pairs, num_features)`."""
        self.mean = features.mean(0)
        self.scale = features.std(0).clamp(min=1e-6)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of both readings, each `(...)` for features `(..., num_features)`."""
        x = (features - self.mean) / self.scale
        return self.ranking(x).squeeze(-1), self.fame_matched(x[..., list(NOT_FAME)]).squeeze(-1)


def _reading(num_features: int, *, hidden: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(num_features, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 1)
    )
