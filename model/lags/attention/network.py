"""The two passes: states of the cells by attention without a bias, then lags as a bias on attention."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.lags.attention.config import AttentionConfig

RIDGE = 1.0
LEAST_WIDTH = 0.02
"""Of the bias of attention, in units of the whole of time: that of a bin."""


@dataclass(frozen=True)
class Attended:
    """What attention makes of a batch of G genes in K bins.

    Parameters
    ----------
    lag
        delta tau, by which the RNA of a bin follows its chromatin, shape (K, G).
    rna, chromatin
        Each as the other tells it, shape (K, G).
    """

    lag: Tensor
    rna: Tensor
    chromatin: Tensor


class CellStates(nn.Module):
    """Pass 1: components of cells in bins (K, P) -> states z (K, d), by attention without a bias."""

    def __init__(self, config: AttentionConfig, *, num_inputs: int) -> None:
        super().__init__()
        self.project = nn.Linear(num_inputs, config.d)
        layer = nn.TransformerEncoderLayer(
            config.d, config.num_heads, dim_feedforward=2 * config.d, dropout=0.0, batch_first=True
        )
        self.layers = nn.TransformerEncoder(layer, config.num_layers, enable_nested_tensor=False)

    def forward(self, components: Tensor) -> Tensor:
        """Return z, shape (K, d)."""
        states: Tensor = self.layers(self.project(components)[None])[0]
        return states


class LagHead(nn.Module):
    """``delta_tau = max_lag tanh(MLP[z_c; gene])`` and the width of the bias, for each bin and gene."""

    def __init__(self, config: AttentionConfig) -> None:
        super().__init__()
        self.max_lag = config.max_lag
        self.from_state = nn.Linear(config.d, config.d)
        self.from_gene = nn.Linear(config.d_gene, config.d, bias=False)
        self.out = nn.Linear(config.d + config.d_gene, 2)
        self.mix = nn.Linear(config.d_gene, config.d)

    def forward(self, states: Tensor, genes: Tensor) -> tuple[Tensor, Tensor]:
        """Return lags and widths, each (K, G), from states (K, d) and genes (G, d_gene)."""
        hidden = torch.relu(self.from_state(states)[:, None] + self.from_gene(genes)[None])  # (K, G, d)
        hidden = hidden * self.mix(genes)[None]
        each = torch.cat([hidden, genes[None].expand(len(states), -1, -1)], dim=-1)
        raw, width = self.out(each).unbind(dim=-1)  # (K, G) each
        return self.max_lag * torch.tanh(raw), LEAST_WIDTH + 0.1 * torch.sigmoid(width)


class LagAttention(nn.Module):
    """Pass 2: chromatin (K, G) and RNA (K, G), each told by the other through attention along time.

    The logit of chromatin in bin i for RNA in bin j is ``q . k - (tau_j - tau_i - delta_tau_j)^2 / (2 s^2)``,
    the same for RNA that tells chromatin, with the softmax over the other side: attention is not symmetric.
    Queries and keys are of the gene and of values, not of time, so that delta tau is the only way in which
    attention may prefer earlier or later bins; a query never sees what it must tell.
    """

    def __init__(self, config: AttentionConfig, *, num_inputs: int, num_genes: int) -> None:
        super().__init__()
        self.config = config
        self.cell_states = CellStates(config, num_inputs=num_inputs)
        self.genes = nn.Embedding(num_genes, config.d_gene)
        self.head = LagHead(config)
        self.query = nn.Linear(config.d_gene, config.d)
        self.keys = nn.ModuleList([nn.Linear(config.d_gene + 1, config.d) for _ in range(2)])

    def start_genes(self, features: Tensor) -> None:
        """Set what is learned of each gene, shape (num_genes, d_gene), before the training."""
        with torch.no_grad():
            self.genes.weight.copy_(features)

    def lags(self, components: Tensor, index: Tensor) -> tuple[Tensor, Tensor]:
        """Return lags and widths (K, G) of the genes `index` in the states of `components` (K, P)."""
        states = self.cell_states(components)
        if not self.config.state:
            states = states.mean(dim=0, keepdim=True).expand_as(states)
        found: tuple[Tensor, Tensor] = self.head(states, self.genes(index))
        return found

    def forward(
        self, components: Tensor, times: Tensor, pair: tuple[Tensor, Tensor], index: Tensor
    ) -> Attended:
        """Return what is told of the genes `index`; `pair` is chromatin and RNA, each (K, G)."""
        lag, width = self.lags(components, index)
        bias = lag_bias(times, lag, width)
        chromatin, rna = pair
        return Attended(
            lag=lag,
            rna=fitted(self.attend(chromatin, bias, index, side=0), rna),
            chromatin=fitted(self.attend(rna, bias.transpose(1, 2), index, side=1), chromatin),
        )

    def attend(self, values: Tensor, bias: Tensor, index: Tensor, *, side: int) -> Tensor:
        """Return `values` (K, G) as seen from each bin of the other side, shape (K, G).

        Parameters
        ----------
        bias
            Logits by gene, bin that asks and bin that is asked, shape (G, K, K).
        """
        genes, heads = self.genes(index), self.config.num_heads
        query = self.query(genes).view(len(index), heads, -1)  # (G, H, d / H)
        each = torch.cat([values.T[..., None], genes[:, None].expand(-1, len(values), -1)], dim=-1)
        keys = self.keys[side](each).view(*each.shape[:2], heads, -1)  # (G, K, H, d / H)
        content = torch.einsum("ghd,gkhd->ghk", query, keys) / math.sqrt(keys.shape[-1])
        weight = torch.softmax(content[:, :, None] + bias[:, None], dim=-1)  # (G, H, K, K)
        return torch.einsum("ghjk,kg->jg", weight, values) / heads


def lag_bias(times: Tensor, lag: Tensor, width: Tensor) -> Tensor:
    """Return the bias of RNA bin j for chromatin bin i, shape (G, K, K).

    ``-(tau_j - tau_i - delta_j)^2 / (2 s_j^2)``: largest for the chromatin that is earlier by the lag.

    Parameters
    ----------
    times
        Shape (K,).
    lag, width
        Of the RNA's bin, shape (K, G).
    """
    gap = times[None, :, None] - times[None, None, :]  # (1, j, i)
    distance = gap - lag.T[:, :, None]
    return -(distance**2) / (2 * width.T[:, :, None] ** 2)


def fitted(seen: Tensor, told: Tensor) -> Tensor:
    """Return `seen` (K, G) scaled to `told` by least squares, of either sign: a repressor is no worse."""
    centred = seen - seen.mean(dim=0)
    scale = (centred * told).sum(dim=0) / ((centred**2).sum(dim=0) + RIDGE)
    return scale * centred
