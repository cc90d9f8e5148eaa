import numpy as np
import pytest

from graph.errors import InputError
from graph.validation.cutoffs import cutoff_table


def test_a_hand_worked_case():
    scores = np.array([[5.0, 4, 1], [3, 2, 9]])
    labels = np.array([[True, False, False], [True, False, True]])
    candidates = np.array([[True, True, True], [True, True, False]])
    table = cutoff_table(scores, labels, candidates, cuts=(3, 1, 50))
    assert table["num_edges"].tolist() == [1, 3, 5]
    assert table["hits"].tolist() == [1, 2, 2]
    assert table["precision"].tolist() == pytest.approx([1, 2 / 3, 2 / 5])
    assert table["recall"].tolist() == [0.5, 1, 1]
    assert table["num_regulators"].tolist() == [1, 2, 2]


def test_regulators_covered_are_the_mean_over_orders_of_ties():
    rng = np.random.default_rng(1)
    scores, candidates = rng.integers(3, size=(8, 5)).astype(float), rng.random((8, 5)) < 0.8
    labels = np.zeros((8, 5), dtype=bool)
    labels[0, np.flatnonzero(candidates[0])[0]] = True
    tied = cutoff_table(scores, labels, candidates, cuts=(4, 15))
    broken = [
        cutoff_table(scores + 1e-6 * rng.random((8, 5)), labels, candidates, cuts=(4, 15)) for _ in range(400)
    ]
    for column in ("num_regulators", "hits"):
        np.testing.assert_allclose(tied[column], np.mean([t[column] for t in broken], axis=0), atol=0.12)


def test_a_cut_below_1_is_refused():
    with pytest.raises(InputError, match="cuts of at least 1"):
        cutoff_table(np.ones((1, 1)), np.ones((1, 1), bool), np.ones((1, 1), bool), cuts=(0, 10))
