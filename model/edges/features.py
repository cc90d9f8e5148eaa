"""What tells a true target from a famous one, computed from message edges only.

Structure is propagated over the edges of the training source (Rossi et al. 2020, arXiv:2004.11198: the
propagation is done once, before training); content compares embeddings of genes.
Every pair that supervises is absent from the messages that made its features (see `folds`).
"""

from typing import Final

import torch
from torch import Tensor

from model.geometric import SimpleConv, degree

STRUCTURE: Final = (
    "log_in_degree",
    "log_out_degree",
    "shared_targets",
    "shared_targets_lift",
    "shared_rare_targets",
    "shared_rarest_targets",
    "kin_share",
    "kin_lift",
)
CONTENT: Final = ("profile_of_targets", "similarity", "absolute_similarity")
FEATURES: Final = (*STRUCTURE, *CONTENT)
NOT_FAME: Final = tuple(
    FEATURES.index(name)
    for name in FEATURES
    if name not in {"log_in_degree", "log_out_degree", "shared_targets"}
)
"""Positions of the features that do not grow with how often a gene is listed."""

_SMOOTH = 1e-3
_SHRINK = 3.0
"""Targets' worth of the average gene that the profile of a regulator starts with."""


class Messages:
    """Propagation over one set of message edges.

    Parameters
    ----------
    edge_index
        `(2, num_edges)` regulator and gene; never a pair that is to be scored.
    kin_index
        `(2, num_kin)` ordered pairs of regulators of one DNA-binding family.
    num_regulators, num_genes
        Sizes of both sides; genes that the cells do not show count, they tell regulators apart.
    num_measured
        The first genes, those that are scored.
    """

    def __init__(
        self, edge_index: Tensor, kin_index: Tensor, *, num_regulators: int, num_genes: int, num_measured: int
    ) -> None:
        regulator, gene = edge_index
        self.num_regulators = num_regulators
        self.num_measured = num_measured
        self.out_degree = degree(regulator, num_regulators)  # (T,)
        self.in_degree = degree(gene, num_genes)  # (G,)
        one_hot = torch.eye(num_regulators)
        by_fame = self.in_degree.clamp(min=1).rsqrt()[gene]  # (num_edges,)
        to_gene = _propagate(one_hot, edge_index, by_fame, num_genes)  # (G, T)
        shared = _propagate(to_gene, edge_index.flip(0), by_fame, num_regulators)  # (T, T)
        shared.fill_diagonal_(0)
        scale = self.out_degree.clamp(min=1).rsqrt()
        alike = scale[:, None] * shared * scale[None, :]  # (T, T)
        kin = torch.zeros(num_regulators, num_regulators)
        kin[kin_index[0], kin_index[1]] = 1.0
        self._kin = kin / kin.sum(1, keepdim=True).clamp(min=1)
        self._alike = alike
        adjacency = _propagate(one_hot, edge_index, torch.ones_like(by_fame), num_genes)  # (G, T)
        self._adjacency = adjacency[:num_measured]

    def structure(self, regulators: Tensor) -> Tensor:
        """Return the structural features of some regulators against all measured genes.

        Parameters
        ----------
        regulators
            `(num_rows,)` positions.

        Returns
        -------
        Tensor
            `(num_rows, num_measured, len(STRUCTURE))`.
        """
        fame = self.in_degree[: self.num_measured]
        alike, targets = self._alike[regulators], self._adjacency.T  # (rows, T), (T, measured)
        shared = alike @ targets
        rare = alike @ (targets * fame.clamp(min=1).rsqrt())
        rarest = alike @ (targets / fame.clamp(min=1))
        expected = alike.sum(1, keepdim=True) * fame / self.in_degree.sum().clamp(min=1)
        kin_share = self._kin[regulators] @ targets
        base_rate = (fame + 1) / self.num_regulators
        shape = (len(regulators), self.num_measured)
        planes = (
            torch.log1p(fame).expand(shape),
            torch.log1p(self.out_degree[regulators])[:, None].expand(shape),
            torch.log(shared + _SMOOTH),
            torch.log((shared + 10 * _SMOOTH) / (expected + 10 * _SMOOTH)),
            torch.log(rare + _SMOOTH),
            torch.log(rarest + _SMOOTH),
            torch.log(kin_share + 20 * _SMOOTH),
            torch.log((kin_share + 20 * _SMOOTH) / (base_rate + 20 * _SMOOTH)),
        )
        return torch.stack(planes, dim=-1)

    def content(self, regulators: Tensor, z: Tensor, regulator_gene: Tensor) -> Tensor:
        """Return what embeddings say of some regulators against all measured genes.

        Parameters
        ----------
        regulators
            `(num_rows,)` positions.
        z
            `(num_measured, d)` embedding of the genes in one context.
        regulator_gene
            `(num_regulators,)` position among the measured genes, -1 for none: similarity 0.

        Returns
        -------
        Tensor
            `(num_rows, num_measured, len(CONTENT))`.
        """
        unit = torch.nn.functional.normalize(z - z.mean(0), dim=1)
        centroid = (self._adjacency[:, regulators].T @ unit) / (
            self._adjacency[:, regulators].sum(0)[:, None] + _SHRINK
        )  # (rows, d)
        gene = regulator_gene[regulators]
        own = torch.where(gene[:, None] >= 0, unit[gene], 0.0)  # (rows, d)
        similarity = own @ unit.T
        return torch.stack((centroid @ unit.T, similarity, similarity.abs()), dim=-1)


def _propagate(x: Tensor, edge_index: Tensor, edge_weight: Tensor, num_targets: int) -> Tensor:
    """Return the weighted sum of what the sources of the edges hold, `(num_targets, d)`."""
    targets = x.new_empty(num_targets, 0)
    summed: Tensor = SimpleConv(aggr="sum")((x, targets), edge_index, edge_weight)
    return summed
