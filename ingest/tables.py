"""Reads tables as text and checks them: one error names the file, rows, columns, values and the remedy."""

import gzip
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from graph.errors import InputError

FIRST_DATA_LINE = 2
"""Rows are named by their line in the file; line 1 is the header."""

_SEPARATORS: Mapping[str, str] = {",": "commas", ";": "semicolons", "\t": "tabs", " ": "spaces", "|": "bars"}


def require_file(path: Path) -> Path:
    """Return the path of a file that is there and holds something.

    Raises
    ------
    InputError
        If there is no such file, or it is empty.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file", hint="check the path")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty (0 bytes)", hint="download or copy it again")
    return path


def read_text(path: Path) -> str:
    """Return the text of a plain or gzip-compressed UTF-8 file.

    Raises
    ------
    InputError
        If the file is missing, empty, cut short, or not text.
    """
    require_file(path)
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"{path}: the gzip file is cut short or damaged ({error})",
            hint="copy or download it again, and compare its size or checksum with the original",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text ({error})", hint="is this the right file?") from error
    if not text.strip():
        raise InputError(f"{path}: the file holds no text", hint="download or copy it again")
    return text


def read_table(path: Path, *, columns: Sequence[str], separator: str = "\t") -> pd.DataFrame:
    """Return the named columns as text, stripped, indexed by line number; missing values are ''.

    Raises
    ------
    InputError
        If the file cannot be read, has another separator, or lacks columns.
    """
    lines = read_text(path).splitlines()
    header = [name.strip() for name in lines[0].split(separator)]
    _require_columns(path, header=header, columns=columns, separator=separator)
    cells = [line.split(separator) for line in lines[1:]]
    _require_width(path, cells, width=len(header))
    frame = pd.DataFrame(cells, columns=pd.Index(header), dtype=object)
    frame.index = pd.RangeIndex(FIRST_DATA_LINE, FIRST_DATA_LINE + len(frame), name="row")
    blank = pd.Series([not line.strip() for line in lines[1:]], index=frame.index, dtype=bool)
    kept = frame.loc[~blank, list(columns)].fillna("")
    return kept.apply(lambda column: column.str.strip()) if len(kept) else kept


def check_table(frame: pd.DataFrame, schema: pa.DataFrameSchema, *, path: Path, remedy: str) -> pd.DataFrame:
    """Return the frame with the types of its schema.

    Raises
    ------
    InputError
        With all faults: line, column, value and what was expected.
    """
    try:
        checked: pd.DataFrame = schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        faults = _faults(error.failure_cases)
        raise InputError(f"{path}: {len(faults):,} faults", faults=faults, hint=remedy) from error
    return checked


def _faults(cases: pd.DataFrame) -> list[str]:
    """Return one line a fault; a value that failed its type is not told again for its range."""
    by_place = cases.drop_duplicates(["index", "column"])
    columns = (by_place[name].tolist() for name in ("index", "column", "failure_case", "check"))
    return [
        f"{'table' if pd.isna(row) else f'line {int(row)}'}, column {column!r}: {value!r} ({check})"
        for row, column, value, check in zip(*columns, strict=True)
    ]


def _require_columns(path: Path, *, header: Sequence[str], columns: Sequence[str], separator: str) -> None:
    missing = [name for name in columns if name not in header]
    if not missing:
        return
    found = _other_separator(header, separator)
    if found:
        raise InputError(
            f"{path}: expected columns separated by {_SEPARATORS[separator]}, the header has {found}",
            hint=f"save it with {_SEPARATORS[separator]}: {list(columns)}",
        )
    raise InputError(
        f"{path}: missing columns {missing}; expected {list(columns)}, found {list(header)[:20]}",
        hint="rename the columns of the first line, or give the file of this source",
    )


def _other_separator(header: Sequence[str], separator: str) -> str:
    if len(header) > 1:
        return ""
    others = [name for mark, name in _SEPARATORS.items() if mark != separator and mark in header[0]]
    return others[0] if others else ""


def _require_width(path: Path, cells: Sequence[Sequence[str]], *, width: int) -> None:
    faults = [
        f"line {line}: {len(row)} columns, the header has {width}"
        for line, row in enumerate(cells, start=FIRST_DATA_LINE)
        if len(row) > width
    ]
    if faults:
        raise InputError(
            f"{path}: {len(faults):,} lines are wider than the header",
            faults=faults,
            hint="a separator stands inside a value; quote nothing and use tabs between columns",
        )
