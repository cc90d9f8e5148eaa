"""The published checks on cells whose lags are known, of the published model and of ours."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.lags.attention.config import AttentionConfig
from model.lags.attention.fit import fit_attention
from model.lags.attention.prior import prior_lags
from model.lags.chromatin import Depths
from model.lags.likelihood import series_lags
from model.lags.paired import Paired, PairedSeries
from model.lags.published.components import Components
from model.lags.published.fit import fit_published, published_prior
from model.lags.published.network import PublishedConfig
from model.lags.simulate import Trajectory
from model.lags.trajectory_config import TrajectoryConfig

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

HELD_OUT = 0.2


@dataclass(frozen=True)
class Concordance:
    """What the published checks say of one model.

    Parameters
    ----------
    model
        Its name.
    training
        Spearman correlation over components or genes of the learned lag with its own prior (LCS).
    held_out
        The same on cells that training did not see, with the prior computed anew on these.
    without_state
        LCS of the model whose lag may not depend on the state of the cells; NaN if not asked.
    state_p
        Kolmogorov-Smirnov p value that the spread of lags along time is the same with and without the state.
    truth
        Spearman correlation with the lags that were put in; NaN for components, which have none.
    """

    model: str
    training: float
    held_out: float
    without_state: float
    state_p: float
    truth: float


def lag_concordance(lag: Floats, prior: Floats) -> float:
    """Return the Spearman correlation of mean lags with mean prior lags, 0 if one of them is constant.

    Parameters
    ----------
    lag, prior
        By cell or bin, and component or gene, shape (N, C).
    """
    first, second = lag.mean(axis=0), prior.mean(axis=0)
    varies = min(np.ptp(first), np.ptp(second)) > 0
    return float(stats.spearmanr(first, second)[0]) if varies else 0.0


def hold_out(time: Floats, *, seed: int, share: float = HELD_OUT) -> tuple[Indices, Indices]:
    """Return cells to train on and cells held out, `share` of every stretch of time."""
    every = round(1 / share)
    order = np.argsort(time, kind="stable")
    rng = np.random.default_rng(seed)
    stretch = np.arange(time.size) // every
    chosen = rng.integers(every, size=stretch[-1] + 1)
    is_held = np.arange(time.size) % every == chosen[stretch]
    return np.sort(order[~is_held]), np.sort(order[is_held])


def state_p(with_state: Floats, without: Floats) -> float:
    """Return the KS p value that lags (N, C) spread along time alike with and without the state."""
    return float(stats.ks_2samp(with_state.std(axis=0), without.std(axis=0)).pvalue)


def check_published(
    cells: Trajectory, *, settings: PublishedConfig, config: TrajectoryConfig, seed: int
) -> tuple[Concordance, ...]:
    """Return the checks of the published model, its symmetric twin, and the twin with the prior in its loss.

    Components, scales and training are of the training cells alone.
    """
    train, held = hold_out(cells.time, seed=seed)
    loadings = Components.from_counts(
        cells.rna[train], cells.activity[train], num_components=settings.num_components, seed=seed
    )
    seen, unseen = (loadings.read(cells.rna[part], cells.activity[part]) for part in (train, held))
    settings = replace(settings, num_components=seen.shape[1] // 2)
    prior = published_prior(seen, cells.time[train], config=config)
    held_prior = published_prior(unseen, cells.time[held], config=config)
    twin = replace(settings, is_asymmetric=False, prior_weight=0.0)
    variants = {
        "published": settings,
        "symmetric twin, no prior in its loss": twin,
        "symmetric twin, same loss": replace(twin, prior_weight=settings.prior_weight),
    }
    told = []
    for name, each in variants.items():
        fitted = fit_published(seen, prior, config=each, seed=seed)
        lag, nan = fitted.lags(seen), float("nan")
        without, ks = nan, nan
        if name == "published":
            steady = fit_published(seen, prior, config=replace(each, state=False), seed=seed).lags(seen)
            without, ks = lag_concordance(steady, prior), state_p(lag, steady)
        held_out = lag_concordance(fitted.lags(unseen), held_prior)
        told.append(Concordance(name, lag_concordance(lag, prior), held_out, without, ks, nan))
    return tuple(told)


def check_ours(
    cells: Trajectory, *, settings: AttentionConfig, config: TrajectoryConfig, seed: int
) -> Concordance:
    """Return the checks of our attention model; nothing of the held-out cells reaches its training."""
    train, held = hold_out(cells.time, seed=seed)
    paired = Paired.of_genes(cells.rna, cells.activity, cells.time, config=config, depths=Depths())
    seen, unseen = (paired.series(num_bins=config.num_bins, cells=part) for part in (train, held))
    prior, held_prior = (_prior(each, settings, config=config, seed=seed) for each in (seen, unseen))
    fitted = fit_attention(seen, prior, config=settings, seed=seed)
    steady = fit_attention(seen, prior, config=replace(settings, state=False), seed=seed).course(seen)
    course = fitted.course(seen)
    return Concordance(
        model=f"ours, prior: {settings.prior}",
        training=lag_concordance(course, prior),
        held_out=lag_concordance(fitted.course(unseen), held_prior),
        without_state=lag_concordance(steady, prior),
        state_p=state_p(course, steady),
        truth=float(stats.spearmanr(course.mean(axis=0), cells.lag[paired.usable])[0]),
    )


def _prior(series: PairedSeries, settings: AttentionConfig, *, config: TrajectoryConfig, seed: int) -> Floats:
    default = series_lags(series, config=config, seed=seed)
    return prior_lags(series, settings.prior, default=default, config=config)
