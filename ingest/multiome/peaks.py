"""Peaks of a matrix: intervals from the columns chrom, start, end, or from names such as chr1:10-20."""

from pathlib import Path

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.chromosomes import with_prefix

COORDINATES = ("chrom", "start", "end")
_NAME = r"^(?P<chrom>[^\s:]+?)[:\-_](?P<start>\d+)[\-_](?P<end>\d+)$"
_REMEDY = "var needs the columns chrom, start, end (0-based, half-open), or names such as chr1:9963-10665"


def read_peaks(var: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return chrom (UCSC style), start, end (int64), indexed by the names of the features, in their order.

    Features whose chromosome is said to be unknown (empty or `NA`) are left out.

    Raises
    ------
    InputError
        If features are no intervals, or one interval is there twice; all of them are named.
    """
    present = [name for name in COORDINATES if name in var.columns]
    if present and len(present) < len(COORDINATES):
        missing = [name for name in COORDINATES if name not in present]
        raise InputError(f"{path}: var has {present} but lacks {missing}", hint=_REMEDY)
    placed = ~_is_unplaced(var["chrom"]) if present else pd.Series(data=True, index=var.index)
    if not placed.any():
        raise InputError(f"{path}: no peak has a chromosome", hint=_REMEDY)
    rows, var = np.flatnonzero(placed.to_numpy()), var[placed.to_numpy()]
    names = pd.Series(var.index.astype(str), index=var.index)
    raw = var[list(COORDINATES)] if present else names.str.extract(_NAME)
    start, end = (pd.to_numeric(raw[name], errors="coerce") for name in ("start", "end"))
    chrom = raw["chrom"].astype(object)
    whole = start.mod(1).eq(0) & end.mod(1).eq(0)
    titles = "row " + pd.Series(rows.astype(str), index=var.index) + ", peak " + names
    _refuse(chrom.isna() | ~whole, titles, path, "no interval")
    peaks = pd.DataFrame({"chrom": with_prefix(chrom), "start": start, "end": end})
    peaks = peaks.astype({"start": np.int64, "end": np.int64})
    if present:
        titles = titles + " (" + peaks["start"].astype(str) + " to " + peaks["end"].astype(str) + ")"
    reversed_ = (peaks["start"] < 0) | (peaks["end"] <= peaks["start"])
    _refuse(reversed_, titles, path, "0 <= start < end does not hold")
    _refuse(peaks.duplicated(keep="first"), titles, path, "the interval is there twice")
    return peaks


def _is_unplaced(chroms: pd.Series) -> pd.Series:
    return chroms.isna() | chroms.astype(str).str.strip().isin(["", "NA", "nan"])


def _refuse(bad: pd.Series, titles: pd.Series, path: Path, claim: str) -> None:
    if bad.any():
        raise InputError(
            f"{path}: {int(bad.sum()):,} of {len(bad):,} peaks are not valid intervals",
            faults=[f"{title}: {claim}" for title in titles[bad.to_numpy()]],
            hint=_REMEDY,
        )
