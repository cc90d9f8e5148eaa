"""Gene embeddings without a trained backbone: principal components of the expression."""

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from graph.errors import InputError


def pca_embeddings(expression: NDArray[np.float32], *, dimensions: int, seed: int) -> NDArray[np.float32]:
    """Return the principal components of the genes, `(num_targets, min(dimensions, rank))`.

    Genes are the observations, metacells the variables.

    Parameters
    ----------
    expression
        log(1 + counts per 10,000), `(num_metacells, num_targets)`.
    dimensions
        Components asked for, 1 or more. A direction in which the genes do not differ is none.

    Raises
    ------
    InputError
        No component is asked for, a value is not finite, or no gene differs from another.

    References
    ----------
    Halko et al. 2011, doi:10.1137/090771806
    """
    if dimensions < 1:
        raise InputError(f"dimensions: expected 1 or more, found {dimensions}")
    if not np.isfinite(expression).all():
        raise InputError("expression: expected finite numbers, found NaN or infinity")
    if (expression == expression[:, :1]).all():
        raise InputError(
            f"expression {expression.shape}: no gene differs from another in any metacell",
            hint="give metacells x genes, of two genes at least",
        )
    genes = np.asarray(expression.T, dtype=np.float64)
    num_components = min(dimensions, *genes.shape)
    pca = PCA(num_components, svd_solver="randomized", random_state=seed)
    embeddings = pca.fit_transform(genes)
    noise = pca.singular_values_[0] * max(genes.shape) * np.finfo(np.float64).eps
    return np.asarray(embeddings[:, pca.singular_values_ > noise], dtype=np.float32)
