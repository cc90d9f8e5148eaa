"""The published model: components of one cell as tokens, two passes, a bias that is blind to the sign."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from graph.errors import InputError


@dataclass(frozen=True)
class PublishedConfig:
    """Size and training; the defaults are those published, but for the epochs.

    Parameters
    ----------
    num_components
        Of each modality; a cell is twice as many tokens.
    is_asymmetric
        Whether the lag biases attention; without, the model is the symmetric twin.
    prior_weight
        Of the squared distance of the lag from its prior; 0 for the published twin.
    state
        Whether the lag may depend on the state of the cell.
    """

    num_components: int = 50
    d: int = 64
    num_heads: int = 4
    num_layers: int = 2
    num_epochs: int = 20
    batch: int = 64
    learning_rate: float = 1e-3
    is_asymmetric: bool = True
    prior_weight: float = 0.1
    state: bool = True

    def __post_init__(self) -> None:
        if min(self.num_components, self.d, self.num_heads, self.num_layers, self.num_epochs, self.batch) < 1:
            raise InputError(f"expected sizes of 1 or more, found {self}")
        if self.d % self.num_heads:
            raise InputError(f"d is {self.d}, expected a multiple of the {self.num_heads} heads")


class Layer(nn.Module):
    """Self-attention with a bias on its logits, then a perceptron, each with a residual and a norm."""

    def __init__(self, d: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.perceptron = nn.Sequential(nn.Linear(d, 2 * d), nn.ReLU(), nn.Linear(2 * d, d))
        self.norms = nn.ModuleList([nn.LayerNorm(d) for _ in range(2)])

    def forward(self, tokens: Tensor, bias: Tensor | None) -> Tensor:
        """Return the tokens (B, T, d) after one layer; the bias is by who asks and is asked, (B, T, T)."""
        num, size, d = tokens.shape
        split = self.qkv(self.norms[0](tokens)).view(num, size, 3, self.num_heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # (B, H, T, d / H) each
        logits = query @ key.transpose(2, 3) / math.sqrt(key.shape[-1])
        weight = torch.softmax(logits if bias is None else logits + bias[:, None], dim=-1)
        tokens = tokens + self.out((weight @ value).transpose(1, 2).reshape(num, size, d))
        kept: Tensor = tokens + self.perceptron(self.norms[1](tokens))
        return kept


class PublishedModel(nn.Module):
    """Components of cells (B, 2 C) -> the same rebuilt, and a lag for each of C components."""

    def __init__(self, config: PublishedConfig) -> None:
        super().__init__()
        self.config = config
        self.place = nn.Embedding(2 * config.num_components, config.d)
        self.scale = nn.Embedding(2 * config.num_components, config.d)
        self.layers = nn.ModuleList([Layer(config.d, config.num_heads) for _ in range(config.num_layers)])
        self.head = nn.Sequential(nn.Linear(2 * config.d, config.d), nn.ReLU(), nn.Linear(config.d, 2))
        self.rebuild = nn.Linear(config.d, 1)

    def forward(self, components: Tensor) -> tuple[Tensor, Tensor]:
        """Return the rebuilt components (B, 2 C) and the lags (B, C)."""
        tokens = self.place.weight + components[..., None] * self.scale.weight  # (B, 2 C, d)
        first = self._pass(tokens, None)
        state = first.mean(dim=1)
        if not self.config.state:
            state = torch.zeros_like(state)
        lag, width = self.lags(state)
        bias = sign_blind_bias(lag, width) if self.config.is_asymmetric else None
        rebuilt: Tensor = self.rebuild(self._pass(tokens, bias))[..., 0]
        return rebuilt, lag

    def lags(self, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``0.5 tanh(MLP[z_c; component])`` and the variance of the bias, each (B, C)."""
        places = self.place.weight[self.config.num_components :]  # of ATAC
        paired = torch.cat(
            [state[:, None].expand(-1, len(places), -1), places.expand(len(state), -1, -1)], dim=-1
        )
        raw, width = self.head(paired).unbind(dim=-1)
        return 0.5 * torch.tanh(raw), 0.01 + nn.functional.softplus(width)

    def _pass(self, tokens: Tensor, bias: Tensor | None) -> Tensor:
        for layer in self.layers:
            tokens = layer(tokens, bias)
        return tokens


def sign_blind_bias(lag: Tensor, variance: Tensor) -> Tensor:
    """Return the published bias between the tokens of one cell, shape (B, 2 C, 2 C), RNA before ATAC.

    ``-(tau_j - tau_i - delta)^2 / (2 s^2)`` with ``tau_j = tau_i``, the time of the cell, leaves
    ``-delta^2 / (2 s^2)`` both ways. It is the same for a lag and for its negative, and it is symmetric.
    """
    size = lag.shape[1]
    each = -(lag**2) / (2 * variance)  # (B, C)
    bias = lag.new_zeros(len(lag), 2 * size, 2 * size)
    bias[:, size:, :size] = each[:, :, None]
    bias[:, :size, size:] = each[:, None, :]
    return bias
