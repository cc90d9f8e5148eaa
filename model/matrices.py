"""The prepared counts of a data set, in the order of its neighbourhoods."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import anndata
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from graph.errors import InputError
from model.data import Neighbourhoods, Strings


@dataclass(frozen=True)
class Matrices:
    """Raw counts of the same cells, columns in the order of the graph's genes and peaks.

    Parameters
    ----------
    rna
        csr `(num_cells, num_genes)`, measured genes only.
    atac
        csr `(num_cells, num_peaks)`, candidate peaks only.
    obs
        One row a cell, the columns that the data set came with.
    """

    rna: sp.csr_matrix
    atac: sp.csr_matrix
    obs: pd.DataFrame


def read_matrices(hoods: Neighbourhoods) -> Matrices:
    """Return the prepared counts of a data set in the order of its neighbourhoods.

    Raises
    ------
    InputError
        If a file is gone, or does not hold the genes and peaks that the graph names.
    """
    rna = _columns(Path(hoods.dataset["rna_path"]), hoods.gene_ids[: hoods.num_measured])
    atac = _columns(Path(hoods.dataset["atac_path"]), hoods.peak_ids)
    return Matrices(rna=_counts(rna), atac=_counts(atac), obs=rna.obs)


def _columns(path: Path, names: Strings) -> anndata.AnnData:
    if not path.exists():
        raise InputError(
            f"the prepared matrix {path} is gone", hint="`cisgraph ingest multiome` prepares it again"
        )
    data = anndata.read_h5ad(path)
    missing = pd.Index(names).difference(data.var_names)
    if len(missing):
        raise InputError(
            f"{path}: lacks {len(missing):,} features that the graph names, such as {missing[0]!r}",
            hint="the file was changed after its ingest; ingest it again",
        )
    return data[:, names]


def _counts(data: anndata.AnnData) -> sp.csr_matrix:
    return sp.csr_matrix(cast("sp.spmatrix", data.X), dtype=np.float32)


def cell_labels(hoods: Neighbourhoods, matrices: Matrices) -> npt.NDArray[np.str_] | None:
    """Return the context of each cell, None for a data set that has `all` only."""
    columns = {context["obs_column"] for context in hoods.dataset["contexts"] if context["obs_column"]}
    if not columns:
        return None
    (column,) = columns
    return np.asarray(matrices.obs[column].astype(str), dtype=np.str_)


def cell_times(hoods: Neighbourhoods, matrices: Matrices) -> npt.NDArray[np.float64] | None:
    """Return when each cell was sampled, None for a data set without time points."""
    column = hoods.dataset["time_column"]
    return matrices.obs[column].to_numpy(dtype=np.float64) if column else None
