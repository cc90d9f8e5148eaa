import numpy as np
import pytest

from graph.validation.baselines import degree_scores
from graph.validation.judge import JudgeSettings, judge
from model.edges.calibration import Calibration, fit_calibration
from model.edges.features import PairFeatures
from model.edges.fit import fit_head
from model.edges.folds import EdgeSplit, split_edges
from model.edges.head import HeadConfig, HeadScores
from model.edges.label_free import LabelFree
from model.edges.trees import TreesConfig

NUM_GENES = 400
CONFIG = HeadConfig(trees=TreesConfig(num_trees=20), schemes=("edge",))
QUICK = JudgeSettings(num_bootstraps=200, num_swaps=50_000)


def fit(edges, inputs, universe, *, seed: int) -> tuple[EdgeSplit, HeadScores]:
    split = split_edges(edges, num_measured=NUM_GENES, test_rate=0.2, validation_rate=0.1, seed=seed)
    return split, fit_head(split, inputs, universe=universe, config=CONFIG, seed=seed)


def codes(edges: np.ndarray) -> np.ndarray:
    return edges[0] * NUM_GENES + edges[1]


def verdict(scores: np.ndarray, split: EdgeSplit, universe):
    test, shown = codes(split.test), np.concatenate([codes(split.train), codes(split.validation)])
    return judge(
        scores, universe, positives=test, excluded=shown, known_positives=shown, seed=0, settings=QUICK
    )


@pytest.fixture(scope="module")
def fitted(grouped, inputs, world_universe):
    return fit(grouped(0), inputs, world_universe, seed=0)


def test_the_head_finds_groups_that_fame_cannot_explain(fitted, world_universe):
    split, head = fitted
    ours = verdict(head.logits, split, world_universe)
    degree = verdict(degree_scores(world_universe, codes(split.train)), split, world_universe)
    assert degree.swap_auroc == pytest.approx(0.5, abs=1e-9)
    assert ours.swap_interval.low > 0.6
    assert ours.auroc > degree.auroc


def test_shuffled_labels_give_nothing_beyond_fame_and_no_sure_edge(shuffled, inputs, world_universe):
    split, head = fit(shuffled(0), inputs, world_universe, seed=0)
    found = verdict(head.logits, split, world_universe)
    assert found.swap_interval.low < 0.5 < found.swap_interval.high
    assert (head.scores[tuple(split.test)] < 0.5).mean() > 0.95


def test_noise_in_the_cells_alone_gives_nothing_beyond_fame(shuffled, noise_inputs, world_universe):
    split, head = fit(shuffled(1), noise_inputs, world_universe, seed=1)
    found = verdict(head.logits, split, world_universe)
    assert found.swap_interval.low < 0.5 < found.swap_interval.high


def test_another_set_of_test_edges_changes_no_score(fitted, inputs, world_universe):
    split, head = fitted
    moved = EdgeSplit(split.train, split.validation, split.test[:, :1], split.background)
    again = fit_head(moved, inputs, universe=world_universe, config=CONFIG, seed=0)
    np.testing.assert_array_equal(head.logits, again.logits)


def test_a_training_edge_is_scored_as_if_it_were_not_known(fitted):
    """Its features lack it, and the member that scores it has never seen it."""
    split, head = fitted
    known, test = tuple(split.train), tuple(split.test)
    gap = head.logits[known].mean() - head.logits[test].mean()
    assert abs(gap) < 0.5 * head.logits[test].std()


def test_the_same_seed_gives_the_same_scores(fitted, grouped, inputs, world_universe):
    _, again = fit(grouped(0), inputs, world_universe, seed=0)
    np.testing.assert_array_equal(fitted[1].scores, again.scores)
    np.testing.assert_array_equal(fitted[1].uncertainty, again.uncertainty)


def test_features_that_are_left_out_are_in_no_reading(grouped, inputs):
    split = split_edges(grouped(0), num_measured=NUM_GENES, test_rate=0.2, validation_rate=0.1, seed=0)
    names = PairFeatures(LabelFree(inputs), split.messages, without=("ridge", "profile:go")).names
    assert not any("ridge" in name or ":profile:go" in f":{name}" for name in names)
    assert "regulator_profile:go" in names


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


def test_the_surest_pairs_keep_their_order():
    calibration = Calibration((-5.0, 0.0), (-6.0, -1.0), slope=1.0, shown=0.05, removed=0.75)
    probability = calibration.probability(np.linspace(-8, 6, 200))
    assert (np.diff(probability) > 0).all()
    assert probability[-1] < 1
