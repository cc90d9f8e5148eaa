import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.validation.randomise import hits_in, randomisation_test, randomised
from graph.validation.universe import Universe

T, G = 12, 40
UNIVERSE = Universe.of([f"g{i}" for i in range(T)], [f"g{i}" for i in range(G)])
PROPER = np.setdiff1d(np.arange(UNIVERSE.num_codes), UNIVERSE.self_codes())


def some_edges(seed, size=120):
    return np.sort(np.random.default_rng(seed).choice(PROPER, size=size, replace=False))


def degrees(codes):
    return np.bincount(codes // G, minlength=T), np.bincount(codes % G, minlength=G)


@given(st.integers(0, 50), st.integers(1, 150), st.sampled_from(["both", "out"]))
@settings(max_examples=30, deadline=None)
def test_degrees_are_kept_and_no_edge_is_self_or_double(seed, size, keeps):
    edges = some_edges(seed, size)
    out, inward = degrees(edges)
    for network in randomised(edges, universe=UNIVERSE, keeps=keeps, num_random=3, seed=seed):
        assert len(np.unique(network)) == size
        assert not np.isin(network, UNIVERSE.self_codes()).any()
        new_out, new_in = degrees(network)
        assert np.array_equal(new_out, out)
        if keeps == "both":
            assert np.array_equal(new_in, inward)


def test_edges_move_and_only_to_where_they_may():
    edges = some_edges(1)
    allowed = np.ones(UNIVERSE.shape, dtype=bool)
    allowed[:, 30:] = False
    edges = edges[allowed.ravel()[edges]]
    for keeps in ("both", "out"):
        (network,) = randomised(edges, universe=UNIVERSE, keeps=keeps, allowed=allowed, num_random=1, seed=2)
        assert allowed.ravel()[network].all()
        assert len(np.intersect1d(network, edges)) < 0.8 * len(edges)


def test_swaps_reach_every_network_equally_often():
    # Two regulators, four targets, two edges each, all in-degrees 1: six networks.
    universe = Universe(("A", "B"), ("w", "x", "y", "z"))
    networks = randomised(np.array([0, 1, 6, 7]), universe=universe, keeps="both", num_random=6000, seed=3)
    kinds, counts = np.unique([tuple(sorted(edges)) for edges in networks], axis=0, return_counts=True)
    assert len(kinds) == 6
    assert counts.min() > 850
    assert counts.max() < 1150


def test_fame_alone_beats_uniform_targets_but_not_equal_degrees():
    rng = np.random.default_rng(4)
    fame = rng.pareto(1.0, G) + 0.05
    chance = np.tile(fame, T)
    chance[UNIVERSE.self_codes()] = 0
    draw = [rng.choice(UNIVERSE.num_codes, 120, replace=False, p=chance / chance.sum()) for _ in range(2)]
    hits = hits_in(UNIVERSE.mask(draw[1]))
    both, out = (
        randomisation_test(draw[0], hits, universe=UNIVERSE, keeps=keeps, seed=5) for keeps in ("both", "out")
    )
    assert out.p == pytest.approx(1 / 201)
    assert both.p > 0.05
    assert both.observed == out.observed == len(np.intersect1d(*draw))


def test_a_network_that_is_the_truth_is_beyond_all_randomised_ones():
    edges = some_edges(6)
    test = randomisation_test(
        edges, hits_in(UNIVERSE.mask(edges)), universe=UNIVERSE, keeps="both", num_random=99, seed=1
    )
    assert (test.observed, test.p, test.num_random) == (120, 0.01, 99)
    assert test.ratio > 2


def test_p_values_of_random_networks_are_uniform():
    truth = hits_in(UNIVERSE.mask(some_edges(7, 200)))
    p = [
        randomisation_test(
            some_edges(100 + s), truth, universe=UNIVERSE, keeps="both", num_random=39, seed=s
        ).p
        for s in range(60)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.15
    assert 0.35 < np.mean(p) < 0.75


def test_edges_that_are_no_network_are_refused():
    for wrong in (np.array([5, 5]), UNIVERSE.self_codes()):
        with pytest.raises(InputError, match="unique, allowed edges"):
            list(randomised(wrong, universe=UNIVERSE, keeps="both", num_random=1, seed=1))
