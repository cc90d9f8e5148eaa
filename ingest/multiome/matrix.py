"""A count matrix in a file: its cells and features in memory, its counts in the file until asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """Stored values of a matrix, each with its place; three arrays of one length.

    Parameters
    ----------
    values
        As the file has them, unchecked.
    """

    rows: npt.NDArray[np.integer]
    columns: npt.NDArray[np.integer]
    values: npt.NDArray[np.number]


Stream = Callable[[int], Iterator[Entries]]
"""Given how many entries may be in memory at once: all entries of a matrix. It can be called again."""


@dataclass(frozen=True)
class Matrix:
    """Cells x features.

    Parameters
    ----------
    path, name
        The file or folder, and the modality's name in it; '' where it has one matrix only.
    obs, var
        Indexed by barcode and by the name of the feature.
    place
        Where in the file the counts are, such as `layers/counts`.
    num_stored
        Number of stored values.
    by_cell
        Whether entries come cell by cell, and a cell's entries never in two parts.
    stream
        Reads the counts.
    """

    path: Path
    name: str
    obs: pd.DataFrame
    var: pd.DataFrame
    place: str
    num_stored: int
    by_cell: bool
    stream: Stream

    @property
    def shape(self) -> tuple[int, int]:
        """Number of cells, number of features."""
        return len(self.obs), len(self.var)

    @property
    def title(self) -> str:
        """What messages call the matrix: its file, and its name in it."""
        return f"{self.path} ({self.name})" if self.name else str(self.path)


def entry_ranges(starts: npt.NDArray[np.integer], limit: int) -> Iterator[tuple[int, int]]:
    """Return ranges of rows that together have at most `limit` entries, or one row that has more.

    Parameters
    ----------
    starts
        Shape (num_rows + 1,): the place of each row's first entry, and their number.
    """
    first, num_rows = 0, len(starts) - 1
    while first < num_rows:
        last = int(np.searchsorted(starts, starts[first] + limit, side="right")) - 1
        last = min(max(last, first + 1), num_rows)
        yield first, last
        first = last
