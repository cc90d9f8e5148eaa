import tracemalloc

import numpy as np
import pytest

from model.edges.features import PairFeatures
from model.edges.fit import fit_head
from model.edges.folds import split_edges
from model.edges.head import HeadConfig
from model.edges.label_free import LabelFree
from model.edges.memory import foresee_memory, most_features
from model.edges.trees import TreesConfig

CONFIG = HeadConfig(trees=TreesConfig(num_trees=5), schemes=("edge",))


@pytest.fixture(scope="module")
def split(grouped):
    return split_edges(grouped(0), num_measured=400, test_rate=0.2, validation_rate=0.1, seed=0)


def test_no_pair_has_more_features_than_foreseen(inputs, split):
    names = PairFeatures(LabelFree(inputs), split.messages).names
    assert 0.4 * most_features(inputs) < len(names) <= most_features(inputs)


def test_fitting_and_scoring_stay_within_what_was_foreseen(inputs, split, world_universe):
    need = foresee_memory(inputs, config=CONFIG, num_train=split.train.shape[1], num_contexts=1)
    tracemalloc.start()
    try:
        fit_head(split, inputs, universe=world_universe, config=CONFIG, seed=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < need < 6 * peak


def test_memory_grows_with_the_pairs_and_contexts(inputs):
    asked = [
        foresee_memory(inputs, config=CONFIG, num_train=train, num_contexts=contexts)
        for train, contexts in ((1_000, 1), (2_000, 1), (1_000, 5))
    ]
    assert np.argmin(asked) == 0
