"""Training of the published model, and its prior lag."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from model.lags.bins import Bins
from model.lags.crosscorrelation import window_correlation
from model.lags.published.network import PublishedConfig, PublishedModel
from model.lags.smoothing import smooth_windows
from model.lags.trajectory_config import TrajectoryConfig

Floats = NDArray[np.float64]

WINDOW_ERROR = 0.1
MIN_CELLS_WINDOW = 30
CELLS_AT_A_TIME = 256


def published_prior(components: Floats, time: Floats, *, config: TrajectoryConfig) -> Floats:
    """Return the prior lag of each pair of components in each cell, shape (N, C).

    Where the signed cross-correlation of RNA component c and ATAC component c is largest in windows along
    time, smoothed by a Gaussian process. Components are averaged in bins of cells.

    Parameters
    ----------
    components
        RNA then ATAC, shape (N, 2 C).
    time
        Shape (N,), in [0, 1].
    """
    num_bins = min(config.num_bins, time.size // 4)
    bins = Bins.from_times(time, num_bins=num_bins)
    size = np.asarray(bins.members.sum(axis=1))
    rna, atac = np.split(np.asarray(bins.members @ components) / size, 2, axis=1)
    max_shift = round(config.max_lag * num_bins)
    found = []
    for centre in config.window_centres:
        inside = np.abs(bins.times - centre) <= config.half_width + 1e-9
        if size[inside].sum() < MIN_CELLS_WINDOW:
            found.append(np.zeros(rna.shape[1]))
            continue
        shift = window_correlation(atac, rna, inside, max_shift=max_shift).argmax(axis=0) - max_shift
        found.append(shift / num_bins)
    lag, centres = np.stack(found, axis=1), np.array(config.window_centres)
    smooth = smooth_windows(lag, centres, error=np.full(lag.shape, WINDOW_ERROR))
    return np.stack([np.interp(time, centres, each) for each in smooth], axis=1)


@dataclass(frozen=True)
class FittedPublished:
    """A trained published model."""

    model: PublishedModel

    def lags(self, components: Floats) -> Floats:
        """Return the lag of each pair of components in each cell, shape (N, C)."""
        values = torch.as_tensor(components).float()
        with torch.no_grad():
            parts = [
                self.model(values[start : start + CELLS_AT_A_TIME])[1].numpy()
                for start in range(0, len(values), CELLS_AT_A_TIME)
            ]
        return np.concatenate(parts).astype(np.float64)


def fit_published(
    components: Floats, prior: Floats, *, config: PublishedConfig, seed: int
) -> FittedPublished:
    """Return the model trained on components (N, 2 C) and the prior lags (N, C) of cells."""
    torch.manual_seed(seed)
    model = PublishedModel(config)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    values, drawn_to = torch.as_tensor(components).float(), torch.as_tensor(prior).float()
    generator = torch.Generator().manual_seed(seed)
    for _ in range(config.num_epochs):
        order = torch.randperm(len(values), generator=generator)
        for start in range(0, len(order), config.batch):
            cells = order[start : start + config.batch]
            rebuilt, lag = model(values[cells])
            loss = nn.functional.mse_loss(rebuilt, values[cells])
            loss = loss + config.prior_weight * nn.functional.mse_loss(lag, drawn_to[cells])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    return FittedPublished(model.eval())
