import numpy as np
import pytest
from scipy import sparse, stats

from model.lags.association import association_p, permutation_p
from model.lags.measurements import Measurements
from model.lags.simulate import simulate_counts
from model.lags.time_points import TimePoints

TIME = np.repeat([0.0, 1.0, 3.0], 120)


def p_of(counts, depth, *, num_permutations=400):
    measured = Measurements.from_counts(counts, genes=np.arange(counts.shape[1]), depth=depth)
    points = TimePoints.from_cells(TIME, num_cells=TIME.size)
    return association_p(measured, points, num_permutations=num_permutations, seed=0)


def test_p_values_of_unchanged_genes_are_uniform_even_if_depth_follows_time():
    depth = np.random.default_rng(0).lognormal(sigma=0.5, size=TIME.size) * (1 + TIME)
    levels = np.full((300, 3), 0.4)
    counts = simulate_counts(levels, np.repeat([0, 1, 2], 120), depth=depth, dispersion=1.0, seed=1)
    assert stats.kstest(p_of(counts, depth), "uniform").pvalue > 0.001


def test_a_change_is_found_beyond_the_resolution_of_the_permutations():
    levels = np.array([[0.3, 1.5, 1.5], [1.0, 1.0, 1.0]])
    depth = np.ones(TIME.size)
    counts = simulate_counts(levels, np.repeat([0, 1, 2], 120), depth=depth, dispersion=0.5, seed=2)
    changed, unchanged = p_of(counts, depth, num_permutations=200)
    assert changed < 1e-6
    assert unchanged > 0.01


def test_the_statistic_is_the_one_of_an_analysis_of_variance_when_depth_is_even():
    counts = np.random.default_rng(3).poisson(1.0, size=(TIME.size, 20)).astype(float)
    p = p_of(sparse.csr_matrix(counts), np.ones(TIME.size), num_permutations=4000)
    oracle = stats.f_oneway(counts[:120], counts[120:240], counts[240:]).pvalue
    assert np.abs(p - oracle).max() < 0.04


def test_common_statistics_are_counted_and_rare_ones_come_from_the_tail():
    null = np.random.default_rng(4).chisquare(2, size=(1000, 2))
    observed = np.array([np.sort(null[:, 0])[-200], 40.0])
    counted, tail = permutation_p(observed, null)
    assert counted == pytest.approx(201 / 1001)
    assert 1e-12 < tail < 1e-6
