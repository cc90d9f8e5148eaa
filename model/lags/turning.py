"""Pairs whose lag turns: one sign early, the other late."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Turning:
    """What is known of turns of U pairs.

    Parameters
    ----------
    probability
        That the lag turns its sign, shape (U,).
    course
        Lag in each bin if it does, shape (K, U).
    """

    probability: Floats
    course: Floats

    @property
    def is_bent(self) -> bool:
        """Whether most pairs seem to turn, so that it is the order of the cells that is bent."""
        return bool(self.probability.mean() > MOST_TURN)

    def mean_course(self, steady: Floats) -> Floats:
        """Return the mean lag in each bin, shape (K, U), of pairs whose lag is `steady` (U,) or turns.

        The steady lag alone where most pairs seem to turn (`find_biphasic`).
        """
        probability = np.zeros_like(steady) if self.is_bent else self.probability
        mean: Floats = (1 - probability) * steady + probability * self.course
        return mean


def find_turning(learned: LearnedPrograms, series: PairedSeries, whole: Likelihoods) -> Turning:
    """Return the probability that the lag of each pair turns its sign, and its lag along time if it does.

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
    courses = _courses(turns, series.times)  # (T, K)
    turned = _likelihoods(learned, series, courses)  # (T, U)
    top = np.maximum(np.maximum(whole.coupled.max(axis=0), whole.apart), turned.max(axis=0))
    rising = np.exp(turned - top)
    of_kinds = np.stack([rising[kind == each].mean(axis=0) for each in range(kind.max() + 1)])
    steady = lag_classes(learned.lags) @ np.exp(whole.coupled - top)
    likelihood = np.vstack([np.exp(whole.apart - top), steady, of_kinds])
    weights = learn_weights(np.log(np.maximum(likelihood, np.finfo(np.float64).tiny)))
    joint = weights[:, None] * likelihood
    share = np.bincount(kind)
    each = (weights[-len(of_kinds) :] / share)[kind][:, None] * rising  # (T, U)
    return Turning(
        probability=joint[-len(of_kinds) :].sum(axis=0) / joint.sum(axis=0),
        course=courses.T @ each / np.maximum(each.sum(axis=0), np.finfo(np.float64).tiny),
    )


def find_biphasic(turning: Turning, *, coupled_fdr: Floats, level: float) -> NDArray[np.bool_]:
    """Return as many of the likeliest pairs as keep the mean probability of a false call below `level`.

    Only pairs whose coupling is called (`coupled_fdr` below the level) are called, and none where most pairs
    seem to turn: a pseudotime taken from the RNA is stretched by the RNA's noise at its ends, and every gene
    of such data turns (.78 of those of A549 cells along a pseudotime).

    References
    ----------
    Efron 2008, doi:10.1214/07-STS236 (local and tail-area false discovery rates).
    """
    if turning.is_bent:
        return np.zeros(coupled_fdr.size, dtype=np.bool_)
    doubt = np.where(coupled_fdr < level, 1 - turning.probability, 1.0)
    order = np.argsort(doubt, kind="stable")
    mean = np.cumsum(doubt[order]) / np.arange(1, doubt.size + 1)
    called = np.zeros(doubt.size, dtype=np.bool_)
    called[order[: int((mean <= level).sum())]] = True
    return called


def _courses(turns: Floats, times: Floats) -> Floats:
    """Return the lag of each turn in each bin, shape (T, K)."""
    late = 1 / (1 + np.exp(-(times - turns[:, 2:]) / WIDTH))
    courses: Floats = turns[:, :1] + late * (turns[:, 1:2] - turns[:, :1])
    return courses


def _likelihoods(learned: LearnedPrograms, series: PairedSeries, courses: Floats) -> Floats:
    """Return the log likelihood of each course (T, K) of the lag, programs averaged out, shape (T, U)."""
    factors = [learned.frame.warped(program, series.times - courses) for program in learned.programs]
    found = np.empty((len(courses), series.leaders.shape[1]))
    for pairs in blocks(found.shape[1]):
        seen = learned.frame.read(series.leaders[:, pairs], series.followers[:, pairs])
        each = np.stack([factor.log_likelihood(seen)[:-1] for factor in factors])
        found[:, pairs] = log_mean(each.astype(np.float64), learned.coupled)
    return found
