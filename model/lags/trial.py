"""A trial of the estimate on simulated cells whose lags are known."""

from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
from scipy import stats

from model.lags.likelihood import likelihood_lags
from model.lags.pseudotime import diffusion_pseudotime
from model.lags.results import Lags, not_estimated
from model.lags.simulate import Recovery, Trajectory, TrajectoryDesign, recovery, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_lags import Estimator

NUM_ROOTS = 20


@dataclass(frozen=True)
class Trial:
    """What a trial came to.

    Parameters
    ----------
    recovery
        The figures.
    time_correlation
        Spearman correlation of the time that was used with the true one, 0 without an order.
    obstacle
        Why no lag was estimated, empty if some were.
    """

    recovery: Recovery
    time_correlation: float
    obstacle: str


def try_lags(
    design: TrajectoryDesign, *, seed: int, estimated_time: bool, estimator: Estimator = likelihood_lags
) -> Trial:
    """Return how well lags are recovered from cells of known or of estimated time.

    An estimated time starts from the twenty cells that are truly first. `false_calls` is of a second
    simulation of the same design in which every gene is coupled with a lag of 0.
    """
    cells = simulate_trajectory(design, seed=seed)
    without = simulate_trajectory(replace(design, max_lag=0.0), seed=seed + 1_000_003)
    given: _Given = {"seed": seed, "estimated_time": estimated_time, "estimator": estimator}
    lags, correlation, obstacle = _estimate(cells, **given)
    no_lags, _, _ = _estimate(without, **given)
    return Trial(recovery(lags, cells.lag, without_lag=no_lags), correlation, obstacle)


class _Given(TypedDict):
    seed: int
    estimated_time: bool
    estimator: Estimator


def _estimate(
    cells: Trajectory, *, seed: int, estimated_time: bool, estimator: Estimator
) -> tuple[Lags, float, str]:
    time, obstacle = cells.time, ""
    if estimated_time:
        first = np.argsort(cells.time)[:NUM_ROOTS]
        found = diffusion_pseudotime(cells.rna, root=first, seed=seed)
        time, obstacle = found.time, found.obstacle
    if obstacle:
        return not_estimated(cells.lag.size, reason=obstacle, unit="pseudotime"), 0.0, obstacle
    lags = estimate_trajectory_lags(cells.rna, cells.activity, time, seed=seed, estimator=estimator)
    reason = "" if lags.tested.any() else str(lags.reason[0])
    return lags, float(stats.spearmanr(time, cells.time)[0]), reason
