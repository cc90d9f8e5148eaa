import numpy as np
import pytest
import scipy.sparse as sp
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from model.epiaware.likelihood import fit_gene_means, log_size_factors, negative_binomial_log_prob


@given(
    counts=st.integers(0, 500),
    mean=st.floats(1e-3, 300),
    theta=st.floats(1e-2, 1e3),
)
def test_log_probability_is_that_of_scipy(counts, mean, theta):
    found = negative_binomial_log_prob(
        torch.tensor(float(counts), dtype=torch.float64),
        log_mean=torch.tensor(mean, dtype=torch.float64).log(),
        log_theta=torch.tensor(theta, dtype=torch.float64).log(),
    )
    assert float(found) == pytest.approx(nbinom.logpmf(counts, theta, theta / (theta + mean)), abs=1e-6)


def test_probabilities_sum_to_one():
    counts = torch.arange(4000, dtype=torch.float64)
    log_prob = negative_binomial_log_prob(
        counts, log_mean=torch.tensor(2.0), log_theta=torch.tensor(-0.5, dtype=torch.float64)
    )
    assert float(log_prob.exp().sum()) == pytest.approx(1, abs=1e-9)


def test_dispersion_is_recovered():
    generator = np.random.default_rng(0)
    sizes = generator.integers(2_000, 6_000, size=150)
    proportions = np.full(200, 1 / 200)
    theta = np.where(np.arange(200) < 100, 0.5, 20.0)
    mean = sizes[:, None] * proportions
    counts = generator.negative_binomial(theta, theta / (theta + mean))
    fitted = fit_gene_means(sp.csr_matrix(counts))
    assert np.median(fitted.theta[:100]) == pytest.approx(0.5, rel=0.15)
    assert np.median(fitted.theta[100:]) == pytest.approx(20, rel=0.3)
    assert fitted.proportions.sum() == pytest.approx(1)


def test_a_gene_without_counts_has_a_mean_above_zero():
    fitted = fit_gene_means(sp.csr_matrix(np.array([[0, 3, 5], [0, 2, 9]])))
    assert fitted.proportions[0] == pytest.approx(0.5 / 20.5)
    assert np.isfinite(fitted.theta).all()


def test_half_of_the_library_gives_the_size_of_the_whole():
    assert np.exp(log_size_factors(np.array([499.5]), 0.5)) == pytest.approx([1000])
