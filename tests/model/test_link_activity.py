import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from model.link_activity import accessibility, activity_share, contact, contact_beyond, overdispersion


def test_contact_falls_with_distance_from_five_kilobases_on():
    found = contact(np.array([0.0, 4_999, 5_000, 10_000, 50_000]))
    assert found.tolist() == pytest.approx([1, 1, 1, 2**-0.87, 10**-0.87])


@pytest.mark.parametrize("distance", [0.0, 3_000.0, 100_000.0, 6e6])
def test_what_lies_beyond_is_the_integral(distance):
    oracle = 2 * quad(contact, distance, 5e6, points=[5e3, 1e5, 1e6], limit=500)[0] if distance < 5e6 else 0.0
    assert contact_beyond(distance) == pytest.approx(oracle, rel=1e-6)


def test_shares_are_those_of_a_slow_sum():
    rng = np.random.default_rng(0)
    near = np.array([[0, 0, 0, 2, 2], [0, 1, 3, 3, 2]])
    openness, distance = rng.random(4), rng.random(5) * 2e5
    openness[2] = 0
    found = activity_share(openness, near, distance, window_bp=1e5, span_bp=10**6)
    outside = openness.sum() / 1e6 * contact_beyond(1e5)
    for pair, (gene, peak) in enumerate(near.T):
        reached = [
            openness[q] * contact(distance[k : k + 1])[0] for k, (g, q) in enumerate(near.T) if g == gene
        ]
        own = openness[peak] * contact(distance[pair : pair + 1])[0]
        assert found[pair] == pytest.approx(own / (sum(reached) + outside))
    assert found[4] == 0
    assert activity_share(openness, near[:, :0], distance[:0], window_bp=1e5, span_bp=1).size == 0


@given(st.lists(st.floats(0, 3e6), min_size=2, max_size=9))
def test_alike_peaks_share_no_more_the_farther_they_are(distances):
    distance = np.sort(np.array(distances))
    near = np.stack([np.zeros(distance.size, dtype=np.int64), np.arange(distance.size)])
    share = activity_share(np.ones(distance.size), near, distance, window_bp=1e5, span_bp=10**7)
    assert (np.diff(share) <= 0).all()
    assert (share >= 0).all()
    assert share.sum() < 1  # the only peaks of a gene do not have all of it


def contexts(seed, *, alike):
    """Half of 2,000 peaks are open in one context and half in the other, or all of them in both."""
    rng = np.random.default_rng(seed)
    inside = np.arange(40) < 12
    level = np.where(np.arange(2000) % 2, 0.2, 0.02)
    rate = np.where(inside[:, None] | alike, level, level[::-1])
    return sp.csr_matrix(rng.poisson(rate)), inside


def test_openness_is_that_of_the_context_where_contexts_differ_and_of_all_cells_where_they_do_not():
    for alike in (False, True):
        counts, inside = contexts(1, alike=alike)
        here, everywhere = accessibility(counts, inside), accessibility(counts, np.ones(40, dtype=np.bool_))
        open_here = np.arange(2000) % 2 == 1
        ratio = here[open_here].mean() / here[~open_here].mean()
        if alike:
            seen = everywhere > 0
            assert np.abs(np.log(here[seen] / everywhere[seen])).max() < 0.5
        else:
            assert ratio > 3
    assert (accessibility(counts, np.zeros(40, dtype=np.bool_)) == everywhere).all()


def test_overdispersion_is_recovered():
    rng = np.random.default_rng(2)
    trials = rng.integers(2, 30, 50_000).astype(float)
    for correlation in (0.05, 0.3):
        prior = 1 / correlation - 1
        successes = rng.binomial(trials.astype(int), rng.beta(0.2 * prior, 0.8 * prior, trials.size))
        assert overdispersion(successes.astype(float), trials, rate=0.2) == pytest.approx(
            correlation, rel=0.1
        )
    even = rng.binomial(trials.astype(int), 0.2).astype(float)
    assert overdispersion(even, trials, rate=0.2) < 0.01
    assert 0 < overdispersion(np.ones(1), np.ones(1), rate=0.5) < 0.01
