"""How to train, where to resume, and what a pass came to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

# NamedTuples of tensors whose fields are the caller's own: Lightning moves them to the device
Batch = Any

# what Lightning and torch save: names, numbers and tensors
State = dict[str, Any]

Precision = Literal["32-true", "16-mixed", "bf16-mixed"]


class Batches(Protocol):
    """Batches of one pass; iterating again gives the next pass.

    For training on several devices, `shard(rank, num_ranks)` returns the batches of one of them, as many as
    of every other. For resuming, `state_dict` and `load_state_dict` carry what decides the passes to come.
    """

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
    devices
        Processes that train side by side, each on its share of every batch; their gradients are averaged.
    accumulate
        Batches whose gradients are averaged before a step.
    precision
        Lightning's name of it, such as 32-true or bf16-mixed.
    message
        What the progress says.
    """

    max_epochs: int
    learning_rate: float
    weight_decay: float = 1e-2
    patience: int = 5
    gradient_clip: float = 1.0
    accelerator: str = "cpu"
    devices: int = 1
    accumulate: int = 1
    precision: Precision = "32-true"
    message: str = "training"


@dataclass(frozen=True)
class ResumePoint:
    """Where a training leaves its state after every pass, to go on from when it was killed.

    Parameters
    ----------
    folder
        Made if it is not there.
    fingerprint
        Names the training: its data, settings and seed. One of another name is never gone on with.
    """

    folder: Path
    fingerprint: str

    @property
    def path(self) -> Path:
        """The file of the state."""
        return self.folder / f"{self.fingerprint}.ckpt"


@dataclass(frozen=True)
class Epoch:
    """Mean losses of one pass; `held_out` is None where nothing is held out."""

    train: float
    held_out: float | None
