import numpy as np
import pytest
from scipy import sparse

from graph.errors import InputError
from model.lags import Depths, LagConfig, estimate_chromatin_lags, gene_activity
from model.lags.simulate import simulate_counts

NUM = 40
LABEL = np.repeat([0, 1, 2], (150, 250, 270))
TIME = np.array([0.0, 1.0, 3.0])[LABEL]
EARLY, LATE, FLAT = np.array([0, 1, 1]), np.array([0, 0, 1]), np.zeros(3)
CONFIG = LagConfig(num_bootstraps=200, num_permutations=300)


def counts_of(profile, *, mean, seed):
    levels = np.tile(mean * (1 + 3 * profile), (NUM, 1))
    return simulate_counts(levels, LABEL, depth=np.ones(LABEL.size), dispersion=1.0, seed=seed)


def estimate(chromatin, rna):
    links = np.stack([np.repeat(np.arange(NUM), 3), np.arange(3 * NUM)])
    atac = sparse.hstack([counts_of(chromatin, mean=0.2, seed=s) for s in (1, 2, 3)])
    order = np.arange(3 * NUM).reshape(3, NUM).T.ravel()  # three peaks of a gene side by side
    peaks = (atac.tocsc()[:, order] > 0).astype(np.int64)
    activity = gene_activity(peaks, links, np.ones(3 * NUM), num_genes=NUM)
    even = Depths(rna=np.ones(LABEL.size), activity=np.ones(LABEL.size))
    rna_counts = counts_of(rna, mean=0.5, seed=4)
    return estimate_chromatin_lags(rna_counts, activity, TIME, config=CONFIG, seed=0, depths=even)


def test_chromatin_that_opens_first_leads():
    lags = estimate(EARLY, LATE)
    assert np.mean(lags.lag_sign == 1) > 0.7
    assert not (lags.lag_sign == -1).any()
    assert np.median(lags.lag) == pytest.approx(1.5, abs=0.25)


def test_rna_that_changes_first_leads_with_a_negative_sign():
    lags = estimate(LATE, EARLY)
    assert np.mean(lags.lag_sign == -1) > 0.7
    assert not (lags.lag_sign == 1).any()


@pytest.mark.parametrize(("chromatin", "rna"), [(EARLY, EARLY), (LATE, LATE), (EARLY, FLAT), (FLAT, FLAT)])
def test_no_lag_gets_no_sign(chromatin, rna):
    lags = estimate(chromatin, rna)
    assert lags.tested.all()
    assert np.mean(lags.lag_sign != 0) <= 0.05


def test_a_gene_without_open_peaks_says_so():
    rna = counts_of(LATE, mean=0.5, seed=1)
    activity = rna.toarray()
    activity[:, 0] = 0
    lags = estimate_chromatin_lags(rna, activity, TIME, config=CONFIG, seed=0)
    assert lags.reason[0] == "leader: seen in fewer than 10 cells"
    assert np.flatnonzero(~lags.tested).tolist() == [0]


def test_two_time_points_are_not_estimated():
    rna = counts_of(LATE, mean=0.5, seed=1)
    lags = estimate_chromatin_lags(rna, rna, np.minimum(TIME, 1), config=CONFIG, seed=0)
    assert np.isnan(lags.lag_sign).all()
    assert set(lags.reason) == {"2 time points, an order needs 3"}


def test_other_cells_are_refused():
    rna = counts_of(LATE, mean=0.5, seed=1)
    with pytest.raises(InputError, match="same cells and genes"):
        estimate_chromatin_lags(rna, rna[:-1], TIME, seed=0)
