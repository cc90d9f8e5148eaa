"""Multi-head attention over candidate edges: no token ever sees what is not its candidate."""

import torch
from torch import Tensor, nn

from model.geometric import MessagePassing, softmax


class EdgeAttention(MessagePassing):  # type: ignore[misc] # torch_geometric publishes no types
    """Scaled dot-product attention along `edge_index`, softmax per target and head.

    Tokens are (num_tokens, batch, d): one edge list serves all metacells of a batch.

    Parameters
    ----------
    d, num_heads
        Width of the tokens, and the heads that share it.
    top_k
        Candidates that a target and head keep, by logit; None keeps all.
    """

    def __init__(self, d: int, *, num_heads: int, top_k: int | None = None) -> None:
        super().__init__(aggr="add", node_dim=0, flow="source_to_target")
        self.num_heads = num_heads
        self.top_k = top_k
        self.query = nn.Linear(d, d)
        self.key = nn.Linear(d, d, bias=False)
        self.value = nn.Linear(d, d)
        self.out = nn.Linear(d, d)

    def forward(
        self, targets: Tensor, sources: Tensor, edge_index: Tensor, *, edge_bias: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """What each target receives, and the attention that says from whom.

        Parameters
        ----------
        targets, sources
            (num_targets, batch, d) and (num_sources, batch, d).
        edge_index
            (2, num_edges): source -> target.
        edge_bias
            Added to the logits, (num_edges, num_heads).

        Returns
        -------
        tuple
            (num_targets, batch, d), zero before the output layer where a target has no candidate; and
            (num_edges, batch, num_heads), which sums to one over the edges of a target.
        """
        query, key, value = (
            self._heads(x) for x in (self.query(targets), self.key(sources), self.value(sources))
        )
        logits = (query.index_select(0, edge_index[1]) * key.index_select(0, edge_index[0])).sum(-1)
        logits = logits / query.shape[-1] ** 0.5
        if edge_bias is not None:
            logits = logits + edge_bias[:, None, :]
        if self.top_k is not None:
            logits = keep_top_k(logits, edge_index[1], k=self.top_k)
        alpha = softmax(logits, edge_index[1], num_nodes=targets.shape[0], dim=0)
        size = (sources.shape[0], targets.shape[0])
        received = self.propagate(edge_index, value=(value, None), alpha=alpha, size=size)
        return self.out(received.flatten(2)), alpha  # (num_targets, batch, heads, d / heads) -> (..., d)

    def message(self, value_j: Tensor, alpha: Tensor) -> Tensor:
        """Values of the sources, weighted by the attention of the edge."""
        return value_j * alpha[..., None]

    def _heads(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:-1], self.num_heads, x.shape[-1] // self.num_heads)


def keep_top_k(logits: Tensor, index: Tensor, *, k: int) -> Tensor:
    """Logits with all but the k highest of each target set to -inf, by batch element and head.

    Parameters
    ----------
    logits
        (num_edges, batch, num_heads).
    index
        Target of each edge, (num_edges,), sorted.
    """
    if index.numel() == 0:
        return logits
    _, place, counts = torch.unique_consecutive(index, return_inverse=True, return_counts=True)
    width = int(counts.max())
    if width <= k:
        return logits
    slot = torch.arange(index.numel(), device=index.device) - (counts.cumsum(0) - counts)[place]
    padded = logits.new_full((counts.numel(), width, *logits.shape[1:]), -torch.inf)
    padded[place, slot] = logits.detach()
    kept = torch.zeros_like(padded, dtype=torch.bool).scatter_(1, padded.topk(k, dim=1).indices, True)  # noqa: FBT003 - scatter_ takes the value by position
    return logits.masked_fill(~kept[place, slot], -torch.inf)
