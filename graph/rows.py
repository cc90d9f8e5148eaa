"""Rows of a table as Bolt carries them: plain Python values, sorted, in batches."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from graph.errors import InputError
from graph.tables import Kind, Table

BATCH_ROWS = 5_000
"""Faster than 10,000 or 1,000 with two writers, and easy on a small heap."""

Row = dict[str, Any]  # what Bolt carries: strings, numbers, booleans, lists and maps of them
Columns = dict[str, list[Any]]
"""Values by column, all of one length."""

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


def batches(table: Table, frame: pd.DataFrame, *, size: int = BATCH_ROWS) -> Iterator[Columns]:
    """Yield the rows of a frame as columns of plain Python values, sorted by the first key column.

    Raises
    ------
    InputError
        If columns are missing, or hold nulls where none may be.
    """
    checked = checked_frame(table, frame).sort_values(table.key[0], kind="stable")
    for first in range(0, len(checked), size):
        part = checked.iloc[first : first + size]
        yield {name: _python_values(part[name], kind) for name, kind in table.columns.items()}


def as_rows(columns: Columns) -> Row:
    """Return columns as the parameter `rows`, a map a row."""
    rows = zip(*columns.values(), strict=True)
    return {"rows": [dict(zip(columns, row, strict=True)) for row in rows]}


def by_source(columns: Columns) -> Row:
    """Return columns, sorted by `source`, as parameters, and as `rows` where each source lies in them."""
    sources = columns["source"]
    firsts = [i for i, source in enumerate(sources) if i == 0 or source != sources[i - 1]]
    lasts = [*(first - 1 for first in firsts[1:]), len(sources) - 1]
    rows = [
        {"source": sources[first], "first": first, "last": last}
        for first, last in zip(firsts, lasts, strict=True)
    ]
    kept = {name: values for name, values in columns.items() if name != "source"}
    return {"rows": rows, **{name: _without_empty_lists(values) for name, values in kept.items()}}


def _without_empty_lists(values: list[Any]) -> list[Any]:
    return [None if value == [] else value for value in values] if isinstance(values[0], list) else values


def _numbers(values: list[Any], name: str) -> list[float]:
    numbers = np.asarray(values, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise InputError(f"column {name}: a list holds numbers that are missing or infinite, found {values}")
    plain: list[float] = numbers.tolist()
    return plain


def _python_values(column: pd.Series, kind: Kind) -> list[Any]:
    """Return plain Python values; nulls of every flavour become None."""
    if kind == "strings":
        return [list(value) for value in column]
    if kind == "floats":
        return [_numbers(value, str(column.name)) if isinstance(value, list) else [] for value in column]
    target = _PYTHON_TYPES[kind]
    if kind == "float":
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return [value if np.isfinite(value) else None for value in values.tolist()]
    if not column.isna().any():
        return column.astype(target).tolist()
    return [None if pd.isna(value) else target(value) for value in column]
