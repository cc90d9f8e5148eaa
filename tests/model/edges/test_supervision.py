import numpy as np

from model.edges.folds import Dealing, split_edges
from model.edges.label_free import LabelFree
from model.edges.supervision import POSITIVE, supervise

NUM_REGULATORS, NUM_GENES = 40, 400


def dealt(edges: np.ndarray) -> Dealing:
    split = split_edges(edges, num_measured=NUM_GENES, test_rate=0.2, validation_rate=0.1, seed=0)
    none = np.full(NUM_REGULATORS, -1)
    return Dealing(split, none, num_measured=NUM_GENES, num_folds=5, negatives_per_positive=5, seed=0)


def test_every_training_edge_has_features_of_its_own_from_messages_without_it(grouped, inputs):
    dealing = dealt(grouped(0))
    pairs, known = supervise(dealing, LabelFree(inputs), schemes=("edge", "regulator"))
    place = {edge: number for number, edge in enumerate(map(tuple, dealing.split.train.T.tolist()))}
    assert sorted(map(tuple, known.edges.T.tolist())) == sorted(place)
    assert (pairs.kind == POSITIVE).sum() == 2 * len(place)
    fold = dealing.parts("edge")
    expected = [fold[place[edge]] for edge in map(tuple, known.edges.T.tolist())]
    np.testing.assert_array_equal(known.fold, expected)
    assert np.isfinite(pairs.features).all()


def test_a_hidden_regulator_has_no_known_target_in_its_features(grouped, inputs):
    dealing = dealt(grouped(0))
    pairs, _ = supervise(dealing, LabelFree(inputs), schemes=("edge", "regulator"))
    positives = pairs.features[pairs.kind == POSITIVE][dealing.split.train.shape[1] :]
    assert len(positives) == dealing.split.train.shape[1]
    assert (positives[:, pairs.names.index("log_out_degree")] == 0).all()
    assert (positives[:, pairs.names.index("has_targets")] == 0).all()
