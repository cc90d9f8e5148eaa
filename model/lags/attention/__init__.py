"""Lags that change with the state of the cells: attention between chromatin and RNA along time."""

from model.lags.attention.config import AttentionConfig
from model.lags.attention.estimate import AttentionEstimator

__all__ = ["AttentionConfig", "AttentionEstimator"]
