"""The order of cells of a snapshot: their first diffusion component from a root, and whether there is one."""

from dataclasses import dataclass

import anndata
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, stats

from graph.errors import InputError
from model.lags.measurements import Counts

Floats = NDArray[np.float64]

MIN_CELLS, MIN_GENES, MIN_DETECTED = 200, 20, 3
MIDDLE = 0.25
"""How near to the middle of the order a root gives no direction, as a share of the cells."""
NUM_NEIGHBOURS = 15
NUM_COMPONENTS = 10
GAP = 0.25
"""Fewest neighbours across a cut of the order, as a share of those across the median cut."""
AGREEMENT = 0.35
"""Least correlation of the orders that two halves of the genes give."""


@dataclass(frozen=True)
class Pseudotime:
    """An order of cells.

    Parameters
    ----------
    time
        Share of the cells that come before, 0 at the root's end, shape (N,); NaN where there is no order.
    roots
        The cells that the order starts from, shape (R,).
    obstacle
        Why this is no trajectory, empty if it is one.
    agreement
        Spearman correlation of the orders from two halves of the genes, 0 if not measured.
    narrowest
        Neighbours across the narrowest cut of the order over those across the median cut.
    """

    time: Floats
    roots: NDArray[np.int64]
    obstacle: str
    agreement: float
    narrowest: float


def diffusion_pseudotime(rna: Counts, *, root: ArrayLike, seed: int) -> Pseudotime:
    """Return the order of cells along the first diffusion component of their RNA, if they are a trajectory.

    They are one where three things hold. No gap: at no cut of the order between a tenth and nine tenths of
    the cells do neighbours across it thin out, as they do between unrelated cell lines. Agreement: two halves
    of the genes order the cells alike, as they do not in one cloud of cells. The root lies at an end.

    Parameters
    ----------
    rna
        Raw counts, shape (N, G).
    root
        A cell at the start, or several, whose median place tells the direction: at a few hundred counts the
        place of one cell is too noisy. Cells at the other end reverse the order, and with it every lag.

    References
    ----------
    Haghverdi et al. 2015, doi:10.1093/bioinformatics/btv325 (diffusion maps of cells; component 0 is
    trivial); Wolf et al. 2018, doi:10.1186/s13059-017-1382-0 (scanpy).

    Raises
    ------
    InputError
        A root is not a cell.
    """
    counts = sparse.csr_matrix(rna).astype(np.float32)
    num_cells = counts.shape[0]
    roots = np.atleast_1d(np.asarray(root, dtype=np.int64))
    if not roots.size or roots.min() < 0 or roots.max() >= num_cells:
        raise InputError(f"expected a root between 0 and {num_cells - 1}, found {roots.tolist()}")
    counts = counts[:, np.flatnonzero(np.diff(counts.tocsc().indptr) >= MIN_DETECTED)]
    if num_cells < MIN_CELLS or counts.shape[1] < MIN_GENES:
        found = f"{num_cells} cells and {counts.shape[1]} detected genes"
        return _none(num_cells, roots, f"{found}, an order needs {MIN_CELLS} and {MIN_GENES}")
    component, graph = _component(counts, seed=seed)
    narrowest = _narrowest_cut(component, graph)
    if narrowest < GAP:
        reason = f"no trajectory: a gap in the order, {narrowest:.2f} of the usual neighbours across it"
        return _none(num_cells, roots, reason, narrowest=narrowest)
    agreement = _agreement(counts, seed=seed)
    if agreement < AGREEMENT:
        reason = f"no trajectory: the orders of two halves of the genes correlate by {agreement:.2f} only"
        return _none(num_cells, roots, reason, agreement=agreement, narrowest=narrowest)
    time = (stats.rankdata(component) - 1) / (num_cells - 1)
    place = float(np.median(time[roots]))
    if abs(place - 0.5) < MIDDLE:
        reason = f"the direction is unknown: {place:.0%} of the cells lie on one side of the root"
        return _none(num_cells, roots, reason, agreement=agreement, narrowest=narrowest)
    return Pseudotime(time if place < 0.5 else 1 - time, roots, "", agreement, narrowest)


def _none(
    num_cells: int,
    roots: NDArray[np.int64],
    obstacle: str,
    *,
    agreement: float = 0.0,
    narrowest: float = 0.0,
) -> Pseudotime:
    return Pseudotime(np.full(num_cells, np.nan), roots, obstacle, agreement, narrowest)


def _component(counts: sparse.csr_matrix, *, seed: int) -> tuple[Floats, sparse.csr_matrix]:
    """Return the first diffusion component that is not trivial, shape (N,), and the neighbour graph."""
    import scanpy  # takes seconds, and most processes that import this module order no cells

    depth = np.maximum(np.asarray(counts.sum(axis=1)).reshape(-1, 1), 1)
    data = anndata.AnnData(counts.multiply(np.median(depth) / depth).tocsr().log1p())
    size = min(NUM_COMPONENTS, min(data.shape) - 1)
    scanpy.pp.pca(data, n_comps=size, random_state=seed)
    scanpy.pp.neighbors(
        data, n_neighbors=NUM_NEIGHBOURS, n_pcs=size, method="gauss", transformer="sklearn", random_state=seed
    )
    scanpy.tl.diffmap(data, n_comps=3, random_state=seed)
    return data.obsm["X_diffmap"][:, 1].astype(np.float64), data.obsp["connectivities"].tocsr()


def _narrowest_cut(component: Floats, graph: sparse.csr_matrix) -> float:
    """Return the fewest neighbours across a cut of the order, over the median cut."""
    rank = np.argsort(np.argsort(component, kind="stable"), kind="stable")
    pairs = graph.tocoo()
    first = np.minimum(rank[pairs.row], rank[pairs.col])
    last = np.maximum(rank[pairs.row], rank[pairs.col])
    change = np.bincount(first, minlength=rank.size) - np.bincount(last, minlength=rank.size)
    across = np.cumsum(change)[rank.size // 10 : -(rank.size // 10)]
    return float(across.min() / max(np.median(across), 1))


def _agreement(counts: sparse.csr_matrix, *, seed: int) -> float:
    """Return the |Spearman correlation| of the orders from two random halves of the genes."""
    shuffled = np.random.default_rng(seed).permutation(counts.shape[1])
    first, second = (_component(counts[:, half], seed=seed)[0] for half in np.array_split(shuffled, 2))
    varies = np.ptp(first) > 0 and np.ptp(second) > 0
    return float(abs(stats.spearmanr(first, second)[0])) if varies else 0.0
