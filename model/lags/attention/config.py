"""Settings of the attention model."""

from dataclasses import dataclass
from typing import Literal, Self

from graph.errors import InputError

Prior = Literal["likelihood", "cross-correlation"]


@dataclass(frozen=True)
class AttentionConfig:
    """Size and training of the attention model; the defaults are those of a CPU.

    Parameters
    ----------
    d, num_heads, num_layers
        Width of a token, heads of both passes, layers of the first pass.
    d_gene
        Width of what is learned of each gene.
    num_components
        Principal components of RNA and of chromatin from which the state of the cells is read.
    batch
        Genes of a mini-batch: memory grows with it, not with the genes.
    warm_up_epochs, num_epochs
        Passes over all genes on the prior lag alone, and on reconstruction and prior.
    least_warm_up
        Fewest steps on the prior lag alone, for data of few batches.
    learning_rate
        Of Adam.
    prior
        Which estimate the lags start from and are drawn to: the course of the default estimate, or the
        largest |cross-correlation| in windows, as published.
    prior_weight
        Of the squared distance from the prior lag, in units of the whole of time, in the loss.
    max_lag
        Bound of a lag: the model's are ``max_lag * tanh(...)``.
    state
        Whether a lag may depend on the state of the cells; without, each gene has one.
    device
        Where torch computes.
    """

    d: int = 32
    num_heads: int = 2
    num_layers: int = 1
    d_gene: int = 16
    num_components: int = 6
    batch: int = 128
    warm_up_epochs: int = 60
    num_epochs: int = 20
    least_warm_up: int = 300
    learning_rate: float = 3e-3
    prior: Prior = "likelihood"
    prior_weight: float = 0.1
    max_lag: float = 0.5
    state: bool = True
    device: str = "cpu"

    def __post_init__(self) -> None:
        whole = ("d", "num_heads", "num_layers", "d_gene", "num_components", "batch", "num_epochs")
        values = {name: getattr(self, name) for name in whole}
        faults = [f"{name} is {value}, expected 1 or more" for name, value in values.items() if value < 1]
        if not faults and self.d % self.num_heads:
            faults.append(f"d is {self.d}, expected a multiple of the {self.num_heads} heads")
        if self.prior not in {"likelihood", "cross-correlation"}:
            faults.append(f"prior is {self.prior!r}, expected 'likelihood' or 'cross-correlation'")
        if not (0 < self.max_lag <= 0.5 and self.prior_weight >= 0 and self.learning_rate > 0):
            faults.append("max_lag, prior_weight or learning_rate is out of range")
        if faults:
            raise InputError("the attention model's settings do not fit together", faults=faults)

    @classmethod
    def cpu(cls) -> Self:
        """Two cores: 5,000 genes in minutes."""
        return cls()

    @classmethod
    def gpu(cls) -> Self:
        """The published width (d = 64, 4 heads, 2 layers) and large batches."""
        return cls(d=64, num_heads=4, num_layers=2, num_components=25, batch=2048, device="cuda")
