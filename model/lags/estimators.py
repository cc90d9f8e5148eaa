"""The estimates along a trajectory by name."""

from dataclasses import replace
from typing import Final, Literal

from model.lags.bootstrap import cross_correlation_lags
from model.lags.likelihood import likelihood_lags
from model.lags.trajectory_lags import Estimator

EstimatorName = Literal["likelihood", "cross-correlation", "attention"]
Preset = Literal["cpu", "gpu"]
PriorName = Literal["likelihood", "cross-correlation"]

DEFAULT: Final[EstimatorName] = "likelihood"


def estimator_named(
    name: EstimatorName, *, preset: Preset = "cpu", prior: PriorName = "likelihood"
) -> Estimator:
    """Return an estimate along a trajectory; preset and prior lag are of the attention model."""
    if name == "attention":
        # torch takes seconds to load, and the others do without
        from model.lags.attention import AttentionConfig, AttentionEstimator

        settings = AttentionConfig.gpu() if preset == "gpu" else AttentionConfig.cpu()
        return AttentionEstimator(replace(settings, prior=prior))
    return {"likelihood": likelihood_lags, "cross-correlation": cross_correlation_lags}[name]
