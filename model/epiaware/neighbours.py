"""Who attends to whom: nearest genes in the latent space, and what a few genes need of all tokens."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


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

    def receptive_field(self, targets: NDArray[np.int64], *, num_blocks: int) -> ReceptiveField:
        """What the states of some genes after the last block depend on.

        Parameters
        ----------
        targets
            Gene indices, sorted, distinct.
        """
        starts = np.searchsorted(self.near_index[0], np.arange(self.num_genes + 1))
        layers = [targets]
        for _ in range(num_blocks):
            layers.append(np.unique(self.neighbours[layers[-1]]))
        layers.reverse()
        rows = [_rows_of(starts, genes) for genes in layers[1:]]
        peaks = [np.unique(self.near_index[1][r]) for r in rows]
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
        sources = np.searchsorted(inputs, self.neighbours[outputs].ravel())
        gene, peak = self.near_index[:, rows]
        near = np.stack([np.searchsorted(after, peak), np.searchsorted(outputs, gene)])
        return BlockField(
            kept_genes=torch.from_numpy(np.searchsorted(inputs, outputs)),
            kept_peaks=torch.from_numpy(np.searchsorted(before, after)),
            gene_edges=torch.from_numpy(np.stack([sources, np.repeat(np.arange(outputs.size), k)])),
            near_edges=torch.from_numpy(near),
            near_rows=torch.from_numpy(rows),
        )


def nearest_genes(z: NDArray[np.float32], *, k: int, chunk: int = 1024) -> NDArray[np.int64]:
    """The k genes of highest cosine with each gene, itself first; `chunk` rows of the matrix at a time.

    Parameters
    ----------
    z
        Latent coordinates, (num_genes, d).

    Returns
    -------
    ndarray
        (num_genes, min(k, num_genes)) int64.
    """
    z = z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-12)
    unit = torch.from_numpy(z.astype(np.float32))
    k = min(k, unit.shape[0])
    found = []
    for start in range(0, unit.shape[0], chunk):
        cosines = unit[start : start + chunk] @ unit.T
        rows = torch.arange(cosines.shape[0])
        cosines[rows, start + rows] = torch.inf
        found.append(cosines.topk(k, dim=1).indices)
    return torch.cat(found).numpy()


def _rows_of(starts: NDArray[np.int64], genes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows start..end of each gene, one after the other, without a loop."""
    counts = starts[genes + 1] - starts[genes]
    ends = np.cumsum(counts)
    return np.repeat(starts[genes] - (ends - counts), counts) + np.arange(counts.sum(), dtype=np.int64)
