"""A marker edge is planted in the test set: whatever is fitted must not change when it moves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.universe import Universe
from graph.validation.views import hidden_view
from model.baselines.catalogue import BASELINES
from model.baselines.contract import Baseline
from model.edges.fit import fit_head
from model.edges.folds import Dealing, EdgeSplit
from model.edges.head import HeadConfig
from model.edges.inputs import Content, Kinship, PairInputs, unit_rows
from model.edges.label_free import LabelFree
from model.edges.supervision import supervise
from model.edges.trees import TreesConfig


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
    """Regulators and genes with content for the model's own head; the markers differ in both ends."""
    rng = np.random.default_rng(1)
    universe = Universe.of([f"g{i}" for i in range(10)], [f"g{i}" for i in range(60)])
    codes = rng.permutation(np.setdiff1d(np.arange(600), universe.self_codes()))[:202]
    edges = np.stack(np.divmod(codes, 60))
    z = unit_rows(rng.normal(size=(60, 8)).astype(np.float32))
    family = np.zeros((10, 10), np.float32)
    family[0, 1] = family[1, 0] = 1
    inputs = PairInputs(
        gene=np.arange(10), num_genes=60, num_measured=60, contents=(Content("go", z, z[:10]),),
        kinships=(Kinship("family", family),),
    )  # fmt: skip
    return universe, edges, inputs


def split_with(edges, marker):
    """The test edges end with one of two markers; all other parts are equal."""
    return EdgeSplit(
        train=edges[:, :140],
        validation=edges[:, 140:170],
        test=np.concatenate([edges[:, 170:200], edges[:, 200 + marker : 201 + marker]], axis=1),
        background=np.empty((2, 0), dtype=np.int64),
    )


def test_features_and_negatives_of_the_model_do_not_depend_on_the_test_edges(world):
    _, edges, inputs = world
    seen = []
    for marker in (0, 1):
        dealing = Dealing(
            split_with(edges, marker), inputs.gene, num_measured=60, num_folds=5, negatives_per_positive=10,
            seed=45,
        )  # fmt: skip
        supervision, out_of_fold = supervise(dealing, LabelFree(inputs))
        seen.append((supervision.features, supervision.kind, out_of_fold.features))
    for first, second in zip(*seen, strict=True):
        assert np.array_equal(first, second)


def fitted(edges, split, universe, inputs):
    config = HeadConfig(trees=TreesConfig(num_trees=5, min_pairs=5))
    return fit_head(split, inputs, universe=universe, config=config, seed=45)


def test_trees_blend_and_calibration_of_the_model_do_not_depend_on_them_either(world):
    universe, edges, inputs = world
    first, second = (fitted(edges, split_with(edges, marker), universe, inputs) for marker in (0, 1))
    assert np.array_equal(first.scores, second.scores)
    assert first.head.blend == second.head.blend
    assert first.head.calibration == second.head.calibration


def test_the_model_would_change_if_the_marker_trained(world):
    universe, edges, inputs = world
    scores = []
    for marker in (0, 1):
        split = split_with(edges, marker)
        leaked = replace(split, train=np.concatenate([split.train, split.test[:, -1:]], axis=1))
        scores.append(fitted(edges, leaked, universe, inputs).scores)
    assert not np.array_equal(scores[0], scores[1])
