"""A trained backbone: embeddings, links and figures, without the counts that they came from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from graph.errors import NotFoundError
from model.epiaware.config import BackboneConfig
from model.epiaware.pooling import ALL_CELLS, Pooled
from model.training import Epoch


@dataclass(frozen=True)
class FittedBackbone:
    """What stage 1 hands on.

    Parameters
    ----------
    parameters
        State of the network by name.
    contexts
        Pooled states of each context, and of all metacells under "all".
    history
        Mean negative log likelihood of each pass.
    held_out_nll, baseline_nll
        Mean negative log likelihood of a hidden count, in nats, of the backbone and of gene mean x library
        size with fitted dispersion, on the same metacells, which neither trained nor stopped the training;
        every gene is hidden once.
    """

    config: BackboneConfig
    parameters: Mapping[str, Tensor]
    contexts: Mapping[str, Pooled]
    history: tuple[Epoch, ...]
    held_out_nll: float
    baseline_nll: float

    def embed(self, label: str | None = None) -> NDArray[np.float32]:
        """Gene embeddings of a context, (num_genes, d) float32; None pools all metacells.

        Raises
        ------
        NotFoundError
            The backbone was not fitted on such a context.
        """
        return self._pooled(label).z

    @property
    def peak_embeddings(self) -> NDArray[np.float32]:
        """Peak embeddings over all metacells, (num_peaks, d) float32; zero for nobody's candidate."""
        return self._pooled(None).peaks

    def link_weights(self, label: str | None = None) -> NDArray[np.float32]:
        """Attention of each gene-peak candidate, (num_near,) float32; sums to one over those of a gene.

        Raises
        ------
        NotFoundError
            The backbone was not fitted on such a context.
        """
        return self._pooled(label).link_weights

    def _pooled(self, label: str | None) -> Pooled:
        name = ALL_CELLS if label is None else label
        if name not in self.contexts:
            raise NotFoundError(
                f"no context {name!r} in this backbone", hint=f"it has {', '.join(sorted(self.contexts))}"
            )
        return self.contexts[name]
