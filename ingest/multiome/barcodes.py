"""Cells that all matrices of an experiment have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.matrix import Integers

_SUFFIX = r"[-_.#]\d+$"
_NUCLEOTIDES = r"([ACGTN]{8,})"
MIN_SHARED_RATE = 0.1
"""Of the smaller matrix; below it the two are hardly of one experiment."""


@dataclass(frozen=True)
class SharedCells:
    """Rows of the cells that all matrices have, in the order of the first.

    Parameters
    ----------
    rows
        Of each matrix, shape (num_cells,): the same cell at the same place.
    num_only
        Of each matrix, the cells that another one lacks.
    """

    rows: tuple[Integers, ...]
    num_only: tuple[int, ...]

    @property
    def num_cells(self) -> int:
        """Number of shared cells."""
        return len(self.rows[0])


def match_barcodes(
    barcodes: Sequence[pd.Index], titles: Sequence[str], *, ignore_suffix: bool = False
) -> SharedCells:
    """Return the shared cells.

    Parameters
    ----------
    titles
        What errors call the matrices, the first of which is the RNA's.
    ignore_suffix
        Compare only the run of nucleotides in a barcode, or what is left without a suffix such as `-1`.

    Raises
    ------
    InputError
        If a matrix shares no cell with the first, or less than a tenth of the smaller one; or if barcodes
        without their suffix are not unique.
    """
    names = [
        _bare(index, title) if ignore_suffix else index for index, title in zip(barcodes, titles, strict=True)
    ]
    shared = np.arange(len(names[0]))
    for other, title in zip(names[1:], titles[1:], strict=True):
        places = other.get_indexer(names[0])
        _require_shared(names[0], other, int(np.sum(places >= 0)), titles=(titles[0], title))
        shared = shared[places[shared] >= 0]
    if shared.size == 0:
        raise InputError(
            f"{', '.join(titles)}: no cell is in all of them", hint="give matrices of one experiment"
        )
    rows = tuple(each.get_indexer(names[0][shared]).astype(np.int64) for each in names)
    return SharedCells(rows, tuple(len(each) - len(shared) for each in names))


def _require_shared(rna: pd.Index, other: pd.Index, num_shared: int, *, titles: tuple[str, str]) -> None:
    if num_shared >= MIN_SHARED_RATE * min(len(rna), len(other)) and num_shared:
        return
    found = f"{num_shared:,} of their barcodes" if num_shared else "no barcode"
    raise InputError(
        f"{titles[0]} and {titles[1]} share {found}: the first has {len(rna):,} such as {rna[0]!r}, "
        f"the other {len(other):,} such as {other[0]!r}",
        hint=_remedy(rna, other),
    )


def _remedy(rna: pd.Index, other: pd.Index) -> str:
    bare, others = _stripped(rna), _stripped(other)
    num_bare = int(bare.isin(others).sum())
    if not num_bare:
        return "give matrices of one experiment, with the same barcodes for the same cells"
    agree = f"{num_bare:,} agree without suffixes such as -1 and names of samples"
    if bare.is_unique and others.is_unique:
        return f"{agree}: add `--ignore-suffix`"
    return f"{agree}, but several cells share a barcode then: write the same barcodes into both files"


def _stripped(barcodes: pd.Index) -> pd.Index:
    texts = pd.Series(barcodes.astype(str))
    nucleotides = texts.str.extract(_NUCLEOTIDES, expand=False)
    stripped: pd.Index = pd.Index(
        nucleotides.where(nucleotides.notna(), texts.str.replace(_SUFFIX, "", regex=True))
    )
    return stripped


def _bare(barcodes: pd.Index, title: str) -> pd.Index:
    bare = _stripped(barcodes)
    twice = np.flatnonzero(bare.duplicated(keep=False))
    if twice.size:
        raise InputError(
            f"{title}: {twice.size:,} barcodes are the same without their suffix",
            faults=[f"row {row}, barcode {barcodes[row]!r} is {bare[row]!r}" for row in twice[:50]],
            hint="leave out `--ignore-suffix`, and write the same barcodes into both files",
        )
    return bare
