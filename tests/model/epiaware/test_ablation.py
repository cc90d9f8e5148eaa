import numpy as np
import pytest

from model.epiaware.ablation import CandidateSet

NEAR = np.array([[0, 0, 0, 1, 3, 3], [4, 2, 7, 4, 0, 9]])
CANDIDATES = CandidateSet(NEAR, np.array([100, 6_000, 60_000, 10, 5_000, 99_000]))


@pytest.mark.parametrize("seed", range(20))
def test_randomised_candidates_are_as_many_and_distinct_for_each_gene(seed):
    found = CANDIDATES.randomised(num_peaks=5, seed=seed)
    assert (found.near_index[0] == NEAR[0]).all()
    assert (found.near_distance == CANDIDATES.near_distance).all()
    assert len(set(map(tuple, found.near_index.T))) == NEAR.shape[1]
    assert found.near_index[1].max() < 5


def test_randomised_candidates_are_others():
    found = CANDIDATES.randomised(num_peaks=100_000, seed=0)
    assert not np.intersect1d(found.near_index[1], NEAR[1]).size


@pytest.mark.parametrize("seed", range(20))
def test_candidates_dealt_anew_are_peaks_that_were_candidates(seed):
    found = CANDIDATES.dealt_anew(seed=seed)
    assert np.isin(found.near_index[1], NEAR[1]).all()
    assert len(set(map(tuple, found.near_index.T))) == NEAR.shape[1]


def test_fewer_nearer_and_no_candidates():
    assert CANDIDATES.within(5_000).near_index.T.tolist() == [[0, 4], [1, 4], [3, 0]]
    assert CANDIDATES.nearest(1).near_index.T.tolist() == [[0, 4], [1, 4], [3, 0]]
    assert CANDIDATES.nearest(2).near_distance.tolist() == [100, 6_000, 10, 5_000, 99_000]
    assert CANDIDATES.without_peaks().near_index.shape == (2, 0)
