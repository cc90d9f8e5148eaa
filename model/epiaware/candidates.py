"""The gene-peak candidates of a data set, as stage 1 takes them."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.errors import InputError
from model.metacells import Metacells


class Candidates(Protocol):
    """The gene-peak candidates of a data set."""

    @property
    def near_index(self) -> NDArray[np.int64]:
        """(2, num_near) [gene, peak], sorted by gene, nearest peak first."""
        ...

    @property
    def near_distance(self) -> NDArray[np.floating] | NDArray[np.integer]:
        """Distance of each pair in bp, (num_near,)."""
        ...


def check_candidates(data: Candidates, metacells: Metacells) -> None:
    """Refuse candidates that are not of these counts.

    Raises
    ------
    InputError
        With all faults.
    """
    near, shape = data.near_index, (metacells.rna.shape[1], metacells.atac.shape[1])
    if near.ndim != 2 or near.shape[0] != 2 or near.shape[1] != data.near_distance.shape[0]:
        raise InputError(
            f"near_index must be (2, num_near) beside near_distance (num_near,), found {near.shape} and "
            f"{data.near_distance.shape}"
        )
    if near.size == 0:
        return
    faults = [
        f"{name} index {int(row.max())} of {size} in the counts"
        for name, row, size in zip(("gene", "peak"), near, shape, strict=True)
        if row.min() < 0 or row.max() >= size
    ]
    if (np.diff(near[0]) < 0).any():
        faults.append("near_index is not sorted by gene")
    if faults:
        raise InputError("the gene-peak candidates do not fit the counts", faults=faults)
