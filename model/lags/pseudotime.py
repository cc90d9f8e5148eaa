"""The order of cells of a snapshot: diffusion pseudotime from a stated root, and whether there is one."""

import warnings
from dataclasses import dataclass

import anndata
import numpy as np
import scanpy
from numpy.typing import NDArray
from scipy import sparse, stats

from graph.errors import InputError
from model.lags.measurements import Counts

Floats = NDArray[np.float64]

MIN_CELLS = 200
NUM_NEIGHBOURS = 15
NUM_COMPONENTS = 30
GAP = 0.1
"""Fewest neighbours across a cut of the order, as a share of those across the median cut."""
AGREEMENT = 0.5
"""Least correlation of the orders that two halves of the genes give."""


@dataclass(frozen=True)
class Pseudotime:
    """An order of cells.

    Parameters
    ----------
    time
        Share of the cells that come before, 0 at the root's end, shape (N,); NaN where there is no order.
    root
        The cell that the order starts from.
    obstacle
        Why this is no trajectory, empty if it is one.
    agreement
        Spearman correlation of the orders from two halves of the genes, 0 if not measured.
    narrowest
        Neighbours across the narrowest cut of the order over those across the median cut.
    """

    time: Floats
    root: int
    obstacle: str
    agreement: float
    narrowest: float


def diffusion_pseudotime(rna: Counts, *, root: int, seed: int) -> Pseudotime:
    """Return the diffusion pseudotime of cells from their RNA, with the test whether they are a trajectory.

    It is one where two things hold. No gap: at no cut of the order between a tenth and nine tenths of the
    cells do neighbours across it thin out, as they do between unrelated cell lines. Agreement: two halves of
    the genes order the cells alike, as they do not in one cloud of cells.

    Parameters
    ----------
    rna
        Raw counts, shape (N, G).
    root
        Cell at the start; another end reverses the order, and with it every lag.

    References
    ----------
    Haghverdi et al. 2016, doi:10.1038/nmeth.3971 (diffusion pseudotime); Wolf et al. 2018,
    doi:10.1186/s13059-017-1382-0 (scanpy).

    Raises
    ------
    InputError
        The root is not a cell.
    """
    counts = sparse.csr_matrix(rna).astype(np.float32)
    num_cells = counts.shape[0]
    if not 0 <= root < num_cells:
        raise InputError(f"expected a root between 0 and {num_cells - 1}, found {root}")
    detected = np.flatnonzero(np.diff(counts.tocsc().indptr) >= 3)
    if num_cells < MIN_CELLS or detected.size < 20:
        found = f"{num_cells} cells and {detected.size} detected genes"
        return _none(num_cells, root, f"{found}, an order needs {MIN_CELLS} and 20")
    order, graph = _order(counts[:, detected], root=root, seed=seed)
    if not np.isfinite(order).all():
        return _none(num_cells, root, "no trajectory: some cells cannot be reached from the root")
    narrowest = _narrowest_cut(order, graph)
    if narrowest < GAP:
        reason = f"no trajectory: a gap in the order, {narrowest:.2f} of the usual neighbours across it"
        return _none(num_cells, root, reason, narrowest=narrowest)
    agreement = _agreement(counts[:, detected], root=root, seed=seed)
    if agreement < AGREEMENT:
        reason = f"no trajectory: the orders of two halves of the genes correlate by {agreement:.2f} only"
        return _none(num_cells, root, reason, agreement=agreement, narrowest=narrowest)
    time = (stats.rankdata(order) - 1) / (num_cells - 1)
    return Pseudotime(time, root, "", agreement, narrowest)


def _none(
    num_cells: int, root: int, obstacle: str, *, agreement: float = 0.0, narrowest: float = 0.0
) -> Pseudotime:
    return Pseudotime(np.full(num_cells, np.nan), root, obstacle, agreement, narrowest)


def _order(counts: sparse.csr_matrix, *, root: int, seed: int) -> tuple[Floats, sparse.csr_matrix]:
    """Return the distance of each cell from the root, infinite if unreachable, and the neighbour graph."""
    depth = np.maximum(np.asarray(counts.sum(axis=1)).reshape(-1, 1), 1)
    data = anndata.AnnData(counts.multiply(np.median(depth) / depth).tocsr().log1p())
    size = min(NUM_COMPONENTS, min(data.shape) - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what scanpy's dependencies say to its authors
        scanpy.pp.pca(data, n_comps=size, random_state=seed)
        scanpy.pp.neighbors(data, n_neighbors=NUM_NEIGHBOURS, n_pcs=size, random_state=seed)
        scanpy.tl.diffmap(data, n_comps=min(10, size), random_state=seed)
        data.uns["iroot"] = root
        scanpy.tl.dpt(data, n_dcs=min(10, size))
    return data.obs["dpt_pseudotime"].to_numpy(np.float64), data.obsp["distances"].tocsr()


def _narrowest_cut(order: Floats, graph: sparse.csr_matrix) -> float:
    """Return the fewest neighbours across a cut of the order, over the median cut."""
    rank = np.argsort(np.argsort(order, kind="stable"), kind="stable")
    pairs = graph.tocoo()
    first = np.minimum(rank[pairs.row], rank[pairs.col])
    last = np.maximum(rank[pairs.row], rank[pairs.col])
    change = np.bincount(first, minlength=rank.size) - np.bincount(last, minlength=rank.size)
    across = np.cumsum(change)[rank.size // 10 : -(rank.size // 10)]
    return float(across.min() / max(np.median(across), 1))


def _agreement(counts: sparse.csr_matrix, *, root: int, seed: int) -> float:
    """Return the Spearman correlation of the orders from two random halves of the genes."""
    shuffled = np.random.default_rng(seed).permutation(counts.shape[1])
    orders = [_order(counts[:, half], root=root, seed=seed)[0] for half in np.array_split(shuffled, 2)]
    reached = np.isfinite(orders).all(axis=0)
    varies = reached.sum() > 2 and all(np.ptp(order[reached]) > 0 for order in orders)
    return float(stats.spearmanr(*(order[reached] for order in orders))[0]) if varies else 0.0
