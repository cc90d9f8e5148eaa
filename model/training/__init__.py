"""One training loop for every model: Lightning, early stopping, the best weights kept, nothing printed."""

from model.training.fit import train
from model.training.plan import Batch, Batches, Epoch, Precision, ResumePoint, TrainingPlan

__all__ = ["Batch", "Batches", "Epoch", "Precision", "ResumePoint", "TrainingPlan", "train"]
