"""Lags between regulators, chromatin and targets, with signs that are tested."""

from model.lags.activity import gene_activity
from model.lags.chromatin import Depths, estimate_chromatin_lags
from model.lags.config import LagConfig
from model.lags.edges import estimate_edge_lags
from model.lags.results import EdgeLags, GeneLags, Lags, not_estimated
from model.lags.trajectory import estimate_edge_trajectory_lags, estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import TrajectoryLags

__all__ = [
    "Depths",
    "EdgeLags",
    "GeneLags",
    "LagConfig",
    "Lags",
    "TrajectoryConfig",
    "TrajectoryLags",
    "estimate_chromatin_lags",
    "estimate_edge_lags",
    "estimate_edge_trajectory_lags",
    "estimate_trajectory_lags",
    "gene_activity",
    "not_estimated",
]
