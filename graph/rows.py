"""Rows of a table as Bolt carries them: plain Python values, sorted, in batches."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from graph.errors import InputError
from graph.tables import Kind, Table

BATCH_ROWS = 10_000

Row = dict[str, Any]  # what Bolt carries: strings, numbers, booleans, lists and maps of them

_PYTHON_TYPES: Mapping[Kind, type] = {"string": str, "integer": int, "float": float, "boolean": bool}


def checked_frame(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table, in its order; those that are optional and missing are null.

    Raises
    ------
    InputError
        If columns are missing, or hold nulls where none may be.
    """
    required = [name for name in table.columns if name not in table.optional]
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise InputError(f"{table.name}: expected columns {required}, missing {missing}")
    holed = [name for name in required if frame[name].isna().any()]
    if holed:
        raise InputError(f"{table.name}: columns {holed} may not hold nulls")
    return frame.reindex(columns=list(table.columns))


def batches(table: Table, frame: pd.DataFrame, *, size: int = BATCH_ROWS) -> Iterator[list[Row]]:
    """Yield the rows of a frame as Bolt parameters, sorted by the first key column.

    Raises
    ------
    InputError
        If columns are missing, or hold nulls where none may be.
    """
    checked = checked_frame(table, frame).sort_values(table.key[0], kind="stable")
    for first in range(0, len(checked), size):
        part = checked.iloc[first : first + size]
        columns = {name: _python_values(part[name], kind) for name, kind in table.columns.items()}
        yield [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def grouped(rows: Sequence[Row]) -> list[Row]:
    """Return rows that are sorted by `source` as one row a source, the rest of each below `edges`."""
    return [
        {"source": source, "edges": [_without_nulls(row) for row in edges]}
        for source, edges in groupby(rows, key=itemgetter("source"))
    ]


def _without_nulls(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None and name != "source"}


def _python_values(column: pd.Series, kind: Kind) -> list[Any]:
    """Return plain Python values; nulls of every flavour become None."""
    if kind == "strings":
        return [list(value) for value in column]
    target = _PYTHON_TYPES[kind]
    if kind == "float":
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return [value if np.isfinite(value) else None for value in values.tolist()]
    if not column.isna().any():
        return column.astype(target).tolist()
    return [None if pd.isna(value) else target(value) for value in column]
