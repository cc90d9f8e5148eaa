"""Which format a file or folder is: by what is in it, never by its name alone."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import h5py

from graph.errors import InputError
from ingest.multiome.formats.h5ad import read_h5ad
from ingest.multiome.formats.h5mu import read_h5mu
from ingest.multiome.formats.stored import opened, reading
from ingest.multiome.formats.tenx_h5 import is_tenx, read_tenx_h5
from ingest.multiome.formats.tenx_mtx import matrix_files, read_tenx_mtx
from ingest.multiome.formats.zarr_store import MARKS, read_zarr
from ingest.multiome.matrix import Matrix
from ingest.tables import require_file

FORMATS = ".h5ad, .h5mu, Cell Ranger's .h5 or folder with matrix.mtx, or a zarr folder of AnnData or MuData"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_USER_BLOCK = 512


def read_matrices(path: Path, *, layer: str = "") -> Sequence[Matrix]:
    """Return the matrices of a file or folder; their counts stay there until they are asked for.

    Raises
    ------
    InputError
        If it is missing, empty, damaged, or of no format that is known.
    """
    if path.is_dir():
        return _read_folder(path, layer=layer)
    require_file(path)
    if not _is_hdf5(path):
        raise InputError(f"{path}: {_guess(path)}", hint=f"expected {FORMATS}")
    with reading(path), opened(path) as root:
        names = sorted(root.keys())
        kind = "h5mu" if "mod" in root else "h5ad" if "obs" in root else "10x" if is_tenx(root) else ""
    if not kind:
        raise InputError(f"{path}: an HDF5 file, but no AnnData: it has {names}", hint=f"expected {FORMATS}")
    readers = {"h5mu": read_h5mu, "h5ad": read_h5ad, "10x": read_tenx_h5}
    return readers[kind](path, layer=layer)


def _read_folder(path: Path, *, layer: str) -> Sequence[Matrix]:
    if any((path / mark).is_file() for mark in MARKS):
        return read_zarr(path, layer=layer)
    if matrix_files(path):
        return read_tenx_mtx(path, layer=layer)
    names = sorted(each.name for each in path.iterdir())
    raise InputError(
        f"{path}: a folder without matrix.mtx and without zarr metadata; it has {names[:10]}",
        hint=f"expected {FORMATS}; Cell Ranger's folder is outs/filtered_feature_bc_matrix",
    )


def _is_hdf5(path: Path) -> bool:
    """Return whether it starts as HDF5, whole or cut short; MuData puts a block of its own before."""
    if h5py.is_hdf5(path):
        return True
    with path.open("rb") as stream:
        start = stream.read(_USER_BLOCK + len(_HDF5))
    return start.startswith((_HDF5, b"MuData")) or start[_USER_BLOCK:] == _HDF5


def _guess(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(64)
    if start.startswith(b"PK\x03\x04"):
        return "a zip archive, to be unpacked first"
    if start.startswith(b"\x1f\x8b"):
        start = _first_bytes(path)
    if start.startswith(b"%%MatrixMarket"):
        return "a matrix without names: give the folder that has its features and barcodes"
    return f"not HDF5, it starts with {start[:16]!r}"


def _first_bytes(path: Path) -> bytes:
    with reading(path), gzip.open(path) as stream:
        return stream.read(64)
