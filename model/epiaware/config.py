"""Settings of stage 1, saved with the weights."""

from dataclasses import dataclass
from typing import Literal, Self

from graph.errors import InputError


@dataclass(frozen=True)
class BackboneConfig:
    """Size, attention and training of the backbone; the defaults train a thousand cells in a minute.

    Parameters
    ----------
    d
        Width of a token; a multiple of `num_heads`.
    num_neighbours
        Genes that a gene attends to, itself included.
    top_k
        Peaks that a gene and head keep of its candidates, by logit; None keeps all.
    mask_rate
        Fraction of the genes that is hidden from the input of a batch, in (0, 1).
    batch
        Metacells of a mini-batch.
    stop_rate, held_out_rate
        Fractions of the metacells that decide when to stop, and that only the reported figures see.
    accelerator
        Where Lightning trains: cpu, gpu or auto.
    devices
        Processes that share every mini-batch between them and average their gradients.
    precision
        Lightning's name of it: 32-true, or bf16-mixed on a GPU.
    """

    d: int = 32
    num_blocks: int = 1
    num_heads: int = 4
    num_neighbours: int = 16
    top_k: int | None = None
    dropout: float = 0.1
    mask_rate: float = 0.15
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    batch: int = 8
    max_epochs: int = 12
    patience: int = 3
    stop_rate: float = 0.15
    held_out_rate: float = 0.15
    accelerator: str = "cpu"
    devices: int = 1
    precision: Literal["32-true", "16-mixed", "bf16-mixed"] = "32-true"

    def __post_init__(self) -> None:
        faults = [message for wrong, message in _checks(self) if wrong]
        if faults:
            raise InputError("the backbone's configuration does not fit together", faults=faults)

    @classmethod
    def cpu(cls) -> Self:
        """Two cores, about a minute."""
        return cls()

    @classmethod
    def paper(cls) -> Self:
        """The published settings (arXiv 2606.00685, appendix B); wants a GPU."""
        return cls(
            d=256,
            num_blocks=6,
            num_heads=8,
            num_neighbours=32,
            top_k=8,
            learning_rate=1e-4,
            batch=64,
            max_epochs=200,
            patience=10,
            accelerator="auto",
            precision="bf16-mixed",
        )


def _checks(config: BackboneConfig) -> list[tuple[bool, str]]:
    counts = {"num_blocks", "num_heads", "num_neighbours", "d", "batch", "max_epochs", "patience", "devices"}
    split = config.stop_rate + config.held_out_rate
    return [
        *((getattr(config, name) < 1, f"{name} must be at least 1") for name in sorted(counts)),
        (
            config.num_heads > 0 and config.d % config.num_heads != 0,
            f"d ({config.d}) must be a multiple of num_heads ({config.num_heads})",
        ),
        (config.top_k is not None and config.top_k < 1, "top_k must be at least 1, or None"),
        (not 0 < config.mask_rate < 1, f"mask_rate must lie in (0, 1), found {config.mask_rate}"),
        (not 0 <= config.dropout < 1, f"dropout must lie in [0, 1), found {config.dropout}"),
        (config.learning_rate <= 0, f"learning_rate must be positive, found {config.learning_rate}"),
        (config.weight_decay < 0, f"weight_decay must not be negative, found {config.weight_decay}"),
        (min(config.stop_rate, config.held_out_rate) <= 0, "stop_rate and held_out_rate must be positive"),
        (split >= 0.8, f"stop_rate + held_out_rate must leave a fifth to train on, found {split}"),
    ]
