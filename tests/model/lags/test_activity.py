import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from graph.errors import InputError
from model.lags import gene_activity

ATAC = sparse.csr_matrix(np.array([[1, 0, 1], [0, 1, 1]]))


def test_activity_sums_the_weighted_peaks_of_each_gene():
    links = [[0, 0, 2], [0, 2, 1]]
    activity = gene_activity(ATAC, links, [0.5, 0.25, 2.0], num_genes=3)
    assert activity.toarray().tolist() == [[0.75, 0, 0], [0.25, 0, 2.0]]


@given(st.permutations(range(4)))
def test_the_order_of_links_does_not_matter(order):
    links, weights = np.array([[0, 0, 1, 1], [0, 1, 1, 2]]), np.array([1.0, 2.0, 3.0, 4.0])
    expected = gene_activity(ATAC, links, weights, num_genes=2).toarray()
    found = gene_activity(ATAC, links[:, order], weights[list(order)], num_genes=2).toarray()
    assert np.array_equal(found, expected)


def test_no_links_are_no_activity():
    assert gene_activity(ATAC, np.empty((2, 0), dtype=int), [], num_genes=2).nnz == 0


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        gene_activity(ATAC, [[0, 5], [0, 9]], [1.0, -1.0], num_genes=2)
    assert len(caught.value.faults) == 3


def test_a_weight_for_each_link_is_needed():
    with pytest.raises(InputError, match="weights"):
        gene_activity(ATAC, [[0], [0]], [1.0, 1.0], num_genes=2)
