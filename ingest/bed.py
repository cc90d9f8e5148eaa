"""Files of intervals as peak callers write them: BED (3 columns or more), narrowPeak, broadPeak, summits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.chromosomes import with_prefix
from ingest.rejections import Reason, Sieve
from ingest.tables import read_lines

Layout = Literal["bed", "narrowPeak", "broadPeak"]

_BED: Final = {"chrom": 0, "start": 1, "end": 2, "name": 3, "score": 4}
_PLACES: Final[Mapping[Layout, Mapping[str, int]]] = {
    "bed": _BED,
    "broadPeak": {**_BED, "score": 6},
    "narrowPeak": {**_BED, "score": 6, "summit": 9},
}
"""Columns by layout; the score of a narrowPeak or broadPeak is its `signalValue`, of BED its fifth column."""

_NARROW_PEAK_COLUMNS = 10
_COMMENTS = ("#", "track ", "track\t", "browser ", "browser\t")
_NONE = ("", ".")
_NO_SUMMIT = "-1"


def read_intervals(path: Path, layout: Layout | None = None) -> pd.DataFrame:
    """Return `chrom`, `start`, `end`, `name`, `score`, `summit` as text, indexed by line; '' where missing.

    Parameters
    ----------
    layout
        None goes by the file's name (`.narrowPeak`, `.broadPeak`); any other file whose first row has ten
        columns is taken for a narrowPeak, the rest for BED.

    Raises
    ------
    InputError
        If the file cannot be read or has no intervals.
    """
    lines = read_lines(path)
    numbers = [
        number
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith(_COMMENTS)
    ]
    if not numbers:
        raise InputError(f"{path}: no intervals, only comments", hint="download or copy it again")
    mark = "\t" if "\t" in lines[numbers[0] - 1] else None
    cells = [lines[number - 1].split(mark) for number in numbers]
    places = _PLACES[layout or _layout_of(path, num_columns=len(cells[0]))]
    columns = {name: _column(cells, places.get(name)) for name in (*_BED, "summit")}
    return pd.DataFrame(columns, index=pd.Index(numbers, name="row"), dtype=object)


def sift_intervals(sieve: Sieve) -> None:
    """Turn text into intervals; reject rows that are none, or whose score or summit is no number of its kind.

    Chromosomes are named in UCSC's style. `start` and `end` become integers (0-based, half-open), `score` a
    number (NaN where missing), `summit` an offset from the start (-1 where missing).
    """
    rows = sieve.kept
    whole = rows["start"].str.fullmatch(r"[0-9]{1,10}") & rows["end"].str.fullmatch(r"[0-9]{1,10}")
    given = rows["chrom"] + ":" + rows["start"] + "-" + rows["end"]
    start, end = (pd.to_numeric(rows[name].where(whole, "0")).astype(np.int64) for name in ("start", "end"))
    sieve.kept = rows.assign(chrom=with_prefix(rows["chrom"]), start=start, end=end)
    bad = ~whole | rows["chrom"].eq("") | (start >= end)
    expected = "expected chromosome, start and end with 0 <= start < end"
    sieve.reject(bad, reason=Reason.BAD_INTERVAL, identifier=given, detail=expected)
    _sift_summits(sieve, given)
    _sift_scores(sieve)


def _sift_summits(sieve: Sieve, given: pd.Series) -> None:
    rows = sieve.kept
    text = rows["summit"].where(~rows["summit"].isin(_NONE), _NO_SUMMIT)
    whole = text.str.fullmatch(r"-1|[0-9]{1,10}")
    summit = pd.to_numeric(text.where(whole, _NO_SUMMIT)).astype(np.int64)
    sieve.kept = rows.assign(summit=summit)
    outside = ~whole | (summit >= rows["end"] - rows["start"])
    sieve.reject(
        outside,
        reason=Reason.BAD_INTERVAL,
        identifier=given[rows.index],
        detail="the summit is no offset inside the interval: " + text,
    )


def _sift_scores(sieve: Sieve) -> None:
    rows = sieve.kept
    score = pd.to_numeric(rows["score"], errors="coerce").astype(float)
    bad = ~rows["score"].isin(_NONE) & ~np.isfinite(score)
    sieve.kept = rows.assign(score=score)
    detail = "expected a number, or '.' for none"
    sieve.reject(bad, reason=Reason.BAD_SCORE, identifier=rows["score"], detail=detail)


def _layout_of(path: Path, *, num_columns: int) -> Layout:
    suffixes = {suffix.lower() for suffix in path.suffixes}
    if ".narrowpeak" in suffixes or (num_columns == _NARROW_PEAK_COLUMNS and ".broadpeak" not in suffixes):
        return "narrowPeak"
    return "broadPeak" if ".broadpeak" in suffixes else "bed"


def _column(cells: list[list[str]], place: int | None) -> list[str]:
    if place is None:
        return [""] * len(cells)
    return [row[place].strip() if place < len(row) else "" for row in cells]
