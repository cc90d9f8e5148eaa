"""What many genes tell about each other: weights of programs and of lags, learned over all of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

SPREADS = (0.04, 0.08, 0.16)
"""Standard deviations of the lags of a class of genes, in units of the whole of time."""
PASSES = 200


def log_mean(log_values: Floats, weights: Floats) -> Floats:
    """Return log sum_h w_h exp(l_h) over the first axis."""
    top = log_values.max(axis=0)
    total = np.tensordot(weights, np.exp(log_values - top), axes=1)
    found: Floats = top + np.log(np.maximum(total, np.finfo(np.float64).tiny))
    return found


def learn_weights(log_values: Floats, *, passes: int = PASSES) -> Floats:
    """Return the weights (H,) of classes with the likelihoods (H, G) that explain the genes best (EM)."""
    likelihood = np.exp(log_values - log_values.max(axis=0))
    weights = np.full(likelihood.shape[0], 1 / likelihood.shape[0])
    for _ in range(passes):
        share = weights[:, None] * likelihood
        weights = np.maximum((share / share.sum(axis=0)).mean(axis=1), 1e-9)
        weights /= weights.sum()
    return weights


def lag_classes(lags: Floats) -> Floats:
    """Return the distributions of lags that are mixed, shape (C, L): no lag, three normal ones, any lag."""
    classes = [np.isclose(lags, 0).astype(np.float64)]
    classes += [np.exp(-0.5 * (lags / spread) ** 2) for spread in SPREADS]
    classes.append(np.ones_like(lags))
    stacked = np.array(classes)
    distributions: Floats = stacked / stacked.sum(axis=1, keepdims=True)
    return distributions


@dataclass(frozen=True)
class Posterior:
    """What is known of the lags of G pairs.

    Parameters
    ----------
    lag, low, high
        Mean and central 95 % of the lag if the two are coupled, shape (G,).
    sign
        The more probable sign, shape (G,).
    false_sign
        Probability that there is no coupling, no lag, or one of the other sign, shape (G,).
    """

    lag: Floats
    low: Floats
    high: Floats
    sign: Floats
    false_sign: Floats

    @classmethod
    def from_likelihoods(cls, coupled: Floats, apart: Floats, lags: Floats) -> "Posterior":
        """Return the posterior under the mixture of classes that explains all pairs best.

        Parameters
        ----------
        coupled
            Log likelihood at each lag, shape (L, G).
        apart
            Log likelihood of two unrelated series, shape (G,).

        References
        ----------
        Stephens 2017, doi:10.1093/biostatistics/kxw041 (adaptive shrinkage, false sign rates).
        """
        classes = lag_classes(lags)
        top = np.maximum(coupled.max(axis=0), apart)
        scaled = np.exp(coupled - top)
        likelihood = np.vstack([np.exp(apart - top), classes @ scaled])  # (1 + C, G)
        weights = learn_weights(np.log(np.maximum(likelihood, np.finfo(np.float64).tiny)))
        joint = (weights[1:] @ classes)[:, None] * scaled  # (L, G)
        total = joint.sum(axis=0) + weights[0] * likelihood[0]
        total = np.maximum(total, np.finfo(np.float64).tiny)
        later, earlier = (joint[side].sum(axis=0) / total for side in (lags > 1e-9, lags < -1e-9))
        any_lag = classes[-1][:, None] * scaled + 1e-3 * joint
        given = any_lag / any_lag.sum(axis=0)
        low, high = (_quantile(given, lags, share) for share in (0.025, 0.975))
        return cls(
            lag=lags @ given,
            low=low,
            high=high,
            sign=np.where(later > earlier, 1.0, -1.0),
            false_sign=np.clip(1 - np.maximum(later, earlier), 0, 1),
        )


def _quantile(given: Floats, lags: Floats, share: float) -> Floats:
    found: Floats = lags[np.argmax(np.cumsum(given, axis=0) >= share - 1e-12, axis=0)]
    return found


def adaptive_fdr(p: Floats) -> Floats:
    """Return p values corrected by Benjamini-Hochberg times the share of true nulls that they show.

    References
    ----------
    Storey 2002, doi:10.1111/1467-9868.00346 (the share of p values above .8, over .2).
    """
    share = min(1.0, 5 * float((p > 0.8).mean()) + 1 / p.size)
    corrected: Floats = share * stats.false_discovery_control(p, method="bh")
    return corrected
