"""Pairs whose lag turns: one sign early, the other late."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from model.lags.learned import LearnedPrograms, Likelihoods, blocks
from model.lags.mixture import lag_classes, learn_weights, log_mean
from model.lags.paired import PairedSeries

Floats = NDArray[np.float64]

SIZES = (0.06, 0.12, 0.18, 0.24, 0.3)
"""Of the lag before and after it turns, in units of the whole of time."""
TURNS_AT = (0.35, 0.5, 0.65)
"""When it may turn."""
WIDTH = 0.04
"""How long the turn takes."""
MOST_TURN = 0.5
"""Mean probability of a turn above which the order of the cells is bent, and not the lag of some genes."""


def turning_lags() -> Floats:
    """Return the lag before, the lag after and the time of every turn that is tried, shape (T, 3)."""
    tried = product((1, -1), SIZES, SIZES, TURNS_AT)
    return np.array([(sign * early, -sign * late, at) for sign, early, late, at in tried])


def turning_probability(learned: LearnedPrograms, series: PairedSeries, whole: Likelihoods) -> Floats:
    """Return the probability that the lag of each pair turns its sign, shape (U,).

    The follower is the leader's program at ``t - lag(t)``, with a lag of one sign early and of the other late
    (`turning_lags`), against one lag for the whole of time, and no coupling. How common each of them is, and
    when and how far lags turn, is learned over all pairs: where few turn, one must be sure.

    Parameters
    ----------
    whole
        Likelihoods of a steady lag.
    """
    turns = turning_lags()
    kinds = np.stack([turns[:, 2], np.abs(turns[:, :2]).mean(axis=1).round(3)], axis=1)
    kind = np.unique(kinds, axis=0, return_inverse=True)[1].reshape(-1)
    turned = _likelihoods(learned, series, turns)  # (T, U)
    top = np.maximum(np.maximum(whole.coupled.max(axis=0), whole.apart), turned.max(axis=0))
    rising = np.exp(turned - top)
    of_kinds = np.stack([rising[kind == each].mean(axis=0) for each in range(kind.max() + 1)])
    steady = lag_classes(learned.lags) @ np.exp(whole.coupled - top)
    likelihood = np.vstack([np.exp(whole.apart - top), steady, of_kinds])
    weights = learn_weights(np.log(np.maximum(likelihood, np.finfo(np.float64).tiny)))
    joint = weights[:, None] * likelihood
    found: Floats = joint[-len(of_kinds) :].sum(axis=0) / joint.sum(axis=0)
    return found


def find_biphasic(probability: Floats, *, coupled_fdr: Floats, level: float) -> NDArray[np.bool_]:
    """Return as many of the likeliest pairs as keep the mean probability of a false call below `level`.

    Only pairs whose coupling is called (`coupled_fdr` below the level) are called, and none where most pairs
    seem to turn: a pseudotime taken from the RNA is stretched by the RNA's noise at its ends, and every gene
    of such data turns (.78 of those of A549 cells along a pseudotime).

    References
    ----------
    Efron 2008, doi:10.1214/07-STS236 (local and tail-area false discovery rates).
    """
    if probability.mean() > MOST_TURN:
        return np.zeros(probability.size, dtype=np.bool_)
    doubt = np.where(coupled_fdr < level, 1 - probability, 1.0)
    order = np.argsort(doubt, kind="stable")
    mean = np.cumsum(doubt[order]) / np.arange(1, doubt.size + 1)
    called = np.zeros(doubt.size, dtype=np.bool_)
    called[order[: int((mean <= level).sum())]] = True
    return called


def _likelihoods(learned: LearnedPrograms, series: PairedSeries, turns: Floats) -> Floats:
    """Return the log likelihood of each turn, programs averaged out, shape (T, U)."""
    late = 1 / (1 + np.exp(-(series.times - turns[:, 2:]) / WIDTH))  # (T, K)
    read_at = series.times - (turns[:, :1] + late * (turns[:, 1:2] - turns[:, :1]))
    factors = [learned.frame.warped(program, read_at) for program in learned.programs]
    found = np.empty((len(turns), series.leaders.shape[1]))
    for pairs in blocks(found.shape[1]):
        seen = learned.frame.read(series.leaders[:, pairs], series.followers[:, pairs])
        each = np.stack([factor.log_likelihood(seen)[:-1] for factor in factors])
        found[:, pairs] = log_mean(each.astype(np.float64), learned.coupled)
    return found
