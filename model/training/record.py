"""What is kept of a training while it runs: the history, the best weights, and a state to resume from."""

from pathlib import Path

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from torch import Tensor

from graph.progress import Progress, silent
from model.training.loop import Loop, share_of
from model.training.plan import Batches, Epoch, ResumePoint, State, TrainingPlan


class Record(Callback):
    """Keeps the history and the best weights, stops when they no longer improve, tells the progress."""

    def __init__(
        self,
        loop: Loop,
        *,
        plan: TrainingPlan,
        batches: Batches,
        held_out: Batches | None,
        resume: ResumePoint | None,
    ) -> None:
        self.loop = loop
        self.plan = plan
        self.batches = batches
        self.held_out = held_out
        self.resume = resume
        self.progress: Progress = silent
        self.epochs: list[Epoch] = []
        self.best: dict[str, Tensor] | None = None
        self.best_loss = float("inf")
        self.best_epoch = 0
        self.generator_state: Tensor | None = None

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Keep the weights that training starts from: they win if no pass improves on them."""
        if self.generator_state is not None:
            torch.set_rng_state(self.generator_state)
        elif self.held_out is not None:
            self.loop.eval()
            with torch.no_grad(), trainer.precision_plugin.val_step_context():
                for batch in share_of(self.held_out):
                    pl_module.validation_step(trainer.strategy.batch_to_device(batch))
            self.loop.train()
            self._keep(self.loop.take_losses().held_out)

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Lightning calls this after the held-out pass of the epoch."""
        epoch = self.loop.take_losses()
        self.epochs.append(epoch)
        self._tell()
        if epoch.held_out is not None and epoch.held_out < self.best_loss:
            self._keep(epoch.held_out)
        elif epoch.held_out is not None and len(self.epochs) - self.best_epoch >= self.plan.patience:
            trainer.should_stop = True
        if self.resume is not None:
            self._save(trainer, self.resume.path)

    def state_dict(self) -> State:
        """What the checkpoint of Lightning carries of it."""
        carried: State = getattr(self.batches, "state_dict", dict)()
        return {
            "epochs": [(epoch.train, epoch.held_out) for epoch in self.epochs],
            "best": self.best,
            "best_loss": self.best_loss,
            "best_epoch": self.best_epoch,
            "generator_state": torch.get_rng_state(),
            "batches": carried,
        }

    def load_state_dict(self, state_dict: State) -> None:
        """Go on from there."""
        self.epochs = [Epoch(*losses) for losses in state_dict["epochs"]]
        self.best = state_dict["best"]
        self.best_loss = state_dict["best_loss"]
        self.best_epoch = state_dict["best_epoch"]
        self.generator_state = state_dict["generator_state"]
        if state_dict["batches"]:
            self.batches.load_state_dict(state_dict["batches"])  # type: ignore[attr-defined] # it gave them

    def restore(self) -> None:
        """Give the model its best weights."""
        if self.best is not None:
            self.loop.model.load_state_dict(self.best)

    def _keep(self, loss: float | None) -> None:
        self.best_loss, self.best_epoch = float("inf") if loss is None else loss, len(self.epochs)
        self.best = {name: value.detach().clone() for name, value in self.loop.model.state_dict().items()}

    def _save(self, trainer: lightning.Trainer, path: Path) -> None:
        """Whole or not at all: whoever kills the process finds the state before or after."""
        unfinished = path.with_suffix(".part")
        trainer.save_checkpoint(unfinished)
        if trainer.is_global_zero:
            unfinished.replace(path)

    def _tell(self) -> None:
        last = self.epochs[-1]
        loss = last.train if last.held_out is None else last.held_out
        self.progress(f"{self.plan.message}: loss {loss:.4f}", len(self.epochs) / self.plan.max_epochs)
