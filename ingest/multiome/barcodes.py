"""Cells that both matrices have."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from graph.errors import InputError

_SUFFIX = r"[-_.#]\d+$"
MIN_SHARED_RATE = 0.1
"""Of the smaller matrix; below it the two are hardly of one experiment."""


@dataclass(frozen=True)
class SharedCells:
    """Rows of the cells that both matrices have, in the order of the RNA matrix.

    Parameters
    ----------
    rna_rows, atac_rows
        Shape (num_cells,): the same cell at the same place.
    """

    rna_rows: np.ndarray
    atac_rows: np.ndarray
    num_rna_only: int
    num_atac_only: int


def match_barcodes(rna: pd.Index, atac: pd.Index, *, files: str = "RNA and ATAC") -> SharedCells:
    """Return the shared cells.

    Parameters
    ----------
    files
        What an error calls the two.

    Raises
    ------
    InputError
        If there is none, or less than a tenth of the smaller matrix.
    """
    places = atac.get_indexer(rna)
    shared = np.flatnonzero(places >= 0)
    if shared.size < MIN_SHARED_RATE * min(len(rna), len(atac)) or shared.size == 0:
        found = f"{shared.size:,} of their barcodes" if shared.size else "no barcode"
        raise InputError(
            f"{files} share {found}: RNA has {len(rna):,} such as {rna[0]!r}, "
            f"ATAC {len(atac):,} such as {atac[0]!r}",
            hint=_remedy(rna, atac),
        )
    return SharedCells(
        rna_rows=shared,
        atac_rows=places[shared],
        num_rna_only=len(rna) - shared.size,
        num_atac_only=len(atac) - shared.size,
    )


def _remedy(rna: pd.Index, atac: pd.Index) -> str:
    bare = rna.astype(str).str.replace(_SUFFIX, "", regex=True)
    num_bare = bare.isin(atac.astype(str).str.replace(_SUFFIX, "", regex=True)).sum()
    if num_bare:
        return f"{num_bare:,} agree without a suffix such as -1: write the same suffix into both files"
    return "give the two matrices of one experiment, with the same barcodes for the same cells"
