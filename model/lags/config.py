"""Settings of a lag estimate."""

from dataclasses import dataclass, fields
from typing import Literal

from graph.errors import InputError

Scale = Literal["linear", "log"]


@dataclass(frozen=True)
class LagConfig:
    """What a lag estimate from real time points takes as given.

    Parameters
    ----------
    num_bootstraps
        Resamples of the cells within their time points, at least 100.
    num_permutations
        Permutations of the time labels, at least 100; smaller p values come from a fitted tail
        (`association.permutation_p`), so that their number need not grow with the number of edges.
    min_cells
        Fewest cells at each time point.
    min_detected
        Fewest cells in which a gene (or its chromatin) is seen.
    fdr
        Benjamini-Hochberg level of a called sign.
    interval
        Coverage of the bootstrap interval of a lag.
    scales
        Scales of expression on which the order must hold, one after the other. On `linear`, two genes
        whose levels are proportional have no lag; on `log`, two genes whose fold changes are.
    unit
        Unit of `time` and so of a lag.
    root
        Barcode of the cell at which a pseudotime starts, or several with commas between, for data without
        time points; without one no direction is known and nothing is estimated.
    """

    num_bootstraps: int = 500
    num_permutations: int = 1000
    min_cells: int = 20
    min_detected: int = 10
    fdr: float = 0.05
    interval: float = 0.95
    scales: tuple[Scale, ...] = ("linear", "log")
    unit: str = "h"
    root: str | None = None

    def __post_init__(self) -> None:
        lowest = {"num_bootstraps": 100, "num_permutations": 100, "min_cells": 2, "min_detected": 1}
        faults = [
            f"{name} is {getattr(self, name)}, expected at least {least}"
            for name, least in lowest.items()
            if getattr(self, name) < least
        ]
        shares = (f.name for f in fields(self) if f.name in {"fdr", "interval"})
        faults += [
            f"{name} is {getattr(self, name)}, expected a share between 0 and 1"
            for name in shares
            if not 0 < getattr(self, name) < 1
        ]
        if not self.scales or not set(self.scales) <= {"linear", "log"}:
            faults.append(f"scales is {self.scales}, expected some of 'linear' and 'log'")
        if faults:
            raise InputError("a lag estimate cannot run with these settings", faults=faults)
