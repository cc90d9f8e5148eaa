from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from graph.errors import InputError
from graph.validation.score_files import EDGES_FILE
from graph.validation.universe import Universe
from model.edges.fit import fit_head
from model.edges.folds import split_edges
from model.edges.head import HeadConfig, score_pairs
from model.edges.inputs import Content, PairInputs, unit_rows
from model.edges.label_free import LabelFree
from model.edges.trees import TreesConfig
from model.trained_model import HEAD_FOLDER, TrainedModel, load_model, save_head


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(3)
    z = unit_rows(rng.normal(size=(90, 6)).astype(np.float32))
    inputs = PairInputs(np.arange(12), 90, 90, contents=(Content("go", z, z[:12]),))
    edges = np.stack(np.nonzero(rng.random((12, 90)) < 0.3))
    edges = edges[:, edges[0] != edges[1]]
    split = split_edges(edges, num_measured=90, test_rate=0.2, validation_rate=0.1, seed=1)
    universe = Universe.of([f"g{n}" for n in range(12)], [f"g{n}" for n in range(90)])
    config = HeadConfig(trees=TreesConfig(num_trees=6, min_pairs=5), without=("cosine",))
    return inputs, split, fit_head(split, inputs, universe=universe, config=config, seed=1).head


@pytest.fixture
def folder(world, tmp_path):
    _, _, head = world
    test = pd.DataFrame({"source": ["g1", "g2"], "target": ["g5", "g9"]})
    model = TrainedModel(
        head=head, run_id="r-1", species="human", source_id="dorothea", confidences=("A", "B"), chip=False,
        collections=("go",), test_edges=test,
    )  # fmt: skip
    save_head(tmp_path, model, release="r2")
    known = pd.DataFrame({"source": ["g1"], "target": ["g3"], "part": ["train"]})
    pd.concat([known, test.assign(part="test")]).to_parquet(tmp_path / EDGES_FILE)
    return tmp_path


def test_a_saved_model_scores_exactly_as_the_one_in_memory(world, folder):
    inputs, split, head = world
    loaded = load_model(folder)
    before, after = (score_pairs(each, LabelFree(inputs), split.messages) for each in (head, loaded.head))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (loaded.head.config, loaded.head.names) == (head.config, head.names)
    assert (loaded.run_id, loaded.species, loaded.confidences) == ("r-1", "human", ("A", "B"))
    assert loaded.test_edges.to_numpy().tolist() == [["g1", "g5"], ["g2", "g9"]]


def test_a_blend_that_is_the_ranking_alone_comes_back(world, folder):
    _, _, head = world
    plain = replace(head, blend=type(head.blend)())
    save_head(folder, replace(load_model(folder), head=plain))
    assert load_model(folder).head.blend == plain.blend


def test_a_folder_without_its_edges_or_with_damaged_weights_is_refused(folder):
    weights = folder / HEAD_FOLDER / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-3] + b"xyz")
    with pytest.raises(InputError, match="is not the file"):
        load_model(folder)
    weights.write_bytes(whole)
    (folder / EDGES_FILE).unlink()
    with pytest.raises(InputError, match=r"no edges\.parquet"):
        load_model(folder)
