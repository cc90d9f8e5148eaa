"""Lags between regulators, chromatin and targets, with signs that are tested."""

from model.lags.activity import gene_activity
from model.lags.chromatin import Depths, estimate_chromatin_lags
from model.lags.config import LagConfig
from model.lags.edges import estimate_edge_lags
from model.lags.results import EdgeLags, GeneLags, Lags, not_estimated

__all__ = [
    "Depths",
    "EdgeLags",
    "GeneLags",
    "LagConfig",
    "Lags",
    "estimate_chromatin_lags",
    "estimate_edge_lags",
    "gene_activity",
    "not_estimated",
]
