"""GRNBoost2's method on metacells: gradient boosting of each target on all regulators."""

from typing import Any, Final

import lightgbm
import numpy as np

from model.baselines.contract import Baseline, Given, Integers, Scores, no_source

NUM_ROUNDS: Final = 60
PARAMETERS: Final[dict[str, Any]] = {  # what LightGBM takes
    "objective": "regression",
    "learning_rate": 0.05,
    "max_depth": 3,
    "num_leaves": 8,
    "feature_fraction_bynode": 0.1,
    "bagging_fraction": 0.9,
    "bagging_freq": 1,
    "min_data_in_leaf": 5,
    "max_bin": 63,
    "force_col_wise": True,
    "num_threads": 1,
    "verbosity": -1,
    "deterministic": True,
}


def score(given: Given, seed: int) -> Scores:
    """Return the share of each target's explained variance (total gain) that a regulator brings, in [0, 1].

    As in GRNBoost2, trees are shallow, see a tenth of the regulators at each split and nine tenths of the
    samples; a target that is a regulator is not explained by itself. Shrinkage and rounds are fixed (0.05 and
    60) instead of stopped early out of bag, which needs more metacells than most data sets have.

    References
    ----------
    Moerman et al. 2019, doi:10.1093/bioinformatics/bty916
    """
    cells = given.cells
    x, y = cells.regulator_expression.astype(np.float64), cells.expression.astype(np.float64)
    spread = y.std(axis=0)
    scores = np.zeros(given.universe.shape, dtype=np.float32)
    own = {int(g): t for t, g in enumerate(cells.regulator_target) if g >= 0}
    parameters = {**PARAMETERS, "seed": seed}
    targets = np.flatnonzero(spread > 0)
    shared = np.array([g for g in targets if g not in own], dtype=np.int64)
    _explain(x, y, shared, scores=scores, parameters=parameters)
    for g in (g for g in targets if g in own):
        others = x.copy()
        others[:, own[int(g)]] = 0
        _explain(others, y, np.array([g]), scores=scores, parameters=parameters)
    return scores


def _explain(
    x: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    y: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    targets: Integers,
    *,
    scores: Scores,
    parameters: dict[str, Any],
) -> None:
    """Fill the columns of some targets; the regulators are binned once for all of them."""
    if not len(targets) or len(x) < 2 * PARAMETERS["min_data_in_leaf"]:
        return
    data = lightgbm.Dataset(x, label=y[:, targets[0]], params=parameters, free_raw_data=False).construct()
    if data.num_feature() == 0:
        return
    for g in targets:
        unit = (y[:, g] - y[:, g].mean()) / y[:, g].std()
        booster = lightgbm.Booster(params=parameters, train_set=data.set_label(unit))
        for _ in range(NUM_ROUNDS):
            if booster.update():
                break
        gain = booster.feature_importance("gain")
        scores[:, g] = gain / max(float(gain.sum()), np.finfo(np.float64).tiny)


BASELINE = Baseline(name="grnboost2", score=score, learns=False, sources=no_source)
