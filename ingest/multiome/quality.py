"""Quality control: which cells and features are left out, by thresholds that are stated."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from graph.errors import InputError
from ingest.multiome.matrix import Integers


@dataclass(frozen=True)
class Thresholds:
    """What a cell and a feature must have; the defaults take out cells without a single count only.

    Cells are judged first, then features by the cells that are left. Upper bounds of genes and peaks stand
    against doublets; `None` sets no bound.

    Parameters
    ----------
    max_mitochondrial_share
        Of the counts of a cell that fall on genes of the mitochondrial chromosome, 0 to 1.

    Raises
    ------
    InputError
        If a threshold is outside its range.

    References
    ----------
    Thresholds are the data's: Luecken and Theis 2019, 10.15252/msb.20188746.
    """

    min_genes_per_cell: int = 1
    max_genes_per_cell: int | None = None
    min_peaks_per_cell: int = 1
    max_peaks_per_cell: int | None = None
    max_mitochondrial_share: float = 1.0
    min_cells_per_gene: int = 0
    min_cells_per_peak: int = 0

    def __post_init__(self) -> None:
        faults = [
            f"{field.name} = {value}"
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None and value < 0
        ]
        if not 0 <= self.max_mitochondrial_share <= 1:
            faults.append(f"max_mitochondrial_share = {self.max_mitochondrial_share}, a share is 0 to 1")
        for kind in ("genes", "peaks"):
            low, high = getattr(self, f"min_{kind}_per_cell"), getattr(self, f"max_{kind}_per_cell")
            if high is not None and high < low:
                faults.append(f"max_{kind}_per_cell = {high} is below min_{kind}_per_cell = {low}")
        if faults:
            raise InputError("thresholds of the quality control are out of range", faults=faults)


@dataclass(frozen=True)
class CellStatistics:
    """What is counted of each cell; arrays of shape (num_cells,).

    Parameters
    ----------
    num_peaks
        None for a data set without peaks.
    """

    num_genes: Integers
    mitochondrial_share: npt.NDArray[np.float64]
    num_peaks: Integers | None


@dataclass(frozen=True)
class Verdict:
    """What is kept, and how many were left out for which reason; each is counted for its first reason."""

    kept: npt.NDArray[np.bool_]
    dropped: dict[str, int]


def judge_cells(cells: CellStatistics, thresholds: Thresholds) -> Verdict:
    """Return which cells are kept.

    Raises
    ------
    InputError
        If none is.
    """
    t = thresholds
    reasons = {
        f"cells with fewer than {t.min_genes_per_cell:,} genes": cells.num_genes < t.min_genes_per_cell,
        **_above("genes", cells.num_genes, t.max_genes_per_cell),
    }
    if cells.num_peaks is not None:
        few = cells.num_peaks < t.min_peaks_per_cell
        reasons[f"cells with fewer than {t.min_peaks_per_cell:,} peaks"] = few
        reasons |= _above("peaks", cells.num_peaks, t.max_peaks_per_cell)
    much = cells.mitochondrial_share > t.max_mitochondrial_share
    reasons[f"cells with more than {t.max_mitochondrial_share:.0%} mitochondrial counts"] = much
    return _verdict(reasons, len(cells.num_genes), what="cell")


def judge_features(num_cells: Integers, *, minimum: int, what: str) -> Verdict:
    """Return which features are seen in enough cells.

    Raises
    ------
    InputError
        If none is.
    """
    reasons = {f"{what}s in fewer than {minimum:,} cells": num_cells < minimum}
    return _verdict(reasons, len(num_cells), what=what)


def _above(kind: str, numbers: Integers, maximum: int | None) -> dict[str, npt.NDArray[np.bool_]]:
    return {} if maximum is None else {f"cells with more than {maximum:,} {kind}": numbers > maximum}


def _verdict(reasons: dict[str, npt.NDArray[np.bool_]], total: int, *, what: str) -> Verdict:
    kept = np.ones(total, dtype=bool)
    dropped = {}
    for reason, bad in reasons.items():
        dropped[reason] = int(np.sum(kept & bad))
        kept &= ~bad
    if not kept.any():
        raise InputError(
            f"quality control leaves no {what} of {total:,}",
            faults=[f"{number:,} {reason}" for reason, number in dropped.items() if number],
            hint="loosen the thresholds, or give raw counts of whole cells",
        )
    return Verdict(kept, {reason: number for reason, number in dropped.items() if number})
