"""cisgraph and the published head as methods of the grid: no hidden pair reaches them."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from graph.progress import Progress, silent
from graph.validation.views import hidden_view
from model.baselines.contract import Baseline, no_source
from model.contenders.catalogue import NAMES, contenders
from model.contenders.ingredients import FEATURES, leave_one_out
from model.contenders.ours import cisgraph, split_of
from model.contenders.perturbed import adding, dropping, perturbed
from model.data import Neighbourhoods
from model.edges.features import PairFeatures
from model.edges.head import HeadConfig
from model.edges.inputs import Content, PairInputs, unit_rows
from model.edges.label_free import LabelFree
from model.edges.trees import TreesConfig
from model.epiaware.config import BackboneConfig

T, G = 12, 80
QUICK = HeadConfig(trees=TreesConfig(num_trees=5, min_pairs=5), negatives_per_positive=5)


@dataclass
class MadeBackbone:
    z: np.ndarray

    def embed(self):
        return self.z


@dataclass
class MadePrepared:
    """Inputs and embeddings without a graph or cells behind them."""

    bench: object
    evidence: dict
    config: BackboneConfig
    z: np.ndarray
    progress: Progress = silent

    def backbone(self, _seed):
        return MadeBackbone(self.z)

    def inputs(self, _seed, *, chip):
        return PairInputs(np.arange(T), G, G, contents=(Content("go", self.z, self.z[:T]),))


@dataclass
class MadeBench:
    hoods: Neighbourhoods


@dataclass
class NoSources:
    source_ids: tuple[str, ...] = ("sets",)


@pytest.fixture(scope="module")
def prepared(make_hoods):
    rng = np.random.default_rng(4)
    hoods = make_hoods(np.stack([np.arange(G), np.arange(G)]), np.zeros(G), [f"p{n}" for n in range(G)])
    z = unit_rows(rng.normal(size=(G, 8)).astype(np.float32))
    return MadePrepared(MadeBench(hoods), {False: NoSources(), True: NoSources()}, BackboneConfig(d=4), z)


def test_the_grid_has_ours_and_the_published_heads(prepared):
    assert tuple(contenders(prepared)) == NAMES
    competing = {name for name, method in contenders(prepared).items() if method.competes}
    assert competing == {"epiaware-bce", "epiaware-nnpu", "pca-bce"}
    assert all(method.learns for method in contenders(prepared).values())


@pytest.mark.parametrize("name", NAMES)
def test_no_contender_sees_a_hidden_edge(name, prepared, evidence, given):
    codes = evidence.codes("main")
    rng = np.random.default_rng(0)
    hidden = rng.choice(codes, 30, replace=False)
    method = contenders(prepared)[name]
    if name.startswith("cisgraph"):
        method = cisgraph(prepared, name=name, config=QUICK)
    found = []
    for moved in (hidden, np.setdiff1d(np.arange(T * G), codes)[:30]):
        # in the second world the hidden pairs are elsewhere, and the same edges train
        train = np.setdiff1d(codes, hidden)
        view = hidden_view(evidence, training_source="main", train=train, hidden=moved)
        found.append(method.score(replace(given, view=view), 45))
    np.testing.assert_array_equal(*found)
    assert np.isfinite(found[0]).all()
    assert found[0].shape == (T, G)


def test_edges_to_unmeasured_genes_stay_with_regulators_that_the_view_shows(evidence):
    codes = evidence.codes("main")
    unseen = codes // G == codes[0] // G
    view = hidden_view(evidence, training_source="main", train=codes[~unseen], hidden=codes[unseen])
    edges = np.stack([np.repeat(np.arange(T), 2), np.tile([G, G + 1], T)])
    split = split_of(view, edges, validation_rate=0.1, seed=1)
    assert codes[0] // G not in split.background[0]
    assert set(split.background[0]) == set(codes[~unseen] // G)
    parts = np.concatenate([split.train, split.validation], axis=1)
    assert sorted(parts[0] * G + parts[1]) == sorted(codes[~unseen])
    assert split.validation.shape[1] == round(0.1 * len(codes[~unseen]))


def test_every_ingredient_that_is_left_out_is_one_that_there_is(prepared):
    inputs = prepared.inputs(0, chip=False)
    names = PairFeatures(LabelFree(inputs), np.array([[0, 1], [5, 6]])).raw
    for ingredient, beginnings in FEATURES.items():
        found = [name for name in names if name.startswith(beginnings)]
        assert found, ingredient
    titles = [each.name for each in leave_one_out(prepared, chip=True)]
    assert len(set(titles)) == len(titles)
    assert titles[0] == "with everything"
    assert "without ChIP-seq" in titles


def test_damage_is_as_large_as_it_says(given):
    train, rng = np.arange(0, 400, 2), np.random.default_rng(1)
    assert len(dropping(0.3)(train, given.universe, rng)) == 140
    more = adding(0.5)(train, given.universe, rng)
    assert len(more) == 300
    assert set(train) <= set(more)
    assert not set(more) & set(given.universe.self_codes()) - set(train)


def test_candidates_are_changed_as_the_row_says(prepared, make_hoods, monkeypatch):
    """Each row gets what its name says, and the first the candidates as they are."""
    gene, distance = np.repeat(np.arange(G), 3), np.tile([0, 6_000, 60_000], G)
    peaks = [f"p{n}" for n in range(3 * G)]
    given = replace(
        prepared, bench=MadeBench(make_hoods(np.stack([gene, np.arange(3 * G)]), distance, peaks))
    )
    seen = {}

    def kept(made, *, name="usual", chip):
        seen[name] = made.bench.hoods
        return Baseline(name, lambda *_: None, learns=True, sources=no_source)

    monkeypatch.setattr("model.contenders.perturbed.cisgraph", kept)
    names = [each.name for each in perturbed(given, chip=False)]
    assert names[0] == "as it is"
    assert len(set(names)) == len(names) == 14
    sizes = {name: hoods.near_index.shape[1] for name, hoods in seen.items()}
    assert (sizes["window of 5 kb"], sizes["window of 50 kb"], sizes["no ATAC"]) == (G, 2 * G, 0)
    as_it_is, random = (seen[name].near_index for name in ("as it is", "randomised gene-peak candidates"))
    np.testing.assert_array_equal(as_it_is, given.bench.hoods.near_index)
    np.testing.assert_array_equal(random[0], as_it_is[0])
    assert np.mean(random[1] == as_it_is[1]) < 0.1
