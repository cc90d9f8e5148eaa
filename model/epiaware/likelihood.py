"""Negative binomial likelihood of counts, and the baseline that stage 1 has to beat."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from scipy.special import gammaln
from torch import Tensor

DISPERSION_GRID = np.geomspace(0.02, 1e3, 36)
"""Inverse dispersions that the fit chooses from; 1,000 is Poisson for counts of metacells."""

CHUNK_NUMBERS = 500_000
"""Counts that are dense at a time while dispersions are fitted."""


def negative_binomial_log_prob(counts: Tensor, *, log_mean: Tensor, log_theta: Tensor) -> Tensor:
    """Log probability of counts with variance mean + mean^2 / theta; the arguments broadcast.

    Parameters
    ----------
    log_mean
        Natural logarithm of the mean, library size included.
    log_theta
        Natural logarithm of the inverse dispersion.
    """
    theta = log_theta.exp()
    log_total = torch.logaddexp(log_mean, log_theta)
    return (
        torch.lgamma(counts + theta)
        - torch.lgamma(theta)
        - torch.lgamma(counts + 1)
        + theta * (log_theta - log_total)
        + counts * (log_mean - log_total)
    )


@dataclass(frozen=True)
class GeneMeans:
    """Gene mean x library size with a fitted dispersion: the baseline, and where the backbone starts.

    Parameters
    ----------
    proportions
        Share of each gene in the library, (num_genes,), positive, sum 1.
    theta
        Inverse dispersion of each gene, (num_genes,).
    """

    proportions: NDArray[np.float64]
    theta: NDArray[np.float64]


def fit_gene_means(counts: sp.csr_matrix) -> GeneMeans:
    """Proportions with half a count added to each gene, and the dispersion around them.

    Parameters
    ----------
    counts
        Raw counts, (num_metacells, num_genes).
    """
    totals = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel() + 0.5
    proportions = totals / totals.sum()
    return GeneMeans(proportions, fit_dispersion(counts, proportions))


def fit_dispersion(
    counts: sp.csr_matrix, proportions: NDArray[np.float64], *, chunk: int | None = None
) -> NDArray[np.float64]:
    """Inverse dispersion of each gene: the posterior mean of log theta, its prior learned from all genes.

    A gene with ten counts says little about its own dispersion; the non-parametric prior (a weight for each
    value of the grid, by expectation maximisation) lends it that of the others.

    Parameters
    ----------
    chunk
        Genes whose counts are dense at a time; None takes as many as half a million counts are of.

    References
    ----------
    Laird 1978, doi:10.1080/01621459.1978.10480103.
    """
    sizes = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    columns = sp.csc_matrix(counts)
    chunk = chunk or max(1, CHUNK_NUMBERS // max(1, counts.shape[0]))
    chunks = [slice(start, start + chunk) for start in range(0, columns.shape[1], chunk)]
    log_likelihood = np.vstack(
        [_grid_log_likelihood(columns[:, c].toarray(), np.outer(sizes, proportions[c])) for c in chunks]
    )
    posterior = _posterior(log_likelihood)
    return np.asarray(np.exp(posterior @ np.log(DISPERSION_GRID)))


def _grid_log_likelihood(x: NDArray[np.int64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """(num_genes, size of the grid), up to a constant of each gene; sums run over the metacells."""
    values, place = np.unique(x, return_inverse=True)
    place = place.reshape(x.shape)
    found = np.empty((x.shape[1], DISPERSION_GRID.size))
    for column, theta in enumerate(DISPERSION_GRID):
        rising = (gammaln(values + theta) - gammaln(theta))[place]
        total = np.log(theta + mean)
        found[:, column] = (rising + theta * (np.log(theta) - total) - x * total).sum(axis=0)
    return found


def _posterior(log_likelihood: NDArray[np.float64], *, num_rounds: int = 50) -> NDArray[np.float64]:
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    prior = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    posterior: NDArray[np.float64] = likelihood
    for _ in range(num_rounds):
        posterior = likelihood * prior
        posterior /= posterior.sum(axis=1, keepdims=True)
        prior = posterior.mean(axis=0)
    return posterior


def log_size_factors(totals: NDArray[np.float64], proportion: float) -> NDArray[np.float64]:
    """Log library sizes estimated from the visible genes alone, so that no hidden count is in its own offset.

    Parameters
    ----------
    totals
        Counts of the visible genes of each metacell.
    proportion
        What those genes are of a library, in (0, 1].
    """
    return np.asarray(np.log((totals + 0.5) / proportion))
