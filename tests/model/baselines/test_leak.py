"""A marker edge is planted in the test set: whatever is fitted must not change when it moves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.universe import Universe
from graph.validation.views import hidden_view
from model.baselines.catalogue import BASELINES
from model.baselines.contract import Baseline
from model.edges.fit import HeadConfig, fit_head
from model.edges.folds import EdgeSplit
from model.edges.supervision import Regulators, supervise


@pytest.fixture(scope="module")
def markers(evidence):
    """Two pairs, different in both ends, that no source lists before one of them is planted."""
    listed = np.concatenate([evidence.known(), evidence.codes("encode"), evidence.universe.self_codes()])
    free = np.setdiff1d(np.arange(evidence.universe.num_codes), listed)
    return free[free // 80 == 3][0], free[free // 80 == 9][-1]


def claims(codes):
    """Every pair with a sign and no paper."""
    rows = {"code": codes, "sign": np.ones(len(codes), np.int8), "pmids": [[] for _ in codes]}
    return pd.DataFrame(rows)


def planted(evidence, marker):
    """The marker is in every source, as a copied edge of a real database would be."""
    chip = {
        name: BoundPairs(np.append(bound.codes, marker), np.append(bound.num_experiments, 9.0))
        for name, bound in evidence.chip.items()
    }
    told = {name: claims(np.append(evidence.codes(name), marker)) for name in evidence.claims}
    return Evidence(evidence.universe, told, chip)


def scores_with(method, given, evidence, marker, *, hidden):
    whole = planted(evidence, marker)
    train = np.setdiff1d(whole.codes("main"), hidden)
    view = hidden_view(whole, training_source="main", train=train, hidden=hidden)
    return method.score(replace(given, view=view), 45)


@pytest.mark.parametrize("baseline", [each for each in BASELINES if each.learns], ids=lambda each: each.name)
def test_no_baseline_that_learns_sees_a_hidden_edge(baseline, given, evidence, markers):
    hidden = np.array(markers)
    first, second = (scores_with(baseline, given, evidence, each, hidden=hidden) for each in markers)
    assert np.array_equal(first, second)


@pytest.mark.parametrize("source", ["main", "other", "chip"])
def test_a_method_that_peeks_at_any_source_would_be_caught(source, given, evidence, markers):
    def peek(seen, _seed):
        pairs = seen.view.evidence
        codes = pairs.chip["encode"].codes if source == "chip" else pairs.codes(source)
        return seen.universe.mask(codes).astype(np.float32)

    leaky = Baseline("leaky", peek, learns=True, sources=lambda _: frozenset())
    hidden = np.array(markers)
    first, second = (scores_with(leaky, given, evidence, each, hidden=hidden) for each in markers)
    assert np.array_equal(first, second)  # the view has it removed from this source too
    none = np.array([], dtype=np.int64)
    first, second = (scores_with(leaky, given, evidence, each, hidden=none) for each in markers)
    assert not np.array_equal(first, second)  # and without that, the marker is seen


@pytest.fixture(scope="module")
def world():
    """Regulators, genes and an embedding for the model's own head; the markers differ in both ends."""
    rng = np.random.default_rng(1)
    universe = Universe.of([f"g{i}" for i in range(10)], [f"g{i}" for i in range(60)])
    codes = rng.permutation(np.setdiff1d(np.arange(600), universe.self_codes()))[:202]
    edges = np.stack(np.divmod(codes, 60))
    regulators = Regulators(gene=torch.arange(10), kin_index=torch.tensor([[0, 1], [1, 0]]), num_genes=60)
    z = torch.from_numpy(rng.normal(size=(2, 60, 8)).astype(np.float32))
    return universe, edges, regulators, z


def split_with(edges, marker):
    """The test edges end with one of two markers; all other parts are equal."""
    return EdgeSplit(
        train=edges[:, :140],
        validation=edges[:, 140:170],
        test=np.concatenate([edges[:, 170:200], edges[:, 200 + marker : 201 + marker]], axis=1),
        background=np.empty((2, 0), dtype=np.int64),
    )


def test_features_and_negatives_of_the_model_do_not_depend_on_the_test_edges(world):
    _, edges, regulators, z = world
    seen = []
    for marker in (0, 1):
        split = split_with(edges, marker)
        supervision, out_of_fold = supervise(
            split, regulators, z, num_folds=5, negatives_per_positive=10, seed=45
        )
        seen.append((supervision.features, supervision.kind, out_of_fold.features))
    assert torch.equal(seen[0][0], seen[1][0])
    assert torch.equal(seen[0][1], seen[1][1])
    assert torch.equal(seen[0][2], seen[1][2])


def test_weights_early_stopping_and_calibration_of_the_model_do_not_depend_on_them_either(world):
    universe, edges, regulators, z = world
    config = HeadConfig(num_epochs=1, num_heads=1, hidden=8, batch_size=4096)
    scores, weights = [], []
    for marker in (0, 1):
        head = fit_head(split_with(edges, marker), regulators, z, universe=universe, config=config, seed=45)
        scores.append(head.scores(z[0], context=0)[0])
        weights.append((head.fame_weight, head.calibration))
    assert np.array_equal(scores[0], scores[1])
    assert weights[0] == weights[1]


def test_the_model_would_change_if_the_marker_trained(world):
    universe, edges, regulators, z = world
    config = HeadConfig(num_epochs=1, num_heads=1, hidden=8, batch_size=4096)
    scores = []
    for marker in (0, 1):
        split = split_with(edges, marker)
        leaked = replace(split, train=np.concatenate([split.train, split.test[:, -1:]], axis=1))
        head = fit_head(leaked, regulators, z, universe=universe, config=config, seed=45)
        scores.append(head.scores(z[0], context=0)[0])
    assert not np.array_equal(scores[0], scores[1])
