"""Matrices as HDF5 and zarr store them, read in parts: compressed by cell or by feature, or dense."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import zarr

from graph.errors import InputError
from ingest.multiome.formats.faults import told_of
from ingest.multiome.matrix import Entries, Stream, entry_ranges

Node = Any  # a group or an array of HDF5 or zarr: neither library is typed, and they are read alike
PROBED = 100_000
"""Values that are looked at to tell counts from normalised values."""


@contextmanager
def opened(path: Path) -> Iterator[Node]:
    """Return the root of an HDF5 file or a zarr folder."""
    if path.is_dir():
        yield zarr.open_group(str(path), mode="r")
        return
    with h5py.File(path, "r") as root:
        yield root


def reading(path: Path) -> AbstractContextManager[None]:
    """Translate what goes wrong while a file is read."""
    if path.is_dir():
        return told_of(path, kind="zarr store of AnnData", writer="anndata's or mudata's write_zarr")
    return told_of(path, kind="HDF5", writer="anndata's write_h5ad, mudata's write or Cell Ranger")


def matrix_format(node: Node) -> str:
    """Return csr, csc or dense."""
    said = str(node.attrs.get("encoding-type", node.attrs.get("h5sparse_format", "")))
    if said.startswith(("csr", "csc")):
        return said[:3]
    if hasattr(node, "keys"):
        raise InputError(f"a matrix of the kind {said!r}", hint="expected a sparse or a dense matrix")
    return "dense"


def matrix_shape(node: Node) -> tuple[int, int]:
    """Return the number of rows and columns."""
    shape = node.attrs["shape"] if hasattr(node, "keys") else node.shape
    num_rows, num_columns = (int(size) for size in shape)
    return num_rows, num_columns


def num_stored(node: Node) -> int:
    """Return the number of stored values."""
    values = node["data"] if hasattr(node, "keys") else node
    return int(np.prod(values.shape, dtype=np.int64))


def looks_whole(node: Node) -> bool:
    """Return whether the first values are whole numbers of 0 or more."""
    values = node["data"] if hasattr(node, "keys") else node
    if values.ndim == 2:
        values = values[: max(1, PROBED // max(1, values.shape[1]))]
    some = np.asarray(values[:PROBED])
    if some.dtype.kind not in "iufb":
        return False
    return bool(np.all(np.isfinite(some)) and np.all(some >= 0) and np.all(some == np.floor(some)))


def stream_of(path: Path, key: str) -> Stream:
    """Return a reader of the matrix at `key`; AnnData's layout: cells x features."""

    def stream(limit: int) -> Iterator[Entries]:
        with reading(path), opened(path) as root:
            node = root[key]
            kind = matrix_format(node)
            if kind == "dense":
                yield from _dense(node, limit)
                return
            num_rows, num_columns = matrix_shape(node)
            by_row = kind == "csr"
            shape = (num_rows, num_columns) if by_row else (num_columns, num_rows)
            for part in compressed(node, shape=shape, limit=limit, where=f"{path}, {key}"):
                yield part if by_row else Entries(part.columns, part.rows, part.values)

    return stream


def compressed(node: Node, *, shape: tuple[int, int], limit: int, where: str) -> Iterator[Entries]:
    """Return the entries of a matrix that is compressed by row.

    Parameters
    ----------
    node
        Has the arrays `indptr`, `indices` and `data`.

    Raises
    ------
    InputError
        If the three arrays do not make a matrix of this shape.
    """
    starts = np.asarray(node["indptr"][:]).astype(np.int64)
    _require_starts(starts, node, shape=shape, where=where)
    for first, last in entry_ranges(starts, limit):
        begin, end = int(starts[first]), int(starts[last])
        columns = np.asarray(node["indices"][begin:end])
        if columns.size and not 0 <= int(columns.min()) <= int(columns.max()) < shape[1]:
            raise InputError(
                f"{where}: rows {first:,} to {last:,} have entries beyond column {shape[1]:,}",
                hint="the matrix is damaged, or its features were cut without it: write it anew",
            )
        rows = np.repeat(np.arange(first, last, dtype=np.int32), np.diff(starts[first : last + 1]))
        yield Entries(rows, columns, np.asarray(node["data"][begin:end]))


def _require_starts(starts: npt.NDArray[np.int64], node: Node, *, shape: tuple[int, int], where: str) -> None:
    stored = (int(node["indices"].shape[0]), int(node["data"].shape[0]))
    fits = len(starts) == shape[0] + 1 and stored == (starts[-1], starts[-1])
    if not fits or starts[0] != 0 or np.any(np.diff(starts) < 0):
        raise InputError(
            f"{where}: {len(starts):,} row starts, {stored[0]:,} indices and {stored[1]:,} values do not "
            f"make a matrix of {shape[0]:,} x {shape[1]:,}",
            hint="the matrix is damaged, or its cells were cut without it: write it anew",
        )
    for name in ("indices", "data"):
        lacking = (
            node[name].nchunks - node[name].nchunks_initialized if isinstance(node[name], zarr.Array) else 0
        )
        if lacking:
            raise InputError(
                f"{where}/{name}: {lacking:,} of {node[name].nchunks:,} chunks are not there",
                hint="the copy is not whole, and zarr would read zeros; copy it again",
            )


def _dense(node: Node, limit: int) -> Iterator[Entries]:
    num_rows, num_columns = node.shape
    step = max(1, limit // max(1, num_columns))
    for first in range(0, num_rows, step):
        block = np.asarray(node[first : first + step])
        rows, columns = np.nonzero(block)
        yield Entries(rows + first, columns, block[rows, columns])
