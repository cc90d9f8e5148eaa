import numpy as np
import pytest

from model.link_covariation import Chance, covariation, log_density_ratio

NUM_CELLS, NUM_GENES, EACH = 60, 600, 6


def planted(seed, make, *, shuffled=False):
    """Of each gene's six peaks the first co-varies with it; 600 genes on three chromosomes."""
    rng = np.random.default_rng(seed)
    state = rng.lognormal(0, 0.7, (NUM_CELLS, NUM_GENES))
    rate = np.repeat(state, EACH, axis=1)
    quiet = np.arange(NUM_GENES * EACH) % EACH > 0
    rate[:, quiet] = rng.lognormal(0, 0.7, (NUM_CELLS, quiet.sum()))
    rna, atac = rng.poisson(4 * state), rng.poisson(2 * rate)
    if shuffled:
        atac = rng.permutation(atac)
    near = np.stack([np.repeat(np.arange(NUM_GENES), EACH), np.arange(NUM_GENES * EACH)])
    return make(rna, atac), near, near[1] * 3 // near.shape[1]


def log_normalised(counts):
    size = counts.sum(axis=1, keepdims=True)
    return np.log1p(counts * np.median(size) / size)


def test_correlation_is_that_of_an_obvious_loop(make_metacells_of):
    metacells, near, chrom = planted(0, make_metacells_of)
    rna, atac = (log_normalised(each.toarray()) for each in (metacells.rna, metacells.atac))
    found = covariation(metacells, near, peak_chrom=chrom, seed=0).correlation
    for pair in range(0, near.shape[1], 97):
        oracle = np.corrcoef(rna[:, near[0, pair]], atac[:, near[1, pair]])[0, 1]
        assert found[pair] == pytest.approx(oracle, abs=1e-5)


def test_planted_pairs_have_evidence_and_the_others_none(make_metacells_of):
    metacells, near, chrom = planted(1, make_metacells_of)
    ratio = covariation(metacells, near, peak_chrom=chrom, seed=0).log_ratio
    true = near[1] % EACH == 0
    assert np.median(ratio[true]) > 1.3  # a sixth is true: at most log(4.2) above the 95th centile of chance
    assert np.median(ratio[~true]) < 0
    assert ratio.max() < 5


def test_with_cells_shuffled_the_evidence_is_neutral(make_metacells_of):
    for seed in range(3):
        metacells, near, chrom = planted(seed, make_metacells_of, shuffled=True)
        ratio = covariation(metacells, near, peak_chrom=chrom, seed=0).log_ratio
        assert np.quantile(np.abs(ratio), 0.95) < 0.25
        assert abs(ratio.mean()) < 0.05


def test_what_depth_and_cell_types_make_is_no_evidence(make_metacells_of):
    """All genes and peaks follow one of two cell types: r is large, and as large on other chromosomes."""
    rng = np.random.default_rng(5)
    kind = np.repeat([0, 1], NUM_CELLS // 2)
    near = np.stack([np.repeat(np.arange(NUM_GENES), EACH), np.arange(NUM_GENES * EACH)])
    levels = rng.lognormal(0, 1, (2, 2, NUM_GENES * EACH))
    rna, atac = rng.poisson(3 * levels[0][kind][:, :NUM_GENES]), rng.poisson(3 * levels[1][kind])
    found = covariation(make_metacells_of(rna, atac), near, peak_chrom=near[1] * 3 // near.shape[1], seed=0)
    assert np.quantile(np.abs(found.correlation), 0.9) > 0.5
    assert np.quantile(np.abs(found.log_ratio), 0.95) < 0.25


def test_evidence_never_falls_as_the_statistic_grows():
    rng = np.random.default_rng(0)
    values, chance = rng.normal(0.3, 1.3, 5000), rng.normal(size=5000)
    ratio = log_density_ratio(values, chance)
    assert (np.diff(ratio[np.argsort(values)]) >= 0).all()
    assert np.abs(log_density_ratio(chance[:2500], chance[2500:])).max() < 0.5
    assert (log_density_ratio(values[:9], chance[:9]) == 0).all()
    assert log_density_ratio(values[:0], chance[:0]).size == 0


def test_a_single_chromosome_few_pairs_and_constant_columns_say_nothing(make_metacells_of):
    metacells, near, chrom = planted(1, make_metacells_of)
    assert (covariation(metacells, near, peak_chrom=0 * chrom, seed=0).log_ratio == 0).all()
    assert (covariation(metacells, near[:, :50], peak_chrom=chrom, seed=0).log_ratio == 0).all()
    assert covariation(metacells, near[:, :0], peak_chrom=chrom, seed=0).correlation.size == 0
    flat = make_metacells_of(np.ones((9, 3)), np.ones((9, 4)))
    found = covariation(flat, np.array([[0, 1, 2], [0, 1, 3]]), peak_chrom=np.array([0, 1, 0, 1]), seed=0)
    assert (found.correlation == 0).all()
    assert (found.log_ratio == 0).all()


def test_a_partner_is_as_open_and_of_another_chromosome(make_metacells_of):
    rng = np.random.default_rng(3)
    metacells = make_metacells_of(np.ones((5, 1)), rng.poisson(rng.gamma(1, 3, 400), (5, 400)))
    chrom = rng.integers(0, 4, 400)
    chance = Chance.of(metacells.atac, chrom, rng=rng)
    peak = rng.integers(0, 400, 20_000)
    partner = chance.partners(peak)
    assert (chrom[partner] != chrom[peak]).all()
    assert (chance.bin[partner] == chance.bin[peak]).all()
    one = partner[peak == peak[0]]
    allowed = (chance.bin == chance.bin[peak[0]]) & (chrom != chrom[peak[0]])
    assert set(one) <= set(np.flatnonzero(allowed))
    assert np.unique(partner).size > 390  # each of them comes


def test_the_same_seed_gives_the_same_evidence(make_metacells_of):
    metacells, near, chrom = planted(2, make_metacells_of)
    first, again = (covariation(metacells, near, peak_chrom=chrom, seed=4).log_ratio for _ in range(2))
    assert (first == again).all()
