"""Scores that any model must beat; all read training edges only, and none needs a model."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph.errors import InputError
from graph.validation.universe import Codes, Matrix, Universe

Scores = NDArray[np.float32]

BASELINES = ("random", "degree", "neighbourhood", "correlation")
IN_DEGREE_WEIGHT = 3.0


def random_scores(universe: Universe, *, seed: int) -> Scores:
    """Return uniform scores in [0, 1), ``(T, G)``."""
    return np.random.default_rng(seed).random(universe.shape, dtype=np.float32)


def degree_scores(universe: Universe, train: Codes) -> Scores:
    """Return ``log(1 + out-degree) + 3 log(1 + in-degree)`` on training edges, ``(T, G)``: who is famous."""
    known = universe.mask(train, "train")
    outward = np.log1p(known.sum(axis=1, dtype=np.float64))
    inward = np.log1p(known.sum(axis=0, dtype=np.float64))
    return np.asarray(outward[:, None] + IN_DEGREE_WEIGHT * inward, dtype=np.float32)


def neighbourhood_scores(universe: Universe, train: Codes) -> Scores:
    """Return how much the regulators that share targets with t regulate g, ``(T, G)``.

    Collaborative filtering: two regulators are as near as the cosine of their training targets, each weighted
    by the inverse of its in-degree, so that a target which everybody has says little. Without the cosine the
    regulators with the longest lists are near to all, which costs .025 of swap AUROC on DoRothEA A+B.

    References
    ----------
    Zhou et al. 2007, doi:10.1103/PhysRevE.76.046115 (inverse-popularity weights in bipartite projection)
    """
    known = sparse.csr_array(universe.mask(train, "train"), dtype=np.float64)
    popularity = np.maximum(known.sum(axis=0), 1)
    shared = ((known / popularity) @ known.T).toarray()  # (T, T)
    length = np.sqrt(np.maximum(np.diag(shared), np.finfo(np.float64).tiny))
    near = shared / length / length[:, None]
    np.fill_diagonal(near, 0)
    return np.asarray(near @ known, dtype=np.float32)


def correlation_scores(
    expression: Matrix, *, regulator_columns: NDArray[np.integer], target_columns: NDArray[np.integer]
) -> Scores:
    """Return |Pearson| of expression across metacells, ``(T, G)``, in [0, 1]; 0 for constant genes.

    Parameters
    ----------
    expression
        Normalised expression, ``(num_metacells, num_genes)``, dense and finite.
    regulator_columns, target_columns
        Column of each regulator ``(T,)`` and of each target ``(G,)``.

    Raises
    ------
    InputError
        There are fewer than three metacells, or a value is not finite.
    """
    if expression.ndim != 2 or len(expression) < 3 or not np.isfinite(expression).all():
        raise InputError(
            f"expected a finite matrix of at least three metacells x genes, found shape {expression.shape}",
            hint="make metacells of all cells, and leave out genes without a value",
        )
    unit = _unit_columns(np.asarray(expression, dtype=np.float64))
    correlation = unit[:, regulator_columns].T @ unit[:, target_columns]
    return np.minimum(np.abs(correlation), 1).astype(np.float32)


def membership_scores(
    universe: Universe, codes: Codes, weights: NDArray[np.floating] | None = None
) -> Scores:
    """Return another database, or a ChIP-seq set, as a network: weight of its pairs, 0 elsewhere, ``(T, G)``.

    Parameters
    ----------
    weights
        One positive weight a code, ``(num_pairs,)``; 1 without. A repeated code keeps the highest.

    Raises
    ------
    InputError
        A weight is not positive and finite, or their number is wrong.
    """
    codes = universe.checked(codes, "codes")
    values = np.ones(len(codes)) if weights is None else np.asarray(weights, dtype=np.float64)
    if values.shape != codes.shape or not np.all((values > 0) & np.isfinite(values)):
        raise InputError(f"expected {len(codes):,} positive, finite weights, one a pair")
    flat = np.zeros(universe.num_codes)
    np.maximum.at(flat, codes, values)
    return flat.reshape(universe.shape).astype(np.float32)


def _unit_columns(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = matrix - matrix.mean(axis=0)
    norm = np.linalg.norm(centred, axis=0)
    # A constant gene keeps a norm of rounding errors, which must not be scaled up to a correlation.
    floor = 1e-10 * np.maximum(np.linalg.norm(matrix, axis=0), 1e-300)
    unit = np.zeros(centred.shape)
    np.divide(centred, norm, out=unit, where=norm > floor)
    return unit
