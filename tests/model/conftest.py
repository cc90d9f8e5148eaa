"""Made neighbourhoods, metacells and a backbone for the gene-peak links."""

import numpy as np
import pytest
import scipy.sparse as sp

from model.data import Neighbourhoods
from model.epiaware.config import BackboneConfig
from model.epiaware.fitted import FittedBackbone
from model.epiaware.pooling import Pooled
from model.metacells import Metacells


def hoods_of(near_index, distance, peak_ids, *, contexts=("all",), num_genes=None) -> Neighbourhoods:
    """Neighbourhoods with candidates and nothing else."""
    near = np.asarray(near_index, dtype=np.int64).reshape(2, -1)
    num_genes = int(near[0].max(initial=-1)) + 1 if num_genes is None else num_genes
    ids = np.array([f"g{number}" for number in range(num_genes)], dtype=object)
    none, no_pairs = np.zeros(0, dtype=object), np.zeros((2, 0), dtype=np.int64)
    return Neighbourhoods(
        dataset={"species": "human", "assembly": "GRCh38"}, contexts=contexts, gene_ids=ids, symbols=ids,
        num_measured=num_genes, regulator_ids=none, regulator_symbols=none, tf_families=none,
        regulator_gene=no_pairs[0], peak_ids=np.asarray(peak_ids, dtype=object), near_index=near,
        near_distance=np.asarray(distance, dtype=np.float32), prior_index=no_pairs, prior_sign=no_pairs[0],
        detected=np.ones((len(contexts), num_genes), dtype=np.bool_),
        regulator_detected=np.zeros((len(contexts), 0), dtype=np.bool_),
    )  # fmt: skip


def metacells_of(rna, atac, labels=None) -> Metacells:
    """Metacells of one cell each."""
    number = len(rna)
    labels = np.full(number, "all") if labels is None else np.asarray(labels)
    counts = (sp.csr_matrix(np.asarray(each, dtype=np.float32)) for each in (rna, atac))
    return Metacells(*counts, labels, np.arange(number), np.ones(number, dtype=np.int64))


def backbone_of(attention) -> FittedBackbone:
    """A backbone of which only the attention is read, `(num_near,)` by context."""
    empty = np.zeros((0, 0), dtype=np.float32)
    contexts = {name: Pooled(empty, empty, np.float32(values)) for name, values in attention.items()}
    return FittedBackbone(BackboneConfig(), {}, contexts, (), held_out_nll=0.0, baseline_nll=0.0)


@pytest.fixture(scope="session")
def make_hoods():
    return hoods_of


@pytest.fixture(scope="session")
def make_metacells_of():
    return metacells_of


@pytest.fixture(scope="session")
def make_backbone():
    return backbone_of
