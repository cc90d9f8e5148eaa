"""Multi-head attention over candidate edges: no token ever sees what is not its candidate."""

from typing import Any

import numba
import torch
from torch import Tensor, nn

from model.epiaware.kernels import Distinct, Edges, attend, attend_backward
from model.epiaware.tokens import Tokens
from model.geometric import MessagePassing, softmax


class EdgeAttention(MessagePassing):  # type: ignore[misc] # torch_geometric publishes no types
    """Scaled dot-product attention along `edge_index`, softmax per target and head.

    One edge list serves all metacells of a batch. On the processor it runs in one sweep (`kernels`),
    elsewhere as message passing; the two give the same numbers.

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
        self, targets: Tensor, sources: Tokens, edge_index: Tensor, *, edge_bias: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """What each target receives, and the attention that says from whom.

        Parameters
        ----------
        targets
            (num_targets, batch, d).
        sources
            num_sources tokens of the same metacells.
        edge_index
            (2, num_edges): source -> target, sorted by target.
        edge_bias
            Added to the logits, (num_edges, num_heads).

        Returns
        -------
        tuple
            (num_targets, batch, d), zero before the output layer where a target has no candidate; and
            (num_edges, batch, num_heads), which sums to one over the edges of a target; it has no gradient.
        """
        query, key, value = (
            self._heads(x) for x in (self.query(targets), self.key(sources.x), self.value(sources.x))
        )
        query = query / query.shape[-1] ** 0.5
        if edge_bias is None:
            edge_bias = query.new_zeros(edge_index.shape[1], self.num_heads)
        swept = query.device.type == "cpu" and query.dtype == torch.float32
        attend_edges = self._sweep if swept else self._pass_messages
        received, alpha = attend_edges(
            query, (key, value), place=sources.place, edge_index=edge_index, bias=edge_bias
        )
        return self.out(received.flatten(2)), alpha  # (num_targets, batch, heads, d / heads) -> (..., d)

    def _sweep(
        self,
        query: Tensor,
        sources: tuple[Tensor, Tensor],
        *,
        place: Tensor,
        edge_index: Tensor,
        bias: Tensor,
    ) -> tuple[Tensor, Tensor]:
        received, alpha = _Sweep.apply(query, *sources, bias, place, edge_index, self.top_k or 0)
        return received, alpha

    def _pass_messages(
        self,
        query: Tensor,
        sources: tuple[Tensor, Tensor],
        *,
        place: Tensor,
        edge_index: Tensor,
        bias: Tensor,
    ) -> tuple[Tensor, Tensor]:
        key, value = (x[place] for x in sources)  # (num_sources, batch, heads, d / heads)
        logits = (query.index_select(0, edge_index[1]) * key.index_select(0, edge_index[0])).sum(-1)
        logits = logits + bias[:, None, :]
        if self.top_k is not None:
            logits = keep_top_k(logits, edge_index[1], k=self.top_k)
        alpha = softmax(logits, edge_index[1], num_nodes=query.shape[0], dim=0)
        size = (value.shape[0], query.shape[0])
        received: Tensor = self.propagate(edge_index, value=(value, None), alpha=alpha, size=size)
        return received, alpha.detach()

    def message(self, value_j: Tensor, alpha: Tensor) -> Tensor:
        """Values of the sources, weighted by the attention of the edge."""
        return value_j * alpha[..., None]

    def _heads(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:-1], self.num_heads, x.shape[-1] // self.num_heads)


class _Sweep(torch.autograd.Function):
    """`kernels.attend` with its gradient."""

    @staticmethod
    def forward(ctx: Any, *tensors: Any) -> tuple[Tensor, Tensor]:  # noqa: ANN401 - as torch declares it
        query, key, value, bias, place, edge_index, top_k = tensors
        _use_threads_of_torch()
        edges = Edges.of(edge_index.numpy(), num_sources=place.shape[0], num_targets=query.shape[0])
        query, *rest = (x.detach().contiguous() for x in (query, key, value, place, bias))
        tokens = Distinct(*(x.numpy() for x in rest[:3]))
        received, alpha = (
            torch.from_numpy(x) for x in attend(query.numpy(), tokens, edges, rest[3].numpy(), top_k)
        )
        ctx.edges = edges
        ctx.save_for_backward(query, *rest[:3], alpha)
        ctx.mark_non_differentiable(alpha)
        return received, alpha

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401 - as above
        _use_threads_of_torch()
        query, key, value, place, alpha = (x.numpy() for x in ctx.saved_tensors)
        received = gradients[0].contiguous().numpy()
        found = attend_backward(query, Distinct(key, value, place), ctx.edges, alpha, received)
        return (*(torch.from_numpy(x) for x in found), None, None, None)


def _use_threads_of_torch() -> None:
    """As many threads for the kernels as for torch.

    Both set the number of OpenMP, so that numba would undo what torch was told, and sums would change.
    """
    num_threads = torch.get_num_threads()
    most = int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined] # set from the environment
    numba.set_num_threads(min(num_threads, most))
    torch.set_num_threads(num_threads)


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
