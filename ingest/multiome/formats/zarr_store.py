"""Zarr folders of AnnData and of MuData."""

from collections.abc import Sequence
from pathlib import Path

from graph.errors import InputError
from ingest.multiome.formats.anndata_group import read_group
from ingest.multiome.formats.h5mu import read_modalities
from ingest.multiome.formats.stored import opened, reading
from ingest.multiome.matrix import Matrix

MARKS = (".zgroup", ".zattrs", ".zmetadata", "zarr.json")
"""Files by which a folder is known as zarr."""


def read_zarr(path: Path, *, layer: str = "") -> Sequence[Matrix]:
    """Return the matrix of an AnnData, or the modalities of a MuData.

    Raises
    ------
    InputError
        If the folder is neither, or damaged.
    """
    with reading(path), opened(path) as root:
        if "mod" in root:
            return read_modalities(root, path, layer=layer)
        if "obs" not in root or "var" not in root:
            raise InputError(
                f"{path}: a zarr store with {sorted(root.keys())}, expected an AnnData or a MuData",
                hint="write it with anndata's or mudata's write_zarr",
            )
        return [read_group(root, path, layer=layer)]
