"""What Lightning runs: a step, a held-out step, and the share of the batches that this process takes."""

from collections.abc import Callable, Iterable, Iterator

import lightning
import torch
from torch import Tensor, nn

from graph.errors import InputError
from model.training.plan import Batch, Batches, Epoch, TrainingPlan


class Loop(lightning.LightningModule):
    """A model with its loss; remembers the losses of a pass."""

    def __init__(self, model: nn.Module, loss: Callable[[Batch], Tensor], *, plan: TrainingPlan) -> None:
        super().__init__()
        self.model = model
        self.loss = loss
        self.plan = plan
        self.train_losses: list[float] = []
        self.held_out_losses: list[float] = []

    def training_step(self, batch: Batch) -> Tensor:
        """Loss of a batch, which must be finite."""
        value = self.loss(batch)
        if not torch.isfinite(value):
            raise InputError(
                f"the training loss is {value.detach().item()} at epoch {self.current_epoch + 1}",
                hint="lower the learning rate, or look for NaN and negative numbers in the counts",
            )
        self.train_losses.append(float(value.detach()))
        return value

    def take_losses(self) -> Epoch:
        """Mean losses of all devices since they were last asked."""
        train, held_out = (_mean_of_all(losses) for losses in (self.train_losses, self.held_out_losses))
        found = Epoch(float("nan") if train is None else train, held_out)
        self.train_losses.clear()
        self.held_out_losses.clear()
        return found

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW, as planned."""
        return torch.optim.AdamW(
            self.parameters(), lr=self.plan.learning_rate, weight_decay=self.plan.weight_decay
        )


class WatchedLoop(Loop):
    """A class of its own, because Lightning warns of a validation step without anything held out."""

    def validation_step(self, batch: Batch) -> None:
        """Loss of a held-out batch."""
        self.held_out_losses.append(float(self.loss(batch)))


class Loader:
    """The share of this process. A class of its own, because Lightning takes a list for a list of loaders."""

    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def __iter__(self) -> Iterator[Batch]:
        return iter(share_of(self.batches))

    def __len__(self) -> int:
        return len(share_of(self.batches))


def share_of(batches: Batches) -> Batches:
    """What this process takes of the batches."""
    if not torch.distributed.is_initialized() or torch.distributed.get_world_size() == 1:
        return batches
    if not hasattr(batches, "shard"):
        raise InputError("these batches cannot be shared between devices", hint="train on one device")
    shared: Batches = batches.shard(torch.distributed.get_rank(), torch.distributed.get_world_size())
    return shared


def _mean_of_all(losses: Iterable[float]) -> float | None:
    """Mean over all devices; None if there are none."""
    values = list(losses)
    sums = torch.tensor([sum(values), len(values)], dtype=torch.float64)
    if torch.distributed.is_initialized():
        torch.distributed.all_reduce(sums)
    return float(sums[0] / sums[1]) if sums[1] else None
