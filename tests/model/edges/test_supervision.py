import numpy as np
import torch

from model.edges.features import CONTENT, FEATURES
from model.edges.folds import split_edges
from model.edges.supervision import POSITIVE, Regulators, supervise

NUM_REGULATORS, NUM_GENES = 10, 60
SIMILARITY = len(FEATURES) - len(CONTENT) + CONTENT.index("similarity")


def supervised():
    rng = np.random.default_rng(0)
    codes = np.sort(rng.choice(NUM_REGULATORS * NUM_GENES, 250, replace=False))
    edges = np.stack(np.divmod(codes, NUM_GENES)).astype(np.int64)
    split = split_edges(edges, num_measured=NUM_GENES, test_rate=0.2, validation_rate=0.1, seed=0)
    regulators = Regulators(
        gene=torch.arange(NUM_REGULATORS),
        kin_index=torch.zeros(2, 0, dtype=torch.long),
        num_genes=NUM_GENES,
    )
    silent = torch.zeros(NUM_GENES, 4)
    z = torch.stack([silent, torch.randn(NUM_GENES, 4, generator=torch.Generator().manual_seed(0))])
    pairs, known = supervise(split, regulators, z, num_folds=5, negatives_per_positive=5, seed=0)
    return split, pairs, known


def test_pairs_supervise_in_contexts_drawn_at_random():
    _, pairs, _ = supervised()
    in_the_silent_one = (pairs.features[:, SIMILARITY] == 0).float().mean()
    assert 0.4 < in_the_silent_one < 0.6


def test_every_training_edge_has_features_of_its_own_in_every_context():
    split, pairs, known = supervised()
    assert known.features.shape == (2, split.train.shape[1], len(FEATURES))
    assert (known.edges == split.train).all()
    assert (known.features[0, :, SIMILARITY] == 0).all()
    assert (known.features[1, :, SIMILARITY] != 0).all()
    assert torch.isfinite(known.features).all()
    assert (pairs.kind == POSITIVE).sum() == split.train.shape[1]
