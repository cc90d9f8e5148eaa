"""Context-level embeddings and attention: means over the metacells of a context."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from graph.progress import Progress, silent
from model.epiaware.backbone import Backbone
from model.epiaware.masking import Measurements
from model.epiaware.neighbours import AttentionGraph

EMBED_BATCH = 4
"""Metacells whose tokens are all in memory at once."""

ALL_CELLS = "all"
"""The context of all metacells."""


@dataclass(frozen=True)
class Pooled:
    """Means over the metacells of one context.

    Parameters
    ----------
    z
        Gene embeddings, (num_genes, d) float32.
    peaks
        Peak embeddings, (num_peaks, d) float32; zero for a peak that is no gene's candidate.
    link_weights
        Attention of each gene-peak candidate, mean over heads and metacells, (num_near,) float32 in [0, 1];
        it sums to one over the candidates of a gene. Attention is an association, not a cause.
    """

    z: NDArray[np.float32]
    peaks: NDArray[np.float32]
    link_weights: NDArray[np.float32]


def contexts_of(labels: NDArray[np.str_]) -> dict[str, NDArray[np.int64]]:
    """Metacells of each label, and all of them under `ALL_CELLS`."""
    contexts = {str(label): np.flatnonzero(labels == label) for label in np.unique(labels)}
    return contexts | {ALL_CELLS: np.arange(labels.size)}


def pool(
    model: Backbone,
    measurements: Measurements,
    graph: AttentionGraph,
    *,
    contexts: Mapping[str, NDArray[np.int64]],
    progress: Progress = silent,
) -> dict[str, Pooled]:
    """Means of each context over its metacells, all genes visible; one pass serves all contexts.

    Parameters
    ----------
    contexts
        Metacells of each context: any subsets, which may overlap; not empty.
    """
    model.eval()
    candidates = np.unique(graph.near_index[1])
    shapes = (graph.num_genes, model.width), (candidates.size, model.width), (graph.near_index.shape[1],)
    sums = {name: [torch.zeros(shape) for shape in shapes] for name in contexts}
    of_row = _contexts_by_row(contexts, num_rows=measurements.rna.shape[0])
    for row, states in _states(model, measurements, graph, progress=progress):
        for name in of_row[row]:
            for total, x in zip(sums[name], states, strict=True):
                total.add_(x, alpha=1 / contexts[name].size)
    return {name: _pooled(parts, candidates, graph) for name, parts in sums.items()}


def _contexts_by_row(contexts: Mapping[str, NDArray[np.int64]], *, num_rows: int) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(num_rows)]
    for name, rows in contexts.items():
        for row in rows.tolist():
            found[row].append(name)
    return found


def _states(
    model: Backbone, measurements: Measurements, graph: AttentionGraph, *, progress: Progress
) -> Iterator[tuple[int, list[torch.Tensor]]]:
    """Genes, peaks and mean attention over heads of each metacell."""
    num_metacells = measurements.rna.shape[0]
    everything = np.arange(graph.num_genes)
    field = graph.receptive_field(everything, num_blocks=len(model.blocks))
    for start in range(0, num_metacells, EMBED_BATCH):
        rows = np.arange(start, min(start + EMBED_BATCH, num_metacells))
        batch = measurements.batch(rows, targets=everything, field=field, hide=False)
        with torch.inference_mode():
            states = model(batch.inputs)
        for place, row in enumerate(rows.tolist()):
            peaks = states.peaks.x[states.peaks.place[:, place]]
            attention = states.link_attention[:, place].mean(-1)  # (num_near, heads) -> (num_near,)
            yield row, [states.genes[:, place], peaks, attention]
        progress("embedding the contexts", (start + rows.size) / num_metacells)


def _pooled(parts: list[torch.Tensor], candidates: NDArray[np.int64], graph: AttentionGraph) -> Pooled:
    z, candidate_peaks, weights = (part.numpy() for part in parts)
    peaks = np.zeros((graph.num_peaks, z.shape[1]), dtype=np.float32)
    peaks[candidates] = candidate_peaks
    return Pooled(z, peaks, weights)
