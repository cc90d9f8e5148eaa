import numpy as np
import pytest
import scipy.sparse as sp
import torch

from model.epiaware.ablation import CandidateSet
from model.epiaware.config import BackboneConfig
from model.epiaware.worth import BASELINE, REAL, candidates_worth, gains
from model.metacells import Metacells

CELLS, GENES = 160, 40
CONFIG = BackboneConfig(d=16, num_heads=2, num_neighbours=4, learning_rate=5e-3, max_epochs=12, patience=12)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_candidates_that_drive_their_genes_are_worth_more_than_any_others():
    generator = np.random.default_rng(0)
    openness = generator.normal(size=(CELLS, GENES))
    mean = np.exp(2 + 0.9 * openness)
    cells = Metacells(
        rna=sp.csr_matrix(generator.negative_binomial(8, 8 / (8 + mean))),
        atac=sp.csr_matrix(generator.poisson(np.exp(2 + openness))),
        labels=np.full(CELLS, "a"),
        membership=np.arange(CELLS),
        num_cells=np.ones(CELLS, dtype=np.int64),
    )
    real = CandidateSet(np.stack([np.arange(GENES)] * 2), np.full(GENES, 500))
    found = candidates_worth(real, cells, config=CONFIG, seeds=[1], progress=lambda *_: None)
    gained = gains(found)
    assert gained.pop(BASELINE) == 0
    best = gained.pop(REAL)
    assert best > 0.05
    assert len(gained) == 3
    assert max(gained.values()) < best / 2
