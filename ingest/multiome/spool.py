"""Puts counts into the order of cells, on disk, where a file has them in another order."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.multiome.formats.stored import compressed
from ingest.multiome.matrix import Entries, Stream
from ingest.multiome.selection import Selection, block

MAX_BUCKETS = 512
_RECORD = np.dtype([("row", "<i4"), ("column", "<i4"), ("value", "<f4")])


def in_order(selection: Selection, folder: Path, *, limit: int) -> Selection:
    """Return the same selection with its counts cell by cell.

    Where they are not so in the file they are sorted into files of a folder: 12 bytes an entry on disk while
    that lasts, 8 afterwards, and `limit` entries in memory.

    Raises
    ------
    InputError
        If a value is no count.
    """
    if selection.is_in_order:
        return selection
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows_each = _scatter(selection, folder, limit=limit)
    num_stored = _gather(selection.shape, folder, rows_each=rows_each)
    num_cells, num_features = selection.shape
    rows = np.argsort(selection.cells, kind="stable")[-num_cells:]
    matrix = replace(
        selection.matrix,
        obs=selection.matrix.obs.iloc[rows],
        var=pd.DataFrame(index=pd.RangeIndex(num_features)),
        num_stored=num_stored,
        by_cell=True,
        stream=_stream(folder, selection.shape),
    )
    return Selection(matrix, np.arange(num_cells), np.arange(num_features), selection.shape)


def _scatter(selection: Selection, folder: Path, *, limit: int) -> int:
    """Write entries to one file for each range of cells; return how many cells a range has."""
    num_cells = selection.shape[0]
    wanted = -(-4 * selection.matrix.num_stored // max(1, limit))
    num_buckets = int(np.clip(wanted, 1, min(MAX_BUCKETS, num_cells)))
    rows_each = -(-num_cells // num_buckets)
    for part, _ in selection.entries(limit):
        buckets = part.rows // rows_each
        order = np.argsort(buckets, kind="stable")
        records = np.empty(len(order), dtype=_RECORD)
        records["row"], records["column"] = part.rows[order], part.columns[order]
        records["value"] = np.take(part.values, order)
        present, first = np.unique(buckets[order], return_index=True)
        ends = [*first[1:], len(records)]
        for bucket, begin, end in zip(present, first, ends if len(first) else [], strict=True):
            with _bucket(folder, int(bucket)).open("ab") as stream:
                stream.write(records[begin:end].tobytes())
    return rows_each


def _gather(shape: tuple[int, int], folder: Path, *, rows_each: int) -> int:
    """Write the ranges of cells one after the other, compressed by row; return the number of entries."""
    num_cells, num_features = shape
    sizes = [np.zeros(1, dtype=np.int64)]
    with (folder / "indices").open("wb") as indices, (folder / "data").open("wb") as data:
        for bucket, first in enumerate(range(0, num_cells, rows_each)):
            num_rows = min(rows_each, num_cells - first)
            counts = block(
                _entries(_bucket(folder, bucket)), first=first, num_rows=num_rows, num_columns=num_features
            )
            sizes.append(np.diff(counts.indptr).astype(np.int64))
            indices.write(counts.indices.astype("<i4").tobytes())
            data.write(counts.data.astype("<f4").tobytes())
            _bucket(folder, bucket).unlink(missing_ok=True)
    starts = np.cumsum(np.concatenate(sizes))
    np.save(folder / "indptr.npy", starts)
    return int(starts[-1])


def _bucket(folder: Path, bucket: int) -> Path:
    return folder / f"bucket_{bucket}"


def _entries(path: Path) -> Entries:
    records = np.fromfile(path, dtype=_RECORD) if path.exists() else np.zeros(0, dtype=_RECORD)
    return Entries(records["row"], records["column"], records["value"])


def _stream(folder: Path, shape: tuple[int, int]) -> Stream:
    def stream(limit: int) -> Iterator[Entries]:
        node = {
            "indptr": np.load(folder / "indptr.npy"),
            "indices": _Values(folder / "indices", np.dtype("<i4")),
            "data": _Values(folder / "data", np.dtype("<f4")),
        }
        yield from compressed(node, shape=shape, limit=limit, where=str(folder))

    return stream


class _Values:
    """An array in a file, of which slices are read; mapped into memory it would count as ours."""

    def __init__(self, path: Path, dtype: np.dtype[Any]) -> None:
        self._path = path
        self._dtype = dtype
        self.shape = (path.stat().st_size // dtype.itemsize,)

    def __getitem__(self, where: slice) -> npt.NDArray[Any]:
        size = self._dtype.itemsize
        return np.fromfile(
            self._path, dtype=self._dtype, count=where.stop - where.start, offset=where.start * size
        )
