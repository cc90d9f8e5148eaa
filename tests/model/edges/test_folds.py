import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from model.edges.folds import SCHEMES, Dealing, EdgeSplit, split_edges


def random_edges(seed: int, *, num_regulators: int = 12, num_genes: int = 60) -> np.ndarray:
    rng = np.random.default_rng(seed)
    codes = rng.choice(num_regulators * num_genes, 200, replace=False)
    return np.stack(np.divmod(np.sort(codes), num_genes)).astype(np.int64)


def as_set(edges: np.ndarray) -> set[tuple[int, int]]:
    return set(map(tuple, edges.T.tolist()))


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_every_edge_is_in_one_part_and_unmeasured_targets_never_supervise(seed):
    edges = random_edges(seed)
    split = split_edges(edges, num_measured=50, test_rate=0.2, validation_rate=0.1, seed=seed)
    parts = [as_set(part) for part in (split.train, split.validation, split.test, split.background)]
    assert sum(map(len, parts)) == len(as_set(edges)) == len(set.union(*parts))
    assert all(gene >= 50 for _, gene in parts[3])
    assert all(gene < 50 for part in parts[:3] for _, gene in part)


def dealing_of(split: EdgeSplit, self_gene: np.ndarray, *, num_measured: int, seed: int) -> Dealing:
    return Dealing(
        split, self_gene, num_measured=num_measured, num_folds=5, negatives_per_positive=5, seed=seed
    )


@given(st.integers(0, 10_000), st.sampled_from(SCHEMES))
@settings(max_examples=40)
def test_no_supervised_pair_and_no_held_out_edge_is_in_the_messages_of_its_fold(seed, scheme):
    edges = random_edges(seed)
    split = split_edges(edges, num_measured=50, test_rate=0.2, validation_rate=0.1, seed=seed)
    self_gene = np.arange(12) - 2  # the first two regulators are not measured
    supervised = []
    for turn in dealing_of(split, self_gene, num_measured=50, seed=seed).turns((scheme,)):
        messages = as_set(turn.messages)
        negatives = as_set(turn.uniform) | as_set(turn.fame_matched)
        assert not messages & (as_set(turn.positives) | as_set(split.test) | as_set(split.validation))
        assert not negatives & as_set(split.train)
        assert not negatives & {(t, int(g)) for t, g in enumerate(self_gene)}
        if scheme == "regulator":
            assert not {t for t, _ in messages} & {t for t, _ in as_set(turn.positives)}
        if scheme == "target":
            assert not {g for _, g in messages} & {g for _, g in as_set(turn.positives)}
        supervised += turn.positives.T.tolist()
    assert as_set(np.array(supervised).T) == as_set(split.train)
    assert len(supervised) == split.train.shape[1]


def test_fame_matched_negatives_are_as_famous_as_the_positives():
    rng = np.random.default_rng(0)
    popular = np.stack([rng.integers(0, 40, 3000), np.minimum(rng.geometric(0.02, 3000), 299)])
    edges = np.unique(popular, axis=1).astype(np.int64)
    split = split_edges(edges, num_measured=300, test_rate=0.2, validation_rate=0.1, seed=0)
    degree = np.bincount(split.train[1], minlength=300)
    for turn in dealing_of(split, np.full(40, -1), num_measured=300, seed=0).turns(("edge",)):
        positive, matched, uniform = (
            degree[pairs[1]].mean() for pairs in (turn.positives, turn.fame_matched, turn.uniform)
        )
        # Pairs that are edges are never negatives, so the match is from below.
        assert 0.7 * positive < matched < 1.1 * positive
        assert uniform < 0.6 * positive


def test_too_few_edges_say_so():
    with pytest.raises(InputError, match="expected at least 50"):
        split_edges(
            np.zeros((2, 3), dtype=np.int64), num_measured=5, test_rate=0.2, validation_rate=0.1, seed=0
        )
