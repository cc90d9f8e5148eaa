"""A checked data set, and its way into files: by cell, in blocks, each file whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pandas as pd
from anndata.io import write_elem
from scipy import sparse

from graph.progress import Progress, silent
from ingest.multiome.contexts import Contexts
from ingest.multiome.selection import Selection
from ingest.multiome.spec import KINDS, Kind

_CHUNK = 65_536
_MAX_INT32 = 2**31 - 1


@dataclass(frozen=True)
class Counts:
    """Raw counts of one kind; `var` is indexed by gene id, peak id or name of the protein."""

    selection: Selection
    var: pd.DataFrame


@dataclass(frozen=True)
class Prepared:
    """A checked data set; its counts are still where they were given.

    Parameters
    ----------
    matrices
        The kinds that are there (rna, atac, protein), with the same cells in the same order.
    assembly
        What the peaks are on; '' without peaks.
    near, detections
        Columns of `graph.tables.NEAR` without the data set, and of `DETECTIONS`.
    rates
        Share of the start sites of protein-coding genes that peaks cover, by assembly.
    counts
        What is there, and what was lost on the way.
    notes
        Where the counts were found, which thresholds held, how much memory was reckoned with.
    limit
        How many entries may be in memory at once.
    """

    obs: pd.DataFrame
    matrices: Mapping[Kind, Counts]
    assembly: str
    contexts: Contexts
    near: pd.DataFrame
    detections: pd.DataFrame
    rates: Mapping[str, float]
    lifted_from: str
    rejected: pd.DataFrame
    counts: Mapping[str, int]
    notes: Mapping[str, str]
    limit: int


def matrix_path(folder: Path, kind: Kind) -> Path:
    """Return where a matrix is written to."""
    return folder / f"{kind}.h5ad"


def write_matrices(prepared: Prepared, folder: Path, progress: Progress = silent) -> dict[Kind, Path]:
    """Write all matrices; return their paths. Those of an earlier load that are no more are deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    partials = {kind: folder / f"partial_{kind}.h5ad" for kind in prepared.matrices}
    try:
        for kind, counts in prepared.matrices.items():
            progress(f"writing {matrix_path(folder, kind)}")
            _write(partials[kind], prepared.obs, counts, limit=prepared.limit)
        for kind in set(KINDS) - set(partials):
            matrix_path(folder, kind).unlink(missing_ok=True)
        return {kind: partial.replace(matrix_path(folder, kind)) for kind, partial in partials.items()}
    finally:
        for partial in partials.values():
            partial.unlink(missing_ok=True)


def _write(path: Path, obs: pd.DataFrame, counts: Counts, *, limit: int) -> None:
    with h5py.File(path, "w") as root:
        names = ad.AnnData(obs=obs, var=counts.var)
        write_elem(root, "/", names, dataset_kwargs={"compression": "gzip"})
        root.pop("raw", None)  # a null there keeps anndata's backed mode from reading cells
        group = root.create_group("X")
        group.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0"})
        group.attrs["shape"] = np.array(counts.selection.shape, dtype=np.int64)
        sizes = [np.zeros(1, dtype=np.int64)]
        for kind, dtype in (("data", np.float32), ("indices", np.int32)):
            group.create_dataset(
                kind, shape=(0,), maxshape=(None,), chunks=(_CHUNK,), dtype=dtype,
                compression="gzip", compression_opts=1, shuffle=True,
            )  # fmt: skip
        for part in counts.selection.blocks(limit):
            sizes.append(np.diff(part.indptr).astype(np.int64))
            _append(group, part)
        starts = np.cumsum(np.concatenate(sizes))
        group.create_dataset("indptr", data=starts.astype(np.int32 if starts[-1] <= _MAX_INT32 else np.int64))


def _append(group: h5py.Group, part: sparse.csr_matrix) -> None:
    for kind, values in (("data", part.data), ("indices", part.indices)):
        node = group[kind]
        first = node.shape[0]
        node.resize((first + len(values),))
        node[first:] = values
