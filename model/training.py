"""One training loop for every model: Lightning, early stopping, the best weights kept, nothing printed."""

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from torch import Tensor, nn

from graph.errors import InputError
from graph.progress import Progress, silent

# NamedTuples of tensors whose fields are the caller's own: Lightning moves them to the device
Batch = Any


class Batches(Protocol):
    """Batches of one pass; iterating again gives the next pass."""

    def __iter__(self) -> Iterator[Batch]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class TrainingPlan:
    """How to train.

    Parameters
    ----------
    max_epochs
        Passes over the batches.
    patience
        Passes without a better held-out loss after which training stops.
    gradient_clip
        Norm that gradients are cut to.
    accelerator
        cpu, gpu or auto.
    message
        What the progress says.
    """

    max_epochs: int
    learning_rate: float
    weight_decay: float = 1e-2
    patience: int = 5
    gradient_clip: float = 1.0
    accelerator: str = "cpu"
    message: str = "training"


@dataclass(frozen=True)
class Epoch:
    """Mean losses of one pass; `held_out` is None where nothing is held out."""

    train: float
    held_out: float | None


def train(
    model: nn.Module,
    loss: Callable[[Batch], Tensor],
    *,
    batches: Batches,
    held_out: Batches | None = None,
    plan: TrainingPlan,
    progress: Progress = silent,
) -> tuple[Epoch, ...]:
    """The losses of each pass; leaves `model` with the weights of the best (without `held_out`, the last).

    Parameters
    ----------
    loss
        Mean loss of a batch; it calls `model`.
    held_out
        Batches that decide when to stop, scored before the first and after every pass.

    Raises
    ------
    InputError
        The loss is no longer finite.
    """
    loop = (_Loop if held_out is None else _WatchedLoop)(model, loss, plan=plan)
    record = _Record(loop, plan=plan, progress=progress)
    with _quiet_lightning():
        trainer = lightning.Trainer(
            max_epochs=plan.max_epochs,
            accelerator=plan.accelerator,
            devices=1,
            callbacks=[record],
            gradient_clip_val=plan.gradient_clip,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        watched = None if held_out is None else _Loader(held_out)
        if watched is not None:
            trainer.validate(loop, dataloaders=watched, verbose=False)
            record.start()
        trainer.fit(loop, train_dataloaders=_Loader(batches), val_dataloaders=watched)
    record.restore()
    model.cpu().eval()
    return tuple(record.epochs)


@contextmanager
def _quiet_lightning() -> Iterator[None]:
    """Lightning says which devices it found and how to subscribe; the progress says what matters."""
    loggers = [logging.getLogger(name) for name in ("lightning.pytorch", "lightning.fabric", "lightning")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            # lightning 2.6 builds torch.utils._pytree.LeafSpec, deprecated in torch, for every data loader
            warnings.filterwarnings("ignore", message=".*LeafSpec", category=FutureWarning)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class _Loop(lightning.LightningModule):
    def __init__(self, model: nn.Module, loss: Callable[[Batch], Tensor], *, plan: TrainingPlan) -> None:
        super().__init__()
        self.model = model
        self.loss = loss
        self.plan = plan
        self.train_losses: list[float] = []
        self.held_out_losses: list[float] = []

    def training_step(self, batch: Batch) -> Tensor:
        value = self.loss(batch)
        if not torch.isfinite(value):
            raise InputError(
                f"the training loss is {value.detach().item()} at epoch {self.current_epoch + 1}",
                hint="lower the learning rate, or look for NaN and negative numbers in the counts",
            )
        self.train_losses.append(float(value.detach()))
        return value

    def take_held_out(self) -> float | None:
        """Mean of the held-out losses since it was last asked; None if there are none."""
        found = _mean(self.held_out_losses) if self.held_out_losses else None
        self.held_out_losses.clear()
        return found

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(
            self.parameters(), lr=self.plan.learning_rate, weight_decay=self.plan.weight_decay
        )


class _WatchedLoop(_Loop):
    """A class of its own, because Lightning warns of a validation step without anything held out."""

    def validation_step(self, batch: Batch) -> None:
        self.held_out_losses.append(float(self.loss(batch)))


class _Loader:
    """Lightning takes a list for a list of loaders."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def __iter__(self) -> Iterator[Batch]:
        return iter(self.batches)

    def __len__(self) -> int:
        return len(self.batches)


class _Record(Callback):
    """Keeps the history and the best weights, stops when they no longer improve, tells the progress."""

    def __init__(self, loop: _Loop, *, plan: TrainingPlan, progress: Progress) -> None:
        self.loop = loop
        self.plan = plan
        self.progress = progress
        self.epochs: list[Epoch] = []
        self.best: dict[str, Tensor] | None = None
        self.best_loss = float("inf")
        self.best_epoch = 0

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Lightning calls this after the held-out pass of the epoch."""
        held_out = self.loop.take_held_out()
        self.epochs.append(Epoch(_mean(self.loop.train_losses), held_out))
        self.loop.train_losses.clear()
        self._tell()
        if held_out is not None and held_out < self.best_loss:
            self._keep(held_out)
        elif held_out is not None and len(self.epochs) - self.best_epoch >= self.plan.patience:
            trainer.should_stop = True

    def start(self) -> None:
        """Keep the weights that training starts from: they win if no pass improves on them."""
        loss = self.loop.take_held_out()
        if loss is not None:
            self._keep(loss)

    def restore(self) -> None:
        if self.best is not None:
            self.loop.model.load_state_dict(self.best)

    def _keep(self, loss: float) -> None:
        self.best_loss, self.best_epoch = loss, len(self.epochs)
        self.best = {name: value.detach().clone() for name, value in self.loop.model.state_dict().items()}

    def _tell(self) -> None:
        last = self.epochs[-1]
        loss = last.train if last.held_out is None else last.held_out
        self.progress(f"{self.plan.message}: loss {loss:.4f}", len(self.epochs) / self.plan.max_epochs)


def _mean(losses: Iterable[float]) -> float:
    values = list(losses)
    return sum(values) / len(values)
