"""Reads .h5ad files with raw counts; anything else is an error that names the cell and the feature."""

from collections.abc import Sequence
from pathlib import Path

import anndata as ad
import numpy as np
from anndata.io import read_h5ad
from scipy import sparse

from graph.errors import InputError
from ingest.tables import require_file

COUNTS_LAYER = "counts"
SHOWN = 20


def read_counts(path: Path) -> ad.AnnData:
    """Return cells x features with raw counts in `X` (CSR, float32), `obs` and `var` of the file.

    The counts come from the layer `counts` where there is one, else from `X`.

    Raises
    ------
    InputError
        If the file is missing, empty, cut short, no AnnData, holds no cells or features, names a cell or
        feature twice, or its matrix holds anything but whole numbers of 0 or more.
    """
    data = _read(path)
    if 0 in data.shape:
        raise InputError(
            f"{path}: {data.n_obs:,} cells x {data.n_vars:,} features", hint="the matrix is empty"
        )
    _require_unique(data.obs_names.to_numpy(), what="barcode", path=path)
    _require_unique(data.var_names.to_numpy(), what="feature", path=path)
    matrix = data.layers.get(COUNTS_LAYER, data.X)
    if matrix is None:
        raise InputError(f"{path}: no matrix", hint="raw counts are expected in X or in the layer 'counts'")
    counts = sparse.csr_matrix(matrix)
    _require_counts(counts, data, path)
    return ad.AnnData(X=counts.astype(np.float32), obs=data.obs.copy(), var=data.var.copy())


def _read(path: Path) -> ad.AnnData:
    require_file(path)
    try:
        return read_h5ad(path)
    except OSError as error:
        raise InputError(
            f"{path}: not a whole HDF5 file ({error})",
            hint="the copy was cut short or is another format; copy it again and compare its checksum",
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError, ad.io.AnnDataReadError) as error:
        raise InputError(
            f"{path}: an HDF5 file, but no AnnData ({error})", hint="write it with anndata's write_h5ad"
        ) from error


def _require_unique(names: np.ndarray, *, what: str, path: Path) -> None:
    unique, first, counts = np.unique(names.astype(str), return_index=True, return_counts=True)
    faults = [
        f"{what} {unique[i]!r} at row {first[i]} occurs {counts[i]} times" for i in np.flatnonzero(counts > 1)
    ]
    if faults:
        raise InputError(
            f"{path}: {len(faults):,} {what} names are not unique",
            faults=faults,
            hint="make names unique before: for barcodes of several samples add the sample to the barcode",
        )


def _require_counts(counts: sparse.csr_matrix, data: ad.AnnData, path: Path) -> None:
    values = counts.data
    bad = np.flatnonzero(~np.isfinite(values) | (values < 0) | (values != np.floor(values)))
    if bad.size:
        raise InputError(
            f"{path}: {bad.size:,} of {values.size:,} stored values are no raw counts (0, 1, 2 ...)",
            faults=_places(counts, data, bad),
            hint=f"give raw counts, in X or in the layer {COUNTS_LAYER!r}: not normalised, logged or scaled",
        )


def _places(counts: sparse.csr_matrix, data: ad.AnnData, bad: np.ndarray) -> Sequence[str]:
    shown = bad[:SHOWN]
    cells = np.searchsorted(counts.indptr, shown, side="right") - 1
    features = counts.indices[shown]
    return [
        f"row {cell}, cell {data.obs_names[cell]!r}, feature {data.var_names[feature]!r}: {value:g}"
        for cell, feature, value in zip(cells, features, counts.data[shown], strict=True)
    ]
