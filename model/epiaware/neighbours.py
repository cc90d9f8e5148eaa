"""Who attends to whom: nearest genes in the latent space, and what a few genes need of all tokens."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from torch import Tensor

EXACT_BELOW = 10_000
"""Genes up to which the nearest ones are searched exactly."""

CLUSTER_SIZE, NUM_PROBES = 128, 40
"""Mean size of a cluster of genes, and the clusters that the approximate search looks into."""


class BlockField(NamedTuple):
    """What one block computes; all positions are local to the block's inputs and outputs.

    Parameters
    ----------
    kept_genes, kept_peaks
        Where the block's output genes (peaks) are among its input genes (peaks).
    gene_edges
        (2, num_gene_edges): input gene -> output gene, sorted by output gene.
    near_edges
        (2, num_near_edges): peak -> output gene, sorted by gene.
    near_rows
        Row of each near edge in the list of all gene-peak candidates.
    """

    kept_genes: Tensor
    kept_peaks: Tensor
    gene_edges: Tensor
    near_edges: Tensor
    near_rows: Tensor


class ReceptiveField(NamedTuple):
    """What the states of a few genes depend on: ids of the first block's genes and peaks, and the blocks."""

    genes: Tensor
    peaks: Tensor
    blocks: tuple[BlockField, ...]


@dataclass(frozen=True)
class AttentionGraph:
    """The candidates of attention.

    Parameters
    ----------
    neighbours
        Genes that each gene attends to, (num_genes, k) int64, itself first.
    near_index
        (2, num_near) int64 [gene, peak], sorted by gene.
    num_peaks
        Peaks of the data set.
    """

    neighbours: NDArray[np.int64]
    near_index: NDArray[np.int64]
    num_peaks: int

    @property
    def num_genes(self) -> int:
        """Genes of the data set."""
        return int(self.neighbours.shape[0])

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Where the candidates of each gene start, (num_genes + 1,)."""
        return np.searchsorted(self.near_index[0], np.arange(self.num_genes + 1))

    def receptive_field(self, targets: NDArray[np.int64], *, num_blocks: int) -> ReceptiveField:
        """What the states of some genes after the last block depend on.

        Parameters
        ----------
        targets
            Gene indices, sorted, distinct.
        """
        layers = [targets]
        for _ in range(num_blocks):
            layers.append(_distinct(self.neighbours[layers[-1]], self.num_genes))
        layers.reverse()
        rows = [_rows_of(self._starts, genes) for genes in layers[1:]]
        peaks = [_distinct(self.near_index[1][r], self.num_peaks) for r in rows]
        blocks = [
            self._block(inputs, outputs, rows=r, peaks=(before, after))
            for inputs, outputs, r, before, after in zip(
                layers, layers[1:], rows, [peaks[0], *peaks], peaks, strict=False
            )
        ]
        return ReceptiveField(torch.from_numpy(layers[0]), torch.from_numpy(peaks[0]), tuple(blocks))

    def _block(
        self,
        inputs: NDArray[np.int64],
        outputs: NDArray[np.int64],
        *,
        rows: NDArray[np.int64],
        peaks: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> BlockField:
        before, after = peaks
        k = self.neighbours.shape[1]
        sources = _positions(inputs, self.num_genes)[self.neighbours[outputs].ravel()]
        gene, peak = self.near_index[:, rows]
        near = np.stack([_positions(after, self.num_peaks)[peak], _positions(outputs, self.num_genes)[gene]])
        return BlockField(
            kept_genes=torch.from_numpy(np.searchsorted(inputs, outputs)),
            kept_peaks=torch.from_numpy(np.searchsorted(before, after)),
            gene_edges=torch.from_numpy(np.stack([sources, np.repeat(np.arange(outputs.size), k)])),
            near_edges=torch.from_numpy(near),
            near_rows=torch.from_numpy(rows),
        )


def nearest_genes(
    z: NDArray[np.float32], *, k: int, chunk: int = 1024, exact_below: int = EXACT_BELOW
) -> NDArray[np.int64]:
    """The k genes of highest cosine with each gene, itself first; never a matrix of genes x genes.

    Exact for up to `exact_below` genes, `chunk` rows of cosines at a time; above that, among the genes of the
    nearest k-means clusters only, so that each gene is compared with a few thousand others however many there
    are. (pynndescent was tried: it compiles for a minute before it searches for seconds.)

    Parameters
    ----------
    z
        Latent coordinates, (num_genes, d).

    Returns
    -------
    ndarray
        (num_genes, min(k, num_genes)) int64.

    References
    ----------
    Inverted lists: Jégou et al. 2011, doi:10.1109/TPAMI.2010.57.
    """
    unit = (z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    k = min(k, unit.shape[0])
    if unit.shape[0] <= exact_below:
        return _exact(unit, k=k, chunk=chunk)
    return _among_clusters(unit, k=k, chunk=chunk)


def _exact(unit: NDArray[np.float32], *, k: int, chunk: int) -> NDArray[np.int64]:
    everything = np.arange(unit.shape[0])
    starts = range(0, unit.shape[0], chunk)
    return np.vstack(
        [_nearest_of(unit, everything[start : start + chunk], everything, k=k) for start in starts]
    )


def _among_clusters(unit: NDArray[np.float32], *, k: int, chunk: int) -> NDArray[np.int64]:
    num_clusters = max(1, unit.shape[0] // CLUSTER_SIZE)
    clusters = MiniBatchKMeans(num_clusters, random_state=0, n_init=1, batch_size=4096, max_iter=20).fit(unit)
    order = np.argsort(clusters.labels_, kind="stable")
    starts = np.searchsorted(clusters.labels_[order], np.arange(num_clusters + 1))
    members = np.split(order, starts[1:-1])
    found = np.empty((unit.shape[0], k), dtype=np.int64)
    nearness = clusters.cluster_centers_ @ clusters.cluster_centers_.T
    nearness -= np.square(clusters.cluster_centers_).sum(axis=1) / 2
    for cluster, nearest in enumerate(np.argsort(-nearness, axis=1, kind="stable")):
        num_probes = max(NUM_PROBES, 1 + np.searchsorted(np.diff(starts)[nearest].cumsum(), k))
        candidates = np.unique(
            np.concatenate([members[cluster], *(members[c] for c in nearest[:num_probes])])
        )
        for start in range(0, members[cluster].size, chunk):
            genes = members[cluster][start : start + chunk]
            found[genes] = _nearest_of(unit, genes, candidates, k=k)
    return found


def _nearest_of(
    unit: NDArray[np.float32], genes: NDArray[np.int64], candidates: NDArray[np.int64], *, k: int
) -> NDArray[np.int64]:
    """The k nearest of the sorted candidates for each gene, itself first, (number of genes, k)."""
    cosines = torch.from_numpy(unit[genes]) @ torch.from_numpy(unit[candidates]).T
    cosines[torch.arange(genes.size), torch.from_numpy(np.searchsorted(candidates, genes))] = torch.inf
    return np.asarray(candidates[cosines.topk(k, dim=1).indices.numpy()])


def _distinct(ids: NDArray[np.int64], num_ids: int) -> NDArray[np.int64]:
    """The different ones, sorted, in time linear in their number."""
    found = np.zeros(num_ids, dtype=bool)
    found[ids] = True
    return np.flatnonzero(found)


def _positions(ids: NDArray[np.int64], num_ids: int) -> NDArray[np.int64]:
    """Where each id is among the distinct `ids`; anything for one that is not, (num_ids,)."""
    found = np.zeros(num_ids, dtype=np.int64)
    found[ids] = np.arange(ids.size)
    return found


def _rows_of(starts: NDArray[np.int64], genes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows start..end of each gene, one after the other, without a loop."""
    counts = starts[genes + 1] - starts[genes]
    ends = np.cumsum(counts)
    return np.repeat(starts[genes] - (ends - counts), counts) + np.arange(counts.sum(), dtype=np.int64)
