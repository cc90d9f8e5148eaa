"""Attention along edges in one sweep on the processor; edges x metacells x d numbers are never stored.

The same numbers as the PyG path of `EdgeAttention`, its oracle in the tests, which serves other devices.
"""

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


class Edges(NamedTuple):
    """Edges by target and by source.

    Parameters
    ----------
    source
        Of each edge, (num_edges,), sorted by target.
    target
        Of each edge, (num_edges,).
    target_starts
        Where the edges of each target start, (num_targets + 1,).
    by_source
        Edges in the order of their sources, (num_edges,).
    source_starts
        Where the edges of each source start in `by_source`, (num_sources + 1,).
    """

    source: Integers
    target: Integers
    target_starts: Integers
    by_source: Integers
    source_starts: Integers

    @classmethod
    def of(cls, edge_index: Integers, *, num_sources: int, num_targets: int) -> "Edges":
        """Edges of a (2, num_edges) index source -> target, sorted by target."""
        source, target = np.ascontiguousarray(edge_index[0]), np.ascontiguousarray(edge_index[1])
        by_source, source_starts = _sort_by(source, num_sources)
        return cls(source, target, _starts(target, num_targets), by_source, source_starts)


class Distinct(NamedTuple):
    """Keys and values of the distinct tokens, (num_distinct, num_heads, width), and where each token is."""

    key: Floats
    value: Floats
    place: Integers


def _starts(sorted_ids: Integers, num_ids: int) -> Integers:
    starts = np.zeros(num_ids + 1, dtype=np.int64)
    np.cumsum(np.bincount(sorted_ids, minlength=num_ids), out=starts[1:])
    return starts


def _sort_by(ids: Integers, num_ids: int) -> tuple[Integers, Integers]:
    starts = _starts(ids, num_ids)
    order: Integers = _counting_sort(ids, starts.copy())
    return order, starts


@njit(cache=True)
def _counting_sort(ids: Integers, free: Integers) -> Integers:
    order = np.empty(ids.size, dtype=np.int64)
    for edge in range(ids.size):
        order[free[ids[edge]]] = edge
        free[ids[edge]] += 1
    return order


@njit(cache=True, parallel=True, fastmath={"contract", "reassoc", "nsz"})
def attend(query: Floats, tokens: Distinct, edges: Edges, bias: Floats, top_k: int) -> tuple[Floats, Floats]:
    """What each target receives, (num_targets, batch, num_heads, width), and the attention.

    Parameters
    ----------
    query
        (num_targets, batch, num_heads, width), already divided by the root of the width.
    bias
        Added to the logits, (num_edges, num_heads).
    top_k
        Edges that a target and head keep; 0 keeps all.
    """
    num_targets, batch, num_heads, _ = query.shape
    alpha = np.empty((edges.source.size, batch, num_heads), dtype=np.float32)
    received = np.zeros_like(query)
    for target in prange(num_targets):
        first, last = edges.target_starts[target], edges.target_starts[target + 1]
        for cell in range(batch):
            logits = alpha[first:last, cell]  # (edges of the target, num_heads)
            rows = tokens.place[:, cell]
            for edge in range(first, last):
                key = tokens.key[rows[edges.source[edge]]]
                _dots(query[target, cell], key, bias[edge], logits[edge - first])
            _softmax(logits, top_k)
            for edge in range(first, last):
                value = tokens.value[rows[edges.source[edge]]]
                _add_scaled(logits[edge - first], value, received[target, cell])
    return received, alpha


@njit(cache=True, parallel=True, fastmath={"contract", "reassoc", "nsz"})
def attend_backward(
    query: Floats, tokens: Distinct, edges: Edges, alpha: Floats, d_received: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Gradients of the query, the keys, the values and the bias."""
    num_targets, batch, num_heads, _ = query.shape
    d_logits = np.empty_like(alpha)
    d_query = np.zeros_like(query)
    zeros = np.zeros(num_heads, dtype=np.float32)
    for target in prange(num_targets):
        first, last = edges.target_starts[target], edges.target_starts[target + 1]
        for cell in range(batch):
            rows = tokens.place[:, cell]
            part = d_logits[first:last, cell]
            for edge in range(first, last):
                row = rows[edges.source[edge]]
                _dots(d_received[target, cell], tokens.value[row], zeros, part[edge - first])
            _softmax_backward(alpha[first:last, cell], part)
            for edge in range(first, last):
                row = rows[edges.source[edge]]
                _add_scaled(part[edge - first], tokens.key[row], d_query[target, cell])
    d_key, d_value = np.zeros_like(tokens.key), np.zeros_like(tokens.value)
    # a distinct token is of one source, so no two threads meet in a row
    for source in prange(edges.source_starts.size - 1):
        for place in range(edges.source_starts[source], edges.source_starts[source + 1]):
            edge = edges.by_source[place]
            target = edges.target[edge]
            for cell in range(batch):
                row = tokens.place[source, cell]
                _add_scaled(d_logits[edge, cell], query[target, cell], d_key[row])
                _add_scaled(alpha[edge, cell], d_received[target, cell], d_value[row])
    return d_query, d_key, d_value, d_logits.sum(axis=1)


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"})
def _dots(a: Floats, b: Floats, start: Floats, out: Floats) -> None:
    """Scalar product of each head, (num_heads, width) twice -> (num_heads,)."""
    for head in range(a.shape[0]):
        total = start[head]
        for column in range(a.shape[1]):
            total += a[head, column] * b[head, column]
        out[head] = total


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"})
def _add_scaled(scale: Floats, x: Floats, out: Floats) -> None:
    for head in range(x.shape[0]):
        for column in range(x.shape[1]):
            out[head, column] += scale[head] * x[head, column]


@njit(cache=True)
def _softmax(logits: Floats, top_k: int) -> None:
    """Of each column, in place; all but the top_k highest of a column become 0."""
    num_edges = logits.shape[0]
    for head in range(logits.shape[1] if num_edges else 0):
        column = logits[:, head]
        if 0 < top_k < num_edges:
            _drop_all_but(column, top_k)
        highest = column.max()
        total = np.float32(0)
        for edge in range(num_edges):
            column[edge] = np.exp(column[edge] - highest)
            total += column[edge]
        for edge in range(num_edges):
            column[edge] /= total


@njit(cache=True)
def _drop_all_but(column: Floats, top_k: int) -> None:
    """Set what is not among the top_k to -inf; of equal ones the first stay."""
    threshold = np.sort(column)[-top_k]
    num_ties = top_k - (column > threshold).sum()
    for edge in range(column.size):
        if column[edge] == threshold and num_ties > 0:
            num_ties -= 1
        elif column[edge] <= threshold:
            column[edge] = -np.inf


@njit(cache=True)
def _softmax_backward(alpha: Floats, gradient: Floats) -> None:
    """Gradient of the logits from that of the attention, in place; both (num_edges, num_heads)."""
    for head in range(alpha.shape[1]):
        mean = np.float32(0)
        for edge in range(alpha.shape[0]):
            mean += alpha[edge, head] * gradient[edge, head]
        for edge in range(alpha.shape[0]):
            gradient[edge, head] = alpha[edge, head] * (gradient[edge, head] - mean)
