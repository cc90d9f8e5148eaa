"""|Pearson| and |Spearman| of regulator and target over metacells."""

import numpy as np
from scipy.stats import rankdata

from graph.validation.baselines import correlation_scores
from model.baselines.contract import Baseline, Given, Scores, Signs, no_source
from model.coexpression import pearson_sign


def pearson(given: Given, _seed: int) -> Scores:
    """Return |Pearson r|, in [0, 1]; 0 for a regulator that the cells do not show."""
    return _correlation(given, given.cells.expression)


def spearman(given: Given, _seed: int) -> Scores:
    """Return |Spearman rho|, in [0, 1]; ties have their mean rank."""
    return _correlation(given, rankdata(given.cells.expression, axis=0))


def signs(given: Given) -> Signs:
    """Return the sign of each Pearson r beyond chance (p < .001), else 0."""
    cells = given.cells
    x, y = cells.regulator_expression.astype(np.float64), cells.expression.astype(np.float64)
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    norm = np.outer(np.linalg.norm(x, axis=0), np.linalg.norm(y, axis=0))
    r = np.divide(x.T @ y, norm, out=np.zeros(norm.shape), where=norm > 1e-9)
    return pearson_sign(r.astype(np.float32), num_metacells=len(y))


def _correlation(given: Given, values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Scores:
    place = given.cells.regulator_target
    scores = correlation_scores(
        values, regulator_columns=np.maximum(place, 0), target_columns=np.arange(values.shape[1])
    )
    scores[place < 0] = 0
    return scores


PEARSON = Baseline(name="pearson", score=pearson, learns=False, sources=no_source, signs=signs)
SPEARMAN = Baseline(name="spearman", score=spearman, learns=False, sources=no_source, signs=signs)
