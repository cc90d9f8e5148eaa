import numpy as np
import pytest
import scipy.sparse as sp

from model.edges.context import SHIFT, levels_of
from model.metacells import Metacells

CONTEXTS = ("all", "a", "b")


def cells(seed: int = 0, *, labels: np.ndarray | None = None) -> Metacells:
    """Gene 0 and its peak are of context a, gene 1 and its peak of b; the other genes are alike."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(["a", "b"], 30)
    rna = rng.poisson(20, (60, 4))
    atac = rng.poisson(20, (60, 4))
    for counts in (rna, atac):
        counts[truth == "b", 0] = counts[truth == "a", 1] = 0
    return Metacells(
        sp.csr_matrix(rna), sp.csr_matrix(atac), truth if labels is None else labels, np.arange(60),
        np.ones(60, dtype=np.int64),
    )  # fmt: skip


def levels(metacells: Metacells):
    near = np.stack([np.arange(4), np.arange(4)])
    return levels_of(metacells, CONTEXTS, near_index=near, link_weight=np.ones(4, np.float32))


def test_a_pair_is_surer_where_both_ends_are_expressed_and_the_peak_is_open():
    shift = [levels(cells()).shift(number, np.array([0, 2, -1])) for number in range(3)]
    assert (shift[0] == 0).all()
    assert shift[1][0, 0] > 0.7 * SHIFT > 0 > -0.7 * SHIFT > shift[2][0, 0]
    assert shift[1][1, 1] < 0 < shift[2][1, 1]
    assert abs(shift[1][1, 3]) < 0.2 * SHIFT
    np.testing.assert_allclose(shift[1][2], shift[1][1], atol=0.2)  # an unseen regulator shifts nothing


def test_with_labels_shuffled_the_contexts_hardly_differ():
    rng = np.random.default_rng(3)
    told, shuffled = (
        levels(cells(labels=labels)).expression[1:]
        for labels in (None, rng.permutation(np.repeat(["a", "b"], 30)))
    )
    assert np.abs(shuffled).max() < 0.25 * np.abs(told).max()


@pytest.mark.parametrize("name", ["nowhere"])
def test_a_context_without_cells_is_like_all_cells(name):
    near = np.stack([np.arange(4), np.arange(4)])
    found = levels_of(cells(), ("all", name), near_index=near, link_weight=np.ones(4, np.float32))
    assert (found.shift(1, np.array([0])) == 0).all()
