"""Tables as the files that `neo4j-admin database import` reads, written by column.

A null is an empty field, an empty text is `""`. Lists are joined by a control character that no name holds;
the import knows no empty ones: those of relationships are not stored anyway, those of nodes are filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from graph.errors import InputError, ResourceError
from graph.tables import Kind

LIST_SEPARATOR = "\x1f"
_PART_BYTES = 2**24

TYPES: Mapping[Kind, str] = {
    "string": "string",
    "integer": "long",
    "float": "double",
    "boolean": "boolean",
    "strings": "string[]",
    "floats": "double[]",
}
"""Neo4j's name of each kind of column."""


@dataclass(frozen=True)
class CsvFile:
    """A file with a header.

    Attributes
    ----------
    name
        What its rows become: a relationship type, or a label of nodes.
    has_line_breaks
        Whether a text in it spans lines, which the import must be told.
    lists
        Properties that are a list in every row.
    empty_lists
        Properties that are an empty list in some rows, where the import makes no property.
    """

    path: Path
    name: str
    num_rows: int
    num_bytes: int
    has_line_breaks: bool
    lists: frozenset[str]
    empty_lists: frozenset[str]


def write_csv(path: Path, columns: Mapping[str, pa.Array], *, name: str) -> CsvFile:
    """Write columns, named as the import's header wants them, into a new file.

    Raises
    ------
    InputError
        If lists hold what the file cannot carry.
    ResourceError
        The file cannot be written.
    """
    lists = {header: array for header, array in columns.items() if pa.types.is_list(array.type)}
    texts = {header: _joined(header, array) for header, array in lists.items()}
    table = pa.table({**columns, **texts})
    try:
        pyarrow.csv.write_csv(table, path)
    except OSError as error:
        raise ResourceError(
            f"{path} cannot be written: {error}",
            hint="free some space, or set CISGRAPH_HOME to a folder on a larger disk",
        ) from error
    return CsvFile(
        path=path,
        name=name,
        num_rows=table.num_rows,
        num_bytes=path.stat().st_size,
        has_line_breaks=_has_line_breaks(path, num_rows=table.num_rows),
        lists=frozenset(_property(header) for header, array in lists.items() if not array.null_count),
        empty_lists=frozenset(_property(header) for header, array in lists.items() if _has_empty(array)),
    )


def column(values: pd.Series, kind: Kind) -> pa.Array:
    """Return a column as the Bolt route would have stored it: numbers that are not finite are null.

    Raises
    ------
    InputError
        If values are not of the kind.
    """
    try:
        if kind == "strings":
            return pa.array(values, type=pa.list_(pa.string()))
        if kind == "floats":
            return pa.array(values, type=pa.list_(pa.float64()))
        if kind == "float":
            numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
            return pa.array(numbers, mask=~np.isfinite(numbers))
        if kind == "integer":
            return pa.Array.from_pandas(values).cast(pa.int64())
        if kind == "boolean":
            return pa.Array.from_pandas(values).cast(pa.bool_())
        return _texts(values)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(f"column {values.name}: expected {kind} values: {error}") from error


def _joined(header: str, lists: pa.Array) -> pa.Array:
    """Return lists as texts; an empty list becomes a null.

    Raises
    ------
    InputError
        If an element is null or holds the separator, or a list is one empty text only, which reads as none.
    """
    elements = pc.list_flatten(lists).cast(pa.string())
    texts = pc.binary_join(lists.cast(pa.list_(pa.string())), LIST_SEPARATOR)
    is_blank = pc.equal(texts, "")
    faults = {
        "null as an element": elements.null_count > 0,
        "the character U+001F": pc.any(pc.match_substring(elements, LIST_SEPARATOR)).as_py(),
        "a list of one empty text": pc.any(
            pc.and_(is_blank, pc.greater(pc.list_value_length(lists), 0))
        ).as_py(),
    }
    if any(faults.values()):
        found = " and ".join(fault for fault, is_there in faults.items() if is_there)
        raise InputError(
            f"{_property(header)}: the lists hold {found}, which an import cannot carry",
            hint="clean the lists, or load by Bolt",
        )
    return pc.if_else(is_blank, pa.scalar(None, pa.string()), texts)


def _has_empty(lists: pa.Array) -> bool:
    return bool(pc.any(pc.equal(pc.list_value_length(lists), 0)).as_py())


def _property(header: str) -> str:
    return header.partition(":")[0]


def _texts(values: pd.Series) -> pa.Array:
    try:
        return pa.Array.from_pandas(values).cast(pa.string())
    except pa.ArrowException:  # mixed types: as text, like the Bolt route
        return pa.array(values.astype(str).where(values.notna()), type=pa.string(), from_pandas=True)


def _has_line_breaks(path: Path, *, num_rows: int) -> bool:
    """Return whether a file has more lines than rows and a header."""
    num_lines = 0
    with path.open("rb") as file:
        while part := file.read(_PART_BYTES):
            if b"\r" in part:
                return True
            num_lines += part.count(b"\n")
    return num_lines > num_rows + 1
