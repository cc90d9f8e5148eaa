import numpy as np
import pytest

from graph.errors import ConflictError
from graph.validation.judge import JudgeSettings, judge
from model.edges.apply import apply_head
from model.edges.features import PairFeatures
from model.edges.fit import fit_head
from model.edges.folds import EdgeSplit, split_edges
from model.edges.head import HeadConfig, score_pairs
from model.edges.inputs import Content, PairInputs
from model.edges.label_free import LabelFree
from model.edges.trees import TreesConfig

NUM_GENES = 400
CONFIG = HeadConfig(trees=TreesConfig(num_trees=20), schemes=("edge",))
QUICK = JudgeSettings(num_bootstraps=200, num_swaps=50_000)


@pytest.fixture(scope="module")
def head(grouped, inputs, world_universe):
    split = split_edges(grouped(0), num_measured=NUM_GENES, test_rate=0.2, validation_rate=0.1, seed=0)
    return fit_head(split, inputs, universe=world_universe, config=CONFIG, seed=0).head


@pytest.fixture(scope="module")
def elsewhere(grouped):
    """Other edges of the same kind, a fifth of which stays hidden."""
    edges = grouped(9)
    hidden = np.random.default_rng(9).random(edges.shape[1]) < 0.2
    none = np.empty((2, 0), dtype=np.int64)
    return EdgeSplit(train=edges[:, ~hidden], validation=none, test=edges[:, hidden], background=none)


@pytest.fixture(scope="module")
def applied(head, elsewhere, inputs):
    return apply_head(head, elsewhere, inputs, seed=1)


def test_a_head_finds_hidden_edges_of_data_that_it_was_not_trained_on(applied, elsewhere, world_universe):
    test, shown = (part[0] * NUM_GENES + part[1] for part in (elsewhere.test, elsewhere.train))
    found = judge(
        applied.logits, world_universe, positives=test, excluded=shown, known_positives=shown, seed=0,
        settings=QUICK,
    )  # fmt: skip
    assert found.swap_interval.low > 0.6


def test_hidden_edges_change_no_score(head, elsewhere, applied, inputs):
    fewer = EdgeSplit(elsewhere.train, elsewhere.validation, elsewhere.test[:, :1], elsewhere.background)
    np.testing.assert_array_equal(apply_head(head, fewer, inputs, seed=1).logits, applied.logits)


def test_a_known_edge_is_scored_without_itself(head, elsewhere, applied, inputs):
    known = tuple(elsewhere.train)
    with_itself, _ = score_pairs(head, LabelFree(inputs), elsewhere.messages)
    assert np.mean(applied.logits[known] < with_itself[known]) > 0.8
    others = np.ones(applied.logits.shape, dtype=bool)
    others[known] = False
    np.testing.assert_array_equal(applied.logits[others], with_itself[others])


def test_a_feature_that_is_missing_is_named(head, elsewhere, inputs):
    (content,) = inputs.contents
    renamed = PairInputs(
        inputs.gene, NUM_GENES, NUM_GENES, contents=(Content("kegg", content.genes, content.regulators),)
    )
    with pytest.raises(ConflictError, match="likeness:go"):
        apply_head(head, elsewhere, renamed, seed=1)


def test_columns_are_found_by_name_whatever_else_there_is(head):
    found = ["other", *reversed(head.names)]
    assert [found[place] for place in head.columns(found)] == list(head.names)


def test_a_regulator_without_known_targets_keeps_the_values_and_changes_the_order(head, elsewhere, inputs):
    """Its pairs are ordered by what fame cannot explain; as a whole they are as likely as before."""
    lost = EdgeSplit(
        elsewhere.train[:, elsewhere.train[0] != 3], elsewhere.validation, elsewhere.test,
        elsewhere.background,
    )  # fmt: skip
    seen = apply_head(head, lost, inputs, seed=1)
    label_free = LabelFree(inputs)
    features = PairFeatures(label_free, lost.messages)
    pairs = np.stack([np.full(NUM_GENES, 3), np.arange(NUM_GENES)])
    ranking, fame = (
        each.logits(features.of(pairs)).mean(axis=0) for each in (head.ranking, head.fame_matched)
    )
    usual = head.blend.logits(ranking, fame, head.support(features.of(pairs)))
    np.testing.assert_allclose(np.sort(seen.logits[3]), np.sort(usual), rtol=1e-5, atol=1e-5)
    assert head.blend.fame_weight > 0
    order = np.argsort(seen.logits[3], kind="stable")
    assert np.corrcoef(np.argsort(order), np.argsort(np.argsort(5 * fame + ranking)))[0, 1] > 0.999
