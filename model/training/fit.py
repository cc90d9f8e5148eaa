"""Train a model under Lightning, from the start or from where it was killed."""

import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import lightning
import torch
from torch import Tensor, nn

from graph.progress import Progress, silent
from model.training.loop import Loader, Loop, WatchedLoop
from model.training.plan import Batch, Batches, Epoch, ResumePoint, State, TrainingPlan
from model.training.record import Record


def train(
    model: nn.Module,
    loss: Callable[[Batch], Tensor],
    *,
    batches: Batches,
    held_out: Batches | None = None,
    plan: TrainingPlan,
    progress: Progress = silent,
    resume: ResumePoint | None = None,
) -> tuple[Epoch, ...]:
    """The losses of each pass; leaves `model` with the weights of the best (without `held_out`, the last).

    Parameters
    ----------
    loss
        Mean loss of a batch; it calls `model`.
    held_out
        Batches that decide when to stop, scored before the first and after every pass.
    resume
        Goes on from what a killed training left there, to the same losses and weights; None starts anew.
        Nothing is left there in the end.

    Raises
    ------
    InputError
        The loss is no longer finite.
    """
    with tempfile.TemporaryDirectory() as scratch:
        if resume is None and plan.devices > 1:  # the way back from the processes
            resume = ResumePoint(Path(scratch), "training")
        loop = (Loop if held_out is None else WatchedLoop)(model, loss, plan=plan)
        record = Record(loop, plan=plan, batches=batches, held_out=held_out, resume=resume)
        record.progress = progress if plan.devices == 1 else silent
        _fit(loop, record)
        if resume is not None and plan.devices > 1:
            _bring_back(loop, record, torch.load(resume.path, weights_only=True))
    record.restore()
    model.cpu().eval()
    if resume is not None:
        resume.path.unlink(missing_ok=True)
    return tuple(record.epochs)


def _fit(loop: Loop, record: Record) -> None:
    plan, resume = loop.plan, record.resume
    if resume is not None:
        resume.folder.mkdir(parents=True, exist_ok=True)
    begun = resume is not None and resume.path.is_file()
    with _quiet_lightning():
        trainer = lightning.Trainer(
            max_epochs=plan.max_epochs,
            accelerator=plan.accelerator,
            devices=plan.devices,
            strategy="auto" if plan.devices == 1 else "ddp_spawn",
            precision=plan.precision,
            accumulate_grad_batches=plan.accumulate,
            callbacks=[record],
            gradient_clip_val=plan.gradient_clip,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        trainer.fit(
            loop,
            train_dataloaders=Loader(record.batches),
            val_dataloaders=None if record.held_out is None else Loader(record.held_out),
            ckpt_path=resume.path if resume is not None and begun else None,
            weights_only=True,
        )


def _bring_back(loop: Loop, record: Record, state: State) -> None:
    """Read what the processes left."""
    loop.load_state_dict(state["state_dict"])
    record.load_state_dict(state["callbacks"][record.state_key])


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
