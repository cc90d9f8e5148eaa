import numpy as np
import pytest
import scipy.sparse as sp

from model.epiaware.latent import latent_coordinates
from model.epiaware.tokens import Normalisation

NUM_PROGRAMMES = 5


def cells_of_programmes(num_cells, *, num_features, seed):
    """Counts that a few programmes, the same in every modality, drive."""
    activity = np.random.default_rng(0).normal(size=(num_cells, NUM_PROGRAMMES))
    generator = np.random.default_rng(seed)
    loadings = generator.normal(size=(NUM_PROGRAMMES, num_features))
    return sp.csr_matrix(generator.poisson(0.5 * np.exp(0.4 * activity @ loadings)))


def standardised(counts, norm):
    totals = np.asarray(counts.sum(axis=1), dtype=float)
    return norm.values(
        counts.toarray().astype(np.float32), totals=totals, features=np.arange(counts.shape[1])
    )


@pytest.mark.parametrize("num_cells", [1_000, 4_000])
def test_the_axes_span_the_leading_space_of_the_dense_values(num_cells):
    counts = [cells_of_programmes(num_cells, num_features=n, seed=n) for n in (150, 450)]
    norms = [Normalisation.fit(x) for x in counts]
    dense = [standardised(*pair) for pair in zip(counts, norms, strict=True)]
    both = np.hstack([z / np.linalg.norm(z) for z in dense])
    # the right singular vectors come from features x features, so that the test is quick
    right = np.linalg.eigh(both.T @ both)[1][:, ::-1][:, :NUM_PROGRAMMES]
    exact = np.linalg.qr(both @ right)[0]
    found = latent_coordinates(list(zip(counts, norms, strict=True)), rank=NUM_PROGRAMMES)
    for z, coordinates in zip(dense, found, strict=True):
        expected = z.T @ exact / num_cells**0.5
        cosines = np.linalg.svd(np.linalg.qr(coordinates)[0].T @ np.linalg.qr(expected)[0])[1]
        assert cosines.min() > 0.999
        np.testing.assert_allclose(
            np.linalg.norm(coordinates, axis=1), np.linalg.norm(expected, axis=1), rtol=0.01, atol=1e-3
        )


def test_the_same_seed_gives_the_same_coordinates_and_no_peaks_none():
    rna = cells_of_programmes(60, num_features=20, seed=1)
    none = sp.csr_matrix((60, 0))
    modalities = [(x, Normalisation.fit(x)) for x in (rna, none)]
    first, second = (latent_coordinates(modalities, rank=4, seed=1) for _ in range(2))
    assert (first[0] == second[0]).all()
    assert first[0].shape == (20, 4)
    assert first[1].shape == (0, 4)
