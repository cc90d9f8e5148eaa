import numpy as np
import pytest
import torch

from graph.validation.baselines import degree_scores
from graph.validation.judge import JudgeSettings, judge
from graph.validation.universe import Universe
from model.edges.calibration import fit_calibration
from model.edges.fit import FittedHead, HeadConfig, fit_head
from model.edges.folds import EdgeSplit, split_edges
from model.edges.supervision import Regulators

NUM_REGULATORS, NUM_GENES, NUM_GROUPS = 40, 400, 5
UNIVERSE = Universe.of([f"t{n}" for n in range(NUM_REGULATORS)], [f"g{n}" for n in range(NUM_GENES)])
REGULATORS = Regulators(
    gene=torch.full((NUM_REGULATORS,), -1),
    kin_index=torch.zeros(2, 0, dtype=torch.long),
    num_genes=NUM_GENES,
)
CONFIG = HeadConfig(num_heads=1, num_epochs=6, batch_size=512)
QUICK = JudgeSettings(num_bootstraps=200, num_swaps=50_000)


def modules(seed: int) -> np.ndarray:
    """Edges within groups of regulators and genes, famous genes first in each group."""
    rng = np.random.default_rng(seed)
    fame = rng.pareto(1.5, NUM_GENES) + 0.2
    same = np.arange(NUM_REGULATORS)[:, None] % NUM_GROUPS == np.arange(NUM_GENES)[None] % NUM_GROUPS
    chance = np.clip(fame * np.where(same, 0.12, 0.008), 0, 0.9)
    return np.stack(np.nonzero(rng.random(chance.shape) < chance)).astype(np.int64)


def shuffled(edges: np.ndarray, seed: int) -> np.ndarray:
    """The same degrees on average, without any group."""
    rng = np.random.default_rng(seed)
    return np.unique(np.stack([edges[0], rng.permutation(edges[1])]), axis=1)


def fit(edges: np.ndarray, seed: int) -> tuple[EdgeSplit, FittedHead, torch.Tensor]:
    split = split_edges(edges, num_measured=NUM_GENES, test_rate=0.2, validation_rate=0.1, seed=seed)
    z = torch.randn(2, NUM_GENES, 4, generator=torch.Generator().manual_seed(seed))
    head = fit_head(split, REGULATORS, z, universe=UNIVERSE, config=CONFIG, seed=seed)
    return split, head, z


def verdict(scores: np.ndarray, split: EdgeSplit):
    test, shown = codes(split.test), np.concatenate([codes(split.train), codes(split.validation)])
    return judge(
        scores, UNIVERSE, positives=test, excluded=shown, known_positives=shown, seed=0, settings=QUICK
    )


def codes(edges: np.ndarray) -> np.ndarray:
    return edges[0] * NUM_GENES + edges[1]


def test_the_head_finds_groups_that_fame_cannot_explain():
    split, head, z = fit(modules(0), seed=0)
    scores, _ = head.scores(z[0], context=0)
    ours = verdict(scores, split)
    degree = verdict(degree_scores(UNIVERSE, codes(split.train)), split)
    assert degree.swap_auroc == pytest.approx(0.5, abs=1e-9)
    assert ours.swap_interval.low > 0.6
    assert ours.auroc > degree.auroc


def test_the_head_finds_nothing_in_shuffled_labels():
    split, head, z = fit(shuffled(modules(0), seed=1), seed=0)
    found = verdict(head.scores(z[0], context=0)[0], split)
    assert found.swap_interval.low < 0.5 < found.swap_interval.high


def test_a_marker_edge_in_the_test_set_reaches_no_score():
    """Another set of test edges, the same training edges: every score stays as it was."""
    split, head, z = fit(modules(0), seed=0)
    moved = EdgeSplit(split.train, split.validation, split.test[:, :1], split.background)
    again = fit_head(moved, REGULATORS, z, universe=UNIVERSE, config=CONFIG, seed=0)
    first, second = head.readings(z[0], context=0), again.readings(z[0], context=0)
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


def test_a_training_edge_is_scored_as_if_it_were_not_known():
    """Features of known edges come from messages without them, so they do not stand out by being known."""
    split, head, z = fit(modules(0), seed=0)
    known = tuple(split.train)
    from_messages = head.messages.structure(torch.arange(NUM_REGULATORS))[known]
    assert not torch.allclose(head.out_of_fold.features[0][:, : from_messages.shape[1]], from_messages)
    scores = head.logits(z[0], context=0)[0]
    test = tuple(split.test)
    gap = scores[known].mean() - scores[test].mean()
    assert abs(gap) < 0.5 * scores[test].std()


def test_the_same_seed_gives_the_same_scores():
    (_, first, z), (_, second, _) = fit(modules(0), seed=3), fit(modules(0), seed=3)
    np.testing.assert_array_equal(first.scores(z[0], context=0)[0], second.scores(z[0], context=0)[0])


def test_calibration_recovers_the_chance_of_an_edge_where_most_edges_are_hidden_or_removed():
    rng = np.random.default_rng(0)
    logits = rng.normal(-3, 1.5, 400_000)
    edge = rng.random(logits.size) < 1 / (1 + np.exp(-logits))
    part = rng.random(logits.size)
    removed, shown = edge & (part < 0.7), edge & (part >= 0.7) & (part < 0.8)
    calibration = fit_calibration(logits[~removed], shown[~removed], shown=0.1, removed=0.7)
    probability = calibration.probability(logits)
    assert probability.mean() == pytest.approx(edge.mean(), rel=0.1)
    top = np.argsort(-logits)[:2000]
    assert probability[top].mean() == pytest.approx(edge[top].mean(), abs=0.1)
    assert probability.max() <= 1
