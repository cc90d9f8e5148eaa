"""The estimates along a trajectory by name."""

from typing import Final, Literal

from model.lags.bootstrap import cross_correlation_lags
from model.lags.likelihood import likelihood_lags
from model.lags.trajectory_lags import Estimator

EstimatorName = Literal["likelihood", "cross-correlation", "attention"]
Preset = Literal["cpu", "gpu"]

DEFAULT: Final[EstimatorName] = "likelihood"


def estimator_named(name: EstimatorName, *, preset: Preset = "cpu") -> Estimator:
    """Return an estimate along a trajectory; the preset is of the attention model."""
    if name == "attention":
        # torch takes seconds to load, and the others do without
        from model.lags.attention import AttentionConfig, AttentionEstimator

        return AttentionEstimator(AttentionConfig.gpu() if preset == "gpu" else AttentionConfig.cpu())
    return {"likelihood": likelihood_lags, "cross-correlation": cross_correlation_lags}[name]
