"""Training of the attention model: gene batches, reconstruction and a prior lag."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.lags.attention.config import AttentionConfig
from model.lags.attention.network import LagAttention, fitted, lag_bias
from model.lags.paired import PairedSeries

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class States:
    """How series of bins become components: loadings of the training cells, so that others can be read alike.

    Parameters
    ----------
    leader, follower
        Loadings, shape (U, P) each.
    scale
        Size of each component in the training cells, shape (2 P,).
    """

    leader: Floats
    follower: Floats
    scale: Floats

    @classmethod
    def from_series(cls, series: PairedSeries, *, num_components: int) -> "States":
        """Return the loadings of the leading components of each modality."""
        first, second = (
            np.linalg.svd(levels, full_matrices=False)[2][:num_components].T
            for levels in (series.leaders, series.followers)
        )
        raw = np.concatenate([series.leaders @ first, series.followers @ second], axis=1)
        return cls(first, second, np.maximum(raw.std(axis=0), 1e-9))

    def components(self, series: PairedSeries) -> Floats:
        """Return the components of the bins of some series, shape (K, 2 P)."""
        raw = np.concatenate([series.leaders @ self.leader, series.followers @ self.follower], axis=1)
        components: Floats = raw / self.scale
        return components


@dataclass(frozen=True)
class FittedAttention:
    """A trained model with what it takes to read other cells of the same genes."""

    network: LagAttention
    states: States
    config: AttentionConfig

    def course(self, series: PairedSeries) -> Floats:
        """Return delta tau of each gene in each bin of some series, shape (K, U)."""
        components = _tensor(self.states.components(series), self.config)
        found: Floats = np.empty(series.leaders.shape)
        with torch.no_grad():
            for genes in gene_batches(series.leaders.shape[1], self.config.batch):
                lag, _ = self.network.lags(components, genes.to(self.config.device))
                found[:, genes.numpy()] = lag.cpu().numpy()
        return found

    def errors(self, series: PairedSeries, lags: Floats, among: Floats) -> Floats:
        """Return the squared error of the RNA that attention at each steady lag leaves, shape (L, W, U).

        What attention weighs and how widely it looks are those that were learned.

        Parameters
        ----------
        lags
            Shape (L,), in units of the whole of time.
        among
            Bins over which errors are added, one row for each of W sums, shape (W, K).
        """
        found: Floats = np.empty((lags.size, len(among), series.leaders.shape[1]))
        components = _tensor(self.states.components(series), self.config)
        times, masks = _tensor(series.times, self.config), _tensor(among, self.config)
        with torch.no_grad():
            for genes in gene_batches(series.leaders.shape[1], self.config.batch):
                chromatin, rna = _pair(series, genes, self.config)
                index = genes.to(self.config.device)
                _, width = self.network.lags(components, index)
                for row, lag in enumerate(lags):
                    bias = lag_bias(times, torch.full_like(width, float(lag)), width)
                    told = fitted(self.network.attend(chromatin, bias, index, side=0), rna)
                    found[row, :, genes.numpy()] = (masks @ (told - rna) ** 2).T.cpu().numpy()
        return found


def fit_attention(
    series: PairedSeries, prior: Floats, *, config: AttentionConfig, seed: int
) -> FittedAttention:
    """Return the model trained on series and their prior lags (K, U).

    The loss is the mean squared error of each modality as the other tells it, series scaled to 1, plus
    `config.prior_weight` times that of the lag from its prior. Genes come in batches: memory is that of one.
    """
    torch.manual_seed(seed)
    states = States.from_series(series, num_components=config.num_components)
    components = _tensor(states.components(series), config)
    network = LagAttention(config, num_inputs=components.shape[1], num_genes=prior.shape[1])
    network.start_genes(torch.as_tensor(gene_features(prior, size=config.d_gene, seed=seed)))
    network.to(config.device)
    optimizer = torch.optim.Adam(network.parameters(), lr=config.learning_rate)
    read = _Read(components, _tensor(series.times, config), _tensor(prior, config))
    generator = torch.Generator().manual_seed(seed)
    per_epoch = -(-prior.shape[1] // config.batch)
    warm_up = max(config.warm_up_epochs, config.least_warm_up // per_epoch)
    for epoch in range(warm_up + config.num_epochs):
        for genes in gene_batches(prior.shape[1], config.batch, generator=generator):
            pair = None if epoch < warm_up else _pair(series, genes, config)
            loss = batch_loss(network, read, pair, genes.to(config.device))
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    return FittedAttention(network.eval(), states, config)


@dataclass(frozen=True)
class _Read:
    """Components (K, P) and times (K,) of the bins, and the prior lags (K, U)."""

    components: Tensor
    times: Tensor
    prior: Tensor


def batch_loss(
    network: LagAttention, read: _Read, pair: tuple[Tensor, Tensor] | None, index: Tensor
) -> Tensor:
    """Return the loss of the genes `index`; without chromatin and RNA, that of their prior lag alone."""
    if pair is None:
        lag, _ = network.lags(read.components, index)
        return nn.functional.mse_loss(lag, read.prior[:, index])
    attended = network(read.components, read.times, pair, index)
    chromatin, rna = pair
    rebuilt = reconstruction_loss(attended.rna, rna) + reconstruction_loss(attended.chromatin, chromatin)
    drawn = nn.functional.mse_loss(attended.lag, read.prior[:, index])
    return rebuilt / 2 + network.config.prior_weight * drawn


def gene_features(prior: Floats, *, size: int, seed: int) -> NDArray[np.float32]:
    """Return where what is learned of each gene starts, shape (U, size): components of its prior lag (K, U).

    The mean lag and the leading ways in which lags change along time, scaled to 1; small noise fills up.
    """
    features = 0.1 * np.random.default_rng(seed).normal(size=(prior.shape[1], size))
    left, sizes, _ = np.linalg.svd(prior.T, full_matrices=False)
    number = min(size // 2, int((sizes > 1e-6 * max(float(sizes[0]), 1e-9)).sum()))
    features[:, :number] = left[:, :number] * np.sqrt(prior.shape[1])
    return features.astype(np.float32)


def reconstruction_loss(told: Tensor, seen: Tensor) -> Tensor:
    """Return the squared error of series (K, G) over their own variance, averaged over genes."""
    error = ((told - seen) ** 2).mean(dim=0)
    return (error / torch.clamp((seen**2).mean(dim=0), min=1e-6)).mean()


def gene_batches(num_genes: int, size: int, *, generator: torch.Generator | None = None) -> Iterator[Tensor]:
    """Yield the genes in batches, in order or shuffled by a generator."""
    order = torch.arange(num_genes) if generator is None else torch.randperm(num_genes, generator=generator)
    for start in range(0, num_genes, size):
        yield order[start : start + size]


def _pair(series: PairedSeries, genes: Tensor, config: AttentionConfig) -> tuple[Tensor, Tensor]:
    columns = genes.numpy()
    return _tensor(series.leaders[:, columns], config), _tensor(series.followers[:, columns], config)


def _tensor(values: Floats, config: AttentionConfig) -> Tensor:
    return torch.as_tensor(values, dtype=torch.float32, device=config.device)
