import numpy as np
import pytest
import scipy.sparse as sp

from graph.errors import InputError
from model.metacells import joint_embedding, make_metacells, metacell_size


@pytest.fixture(scope="module")
def cells():
    generator = np.random.default_rng(0)
    labels = np.array(["a"] * 60 + ["b"] * 45 + ["c"] * 3)
    rate = np.where(labels == "a", 1.0, 2.0)[:, None]
    rna = sp.csr_matrix(generator.poisson(rate, (108, 30)))
    atac = sp.csr_matrix(generator.poisson(rate / 4, (108, 50)))
    return rna, atac, labels


def test_metacells_sum_to_the_counts_of_their_cells(cells):
    rna, atac, labels = cells
    metacells = make_metacells(rna, atac, labels=labels)
    for row in range(metacells.num_cells.size):
        members = metacells.membership == row
        assert metacells.num_cells[row] == members.sum()
        assert (metacells.rna[row].toarray()[0] == rna.toarray()[members].sum(0)).all()
        assert (metacells.atac[row].toarray()[0] == atac.toarray()[members].sum(0)).all()


def test_metacells_never_mix_labels(cells):
    rna, atac, labels = cells
    metacells = make_metacells(rna, atac, labels=labels)
    assert (metacells.labels[metacells.membership] == labels).all()


@pytest.mark.parametrize("cells_each", [1, 7, 10])
def test_metacells_are_of_about_the_size_asked(cells, cells_each):
    rna, atac, labels = cells
    metacells = make_metacells(rna, atac, labels=labels, cells_each=cells_each)
    for label in ("a", "b"):
        sizes = metacells.num_cells[metacells.labels == label]
        assert np.ptp(sizes) <= 1
        assert abs(sizes.mean() - cells_each) < 2


def test_the_same_cells_give_the_same_metacells(cells):
    rna, atac, labels = cells
    first, second = (make_metacells(rna, atac, labels=labels, seed=3) for _ in range(2))
    assert (first.membership == second.membership).all()


def test_like_cells_share_metacells():
    generator = np.random.default_rng(1)
    kind = np.repeat([0, 1], 40)
    rna = sp.csr_matrix(generator.poisson(np.where(np.arange(40) % 2 == kind[:, None], 6, 1)))
    atac = sp.csr_matrix(generator.poisson(np.where(np.arange(60) % 2 == kind[:, None], 3, 0.5)))
    metacells = make_metacells(rna, atac)
    mixed = [len(set(kind[metacells.membership == row])) for row in range(metacells.num_cells.size)]
    assert mixed == [1] * 8


def test_cells_without_atac_are_grouped_by_rna(cells):
    rna, _, labels = cells
    metacells = make_metacells(rna, sp.csr_matrix((108, 0), dtype=np.int64), labels=labels)
    assert metacells.rna.sum() == rna.sum()
    assert metacells.atac.shape == (metacells.num_cells.size, 0)


def test_the_arguments_are_left_alone(cells):
    rna, atac, labels = cells
    before = rna.copy(), atac.copy()
    joint_embedding(rna, atac)
    make_metacells(rna, atac, labels=labels)
    assert (rna != before[0]).nnz == 0
    assert (atac != before[1]).nnz == 0


def test_matrices_of_different_cells_are_refused(cells):
    rna, atac, labels = cells
    with pytest.raises(InputError, match="same cells"):
        make_metacells(rna, atac[:10], labels=labels)
    with pytest.raises(InputError, match="cells_each"):
        make_metacells(rna, atac, labels=labels, cells_each=0)


@pytest.mark.parametrize(("num_cells", "size"), [(1, 1), (40, 1), (60, 2), (299, 9), (300, 10), (10_000, 10)])
def test_small_data_get_smaller_metacells_so_that_thirty_are_left(num_cells, size):
    assert metacell_size(num_cells) == size
    assert metacell_size(num_cells, at_most=5) == min(size, 5)
