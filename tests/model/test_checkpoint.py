import numpy as np
import pytest
import torch

from graph.errors import ConflictError, InputError
from model.checkpoint import Checkpoint, load_backbone, load_checkpoint, save_backbone, save_checkpoint
from model.epiaware.config import BackboneConfig
from model.epiaware.fitted import FittedBackbone
from model.epiaware.pooling import Pooled
from model.training import Epoch

GENES, PEAKS = ["g1", "g2"], ["p1", "p2", "p3"]


@pytest.fixture
def backbone():
    generator = np.random.default_rng(0)

    def pooled():
        shapes = (2, 4), (3, 4), (5,)
        return Pooled(*(generator.random(shape, dtype=np.float32) for shape in shapes))

    return FittedBackbone(
        config=BackboneConfig(d=4, top_k=2),
        parameters={"a.b": torch.rand(3), "c": torch.rand(2, 2)},
        contexts={"K562": pooled(), "H1 / day 3": pooled(), "all": pooled()},
        history=(Epoch(1.5, 1.25), Epoch(1.1, None)),
        held_out_nll=1.2345678901234567,
        baseline_nll=1.3,
    )


def test_a_backbone_comes_back_exactly(backbone, tmp_path):
    save_backbone(tmp_path / "run", backbone, gene_ids=GENES, peak_ids=PEAKS)
    loaded = load_backbone(tmp_path / "run", gene_ids=GENES, peak_ids=PEAKS, config=backbone.config)
    assert (loaded.config, loaded.history) == (backbone.config, backbone.history)
    assert (loaded.held_out_nll, loaded.baseline_nll) == (backbone.held_out_nll, backbone.baseline_nll)
    assert list(loaded.contexts) == list(backbone.contexts)
    for name, pooled in backbone.contexts.items():
        for part, x in vars(pooled).items():
            assert (getattr(loaded.contexts[name], part) == x).all()
    assert loaded.parameters.keys() == backbone.parameters.keys()
    assert all(torch.equal(loaded.parameters[n], x) for n, x in backbone.parameters.items())


@pytest.mark.parametrize(
    ("genes", "peaks", "config", "message"),
    [
        (["g2", "g1"], PEAKS, None, "gene_id 0 is g1, expected g2"),
        (["g1"], PEAKS, None, "2 gene_ids, expected 1"),
        (GENES, ["p1", "p2", "x"], None, "peak_id 2 is p3"),
        (GENES, PEAKS, BackboneConfig(d=8, top_k=2), "d is 4, expected 8"),
    ],
)
def test_a_checkpoint_of_another_model_is_refused(backbone, tmp_path, genes, peaks, config, message):
    save_backbone(tmp_path, backbone, gene_ids=GENES, peak_ids=PEAKS)
    with pytest.raises(ConflictError, match=message):
        load_backbone(tmp_path, gene_ids=genes, peak_ids=peaks, config=config)


def test_a_checkpoint_of_another_release_is_refused(backbone, tmp_path):
    save_backbone(tmp_path, backbone, gene_ids=GENES, peak_ids=PEAKS, release="r1")
    load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS)
    load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS, release="r1")
    with pytest.raises(ConflictError, match="release r1, expected r2"):
        load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS, release="r2")


def test_another_kind_is_refused(tmp_path):
    save_checkpoint(tmp_path, Checkpoint("head", {}, {"gene_id": GENES}, {"w": torch.ones(2)}, {}))
    with pytest.raises(ConflictError, match="found head"):
        load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS)
    loaded = load_checkpoint(tmp_path, kind="head", names={"gene_id": GENES})
    assert torch.equal(loaded.tensors["w"], torch.ones(2))


def test_damaged_and_missing_files_are_refused(backbone, tmp_path):
    with pytest.raises(InputError, match=r"checkpoint\.json"):
        load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS)
    save_backbone(tmp_path, backbone, gene_ids=GENES, peak_ids=PEAKS)
    with (tmp_path / "weights.safetensors").open("ab") as file:
        file.write(b"x")
    with pytest.raises(InputError, match="is not the file"):
        load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS)
    (tmp_path / "checkpoint.json").write_text("{")
    with pytest.raises(InputError, match="not JSON"):
        load_backbone(tmp_path, gene_ids=GENES, peak_ids=PEAKS)


def test_identifiers_must_be_as_many_as_the_embeddings(backbone, tmp_path):
    with pytest.raises(InputError, match="3 gene_ids"):
        save_backbone(tmp_path, backbone, gene_ids=["a", "b", "c"], peak_ids=PEAKS)
