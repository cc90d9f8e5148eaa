import numpy as np
import pytest

from graph.errors import InputError
from graph.validation.coherence import gene_set_coherence
from graph.validation.universe import Universe

UNIVERSE = Universe.of([f"t{i}" for i in range(8)], [f"g{i}" for i in range(64)])
SETS = {f"s{k}": [f"g{i}" for i in range(8 * k, 8 * k + 8)] for k in range(8)}


def codes_of(columns):
    return np.concatenate([t * 64 + np.asarray(targets) for t, targets in enumerate(columns)])


def test_regulons_that_are_sets_are_fully_coherent_and_beyond_chance():
    found = gene_set_coherence(
        codes_of([range(8 * t, 8 * t + 6) for t in range(8)]), SETS, universe=UNIVERSE, seed=1
    )
    assert found.rate == 1
    assert found.test.p == pytest.approx(1 / 101)
    assert found.test.mean < 0.3
    assert (found.num_sets, found.num_annotated) == (8, 48)


def test_the_rate_is_the_share_of_target_pairs_in_a_common_set():
    # t0: three targets of s0 and one of s1: 3 of 6 pairs.
    found = gene_set_coherence(np.array([0, 1, 2, 8]), SETS, universe=UNIVERSE, num_random=5, seed=1)
    assert found.rate == pytest.approx(0.5)
    twice = SETS | {"again": SETS["s0"]}
    again = gene_set_coherence(np.array([0, 1, 2, 8]), twice, universe=UNIVERSE, num_random=5, seed=1)
    assert again.rate == found.rate  # a second common set adds nothing


def test_random_regulons_are_not_coherent():
    rng = np.random.default_rng(2)
    columns = [rng.choice(64, 8, replace=False) for _ in range(8)]
    found = gene_set_coherence(codes_of(columns), SETS, universe=UNIVERSE, seed=1)
    assert found.test.p > 0.02


def test_sets_of_other_sizes_and_genes_are_left_out_and_none_is_refused():
    small = {"small": ["g1", "g2"], "other": [f"x{i}" for i in range(9)]}
    with pytest.raises(InputError, match="found none among 2"):
        gene_set_coherence(np.array([0, 1]), small, universe=UNIVERSE, seed=1)
    with pytest.raises(InputError, match="at least two targets"):
        gene_set_coherence(np.array([0]), SETS, universe=UNIVERSE, seed=1)
