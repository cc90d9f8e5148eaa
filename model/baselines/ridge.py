"""Ridge regression of each target on regulator expression x its own accessibility, as Pando does."""

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from model.baselines.contract import Baseline, Cells, Given, Integers, Scores, no_source

Floats = npt.NDArray[np.float64]

PENALTY: Final = 1.0
"""Times the number of metacells: as much weight on small coefficients as on the fit of unit variance."""

CHUNK: Final = 256


def score(given: Given, _seed: int) -> Scores:
    """Return |coefficient| of each regulator for each target, regulators and targets in units of variance.

    The predictor of target g for regulator t is the expression of t times the accessibility of the candidate
    peaks of g. Motifs are not asked for, so that it works without any; a target that is a regulator is not
    explained by itself. Targets without a candidate peak have no coefficient.

    References
    ----------
    Fleck et al. 2023, doi:10.1038/s41586-022-05279-8
    """
    cells = given.cells
    x, y, a = _unit(cells.regulator_expression), _unit(cells.expression), target_accessibility(cells)
    scores = np.zeros(given.universe.shape, dtype=np.float32)
    regulators = np.flatnonzero(cells.regulator_target >= 0)
    own = cells.regulator_target[regulators]
    explained = np.setdiff1d(np.flatnonzero(a.any(axis=0)), own)
    for start in range(0, len(explained), CHUNK):
        part = explained[start : start + CHUNK]
        scores[:, part] = coefficients(x, y[:, part], a[:, part])
    for t, g in zip(regulators, own, strict=True):
        others = x.copy()
        others[:, t] = 0
        scores[:, g : g + 1] = coefficients(others, y[:, g : g + 1], a[:, g : g + 1])
    return np.abs(scores)


def coefficients(x: Floats, y: Floats, a: Floats) -> Floats:
    """Return the ridge coefficients of `y[:, g]` on `x * a[:, g]`, `(num_regulators, num_targets)`.

    Parameters
    ----------
    x, y, a
        `(num_metacells, num_regulators)`, and twice `(num_metacells, num_targets)`.
    """
    penalty = PENALTY * len(x)
    if len(x) <= x.shape[1]:  # as many equations as metacells
        kernel = (x @ x.T)[None] * (a.T[:, :, None] * a.T[:, None, :])  # (targets, metacells, metacells)
        kernel += penalty * np.eye(len(x))
        dual = np.linalg.solve(kernel, y.T[:, :, None])[:, :, 0]  # (targets, metacells)
        return np.asarray(x.T @ (dual.T * a))
    weighted = (a**2).T  # (targets, metacells)
    products = np.stack([x.T @ (w[:, None] * x) for w in weighted])
    products += penalty * np.eye(x.shape[1])
    return np.asarray(np.linalg.solve(products, (x.T @ (a * y)).T[:, :, None])[:, :, 0].T)


def target_accessibility(cells: Cells) -> Floats:
    """Return the accessibility of each target's candidate peaks over its mean, `(metacells, targets)`."""
    target, peak = cells.near_index
    num_targets = cells.expression.shape[1]
    shape = (cells.accessibility.shape[1], num_targets)
    near = sp.csc_array((np.ones(len(target)), (peak, target)), shape=shape)
    count = np.maximum(_counts(target, num_targets), 1)
    mean = (cells.accessibility @ near).toarray() / count
    level = mean.mean(axis=0)
    return np.asarray(np.divide(mean, level, out=np.zeros(mean.shape), where=level > 0))


def _counts(target: Integers, num_targets: int) -> Integers:
    return np.bincount(target, minlength=num_targets).astype(np.int64)


def _unit(values: Scores) -> Floats:
    centred = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
    spread = centred.std(axis=0)
    return np.asarray(np.divide(centred, spread, out=np.zeros(centred.shape), where=spread > 1e-6))


BASELINE = Baseline(name="ridge", score=score, learns=False, sources=no_source)
