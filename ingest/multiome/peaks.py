"""Peaks of a matrix: intervals from the columns chrom, start, end, or from names such as chr1:10-20."""

from collections.abc import Sequence
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

    Raises
    ------
    InputError
        If features are no intervals, or one interval is there twice; all of them are named.
    """
    present = [name for name in COORDINATES if name in var.columns]
    if present and len(present) < len(COORDINATES):
        missing = [name for name in COORDINATES if name not in present]
        raise InputError(f"{path}: var has {present} but lacks {missing}", hint=_REMEDY)
    names = pd.Series(var.index.astype(str), index=var.index)
    raw = var[list(COORDINATES)] if present else names.str.extract(_NAME)
    start, end = (pd.to_numeric(raw[name], errors="coerce") for name in ("start", "end"))
    chrom = raw["chrom"].astype(object)
    whole = start.mod(1).eq(0) & end.mod(1).eq(0)
    _refuse(chrom.isna() | ~whole, names, path, "no interval")
    peaks = pd.DataFrame({"chrom": with_prefix(chrom), "start": start, "end": end})
    peaks = peaks.astype({"start": np.int64, "end": np.int64})
    _refuse(
        (peaks["start"] < 0) | (peaks["end"] <= peaks["start"]),
        _told(names, peaks),
        path,
        "0 <= start < end does not hold",
    )
    _refuse(peaks.duplicated(keep="first"), _told(names, peaks), path, "the interval is there twice")
    return peaks


def _told(names: pd.Series, peaks: pd.DataFrame) -> pd.Series:
    return names + " (" + peaks["start"].astype(str) + " to " + peaks["end"].astype(str) + ")"


def _refuse(bad: pd.Series, names: pd.Series, path: Path, claim: str) -> None:
    rows: Sequence[int] = np.flatnonzero(bad.to_numpy()).tolist()
    if rows:
        raise InputError(
            f"{path}: {len(rows):,} of {len(bad):,} peaks are not valid intervals",
            faults=[f"row {row}, peak {names.iloc[row]}: {claim}" for row in rows],
            hint=_REMEDY,
        )
