"""How much memory stage 2 takes, known before it starts."""

import numpy as np

from model.edges.features import BLOCK_BYTES
from model.edges.head import HeadConfig
from model.edges.inputs import PairInputs
from model.edges.label_free import KEPT_BYTES

FLOAT_BYTES = 4
MATRICES, RIDGES = 6, 3
"""Matrices (regulators x genes) that a structure keeps and makes in passing; ridges beside one a content."""
PLANES = 9
"""Readings, support, uncertainty and logits, each in parts and whole."""
BLOCK_COPIES = 3
"""A block of features, the columns of a reading, and what its members say of it."""
SUPERVISION_COPIES = 4
"""Features of supervising pairs in parts, whole, of one reading, and binned by the trees."""


def most_features(inputs: PairInputs) -> int:
    """Return how many features a pair has at most, the centred ones among them."""
    return 2 * (2 * len(inputs.sets) + 5 * len(inputs.contents) + len(inputs.kinships) + 24)


def foresee_memory(inputs: PairInputs, *, config: HeadConfig, num_train: int, num_contexts: int) -> int:
    """Return the bytes that fitting the head and scoring all pairs take on top of what is there.

    Parameters
    ----------
    num_train
        Training edges that end at measured genes.
    """
    plane = FLOAT_BYTES * inputs.num_regulators * inputs.num_measured
    all_genes = FLOAT_BYTES * inputs.num_regulators * inputs.num_genes
    num_features = most_features(inputs)
    kept = num_features // 4 * plane
    num_pairs = len(config.schemes) * num_train * (1 + 2 * config.negatives_per_positive)
    width = sum(each.genes.shape[1] for each in inputs.contents)
    parts = (
        kept if kept <= KEPT_BYTES else plane,
        MATRICES * all_genes + (len(inputs.contents) + RIDGES) * plane,
        FLOAT_BYTES * (3 * inputs.num_genes * width + 3 * width**2),
        SUPERVISION_COPIES * FLOAT_BYTES * num_pairs * num_features,
        BLOCK_COPIES * min(BLOCK_BYTES, plane * num_features),
        (PLANES + 3 * num_contexts) * plane,
    )
    return int(np.sum(parts, dtype=np.int64))
