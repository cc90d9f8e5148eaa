"""Reads tables as text and checks them: one error names the file, rows, columns, values and the remedy."""

import csv
import gzip
import lzma
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaErrors
from pyarrow import csv as pa_csv

from graph.errors import InputError

FIRST_DATA_LINE = 2
"""Rows are named by their line in the file; line 1 is the header."""

_OPENERS: Mapping[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".xz": lzma.decompress}
_SEPARATORS: Mapping[str, str] = {",": "commas", ";": "semicolons", "\t": "tabs", " ": "spaces", "|": "bars"}


def require_file(path: Path) -> Path:
    """Return the path of a file that is there and holds something.

    Raises
    ------
    InputError
        If there is no such file, or it is empty.
    """
    if path.is_dir():
        raise InputError(f"{path}: a folder, expected a file", hint="give the file in it")
    if not path.is_file():
        raise InputError(f"{path}: no such file", hint="check the path")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty (0 bytes)", hint="download or copy it again")
    return path


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, plain or compressed (`.gz`, `.xz`), its lines ended by a line feed.

    Raises
    ------
    InputError
        If the file is missing, a folder, empty, cut short, or not text.
    """
    require_file(path)
    opened = _OPENERS.get(path.suffix, bytes)
    try:
        text = opened(path.read_bytes()).decode("utf-8-sig").replace("\r\n", "\n")
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError) as error:
        raise InputError(
            f"{path}: the {path.suffix[1:]} file is cut short or damaged ({error})",
            hint="copy or download it again, and compare its size or checksum with the original",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text ({error})", hint="is this the right file?") from error
    if not text.strip():
        raise InputError(f"{path}: the file holds no text", hint="download or copy it again")
    return text


def read_lines(path: Path) -> list[str]:
    """Return the lines of a text file; other marks that Unicode counts as line ends stay in them.

    Raises
    ------
    InputError
        As `read_text`.
    """
    return read_text(path).removesuffix("\n").split("\n")


def read_table(
    path: Path,
    *,
    columns: Sequence[str],
    optional: Sequence[str] = (),
    separator: str = "\t",
    quoted: bool = False,
) -> pd.DataFrame:
    """Return the named columns as text, stripped, indexed by line number; missing values are ''.

    Parameters
    ----------
    optional
        Columns that are '' throughout where the file lacks them.
    quoted
        Values may stand between double quotes, with separators and line ends in them.

    Raises
    ------
    InputError
        If the file cannot be read, has no rows, another separator, or lacks columns.
    """
    text = read_text(path)
    rows = _regular(text, separator) if not quoted else None
    if rows is None:
        rows = _irregular(path, text, separator=separator, quoted=quoted)
    _require_columns(path, header=list(rows.columns), columns=columns, separator=separator)
    _require_once(path, header=list(rows.columns), columns=(*columns, *optional))
    if rows.empty:
        raise InputError(f"{path}: the file has a header and no rows", hint="download or copy it again")
    missing = {name: "" for name in optional if name not in rows.columns}
    return rows.assign(**missing)[[*columns, *optional]]


def check_table(
    frame: pd.DataFrame, schema: pandera.DataFrameSchema, *, path: Path, remedy: str
) -> pd.DataFrame:
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


def _require_once(path: Path, *, header: Sequence[str], columns: Sequence[str]) -> None:
    twice = [name for name in columns if header.count(name) > 1]
    if twice:
        raise InputError(f"{path}: columns {twice} stand twice in the header", hint="rename one of them")


def _require_width(path: Path, rows: Sequence[tuple[int, Sequence[str]]], *, width: int) -> None:
    faults = [
        f"line {line}: {len(cells)} columns, the header has {width}"
        for line, cells in rows
        if len(cells) > width
    ]
    if faults:
        raise InputError(
            f"{path}: {len(faults):,} lines are wider than the header",
            faults=faults,
            hint="a separator stands inside a value; quote nothing and use tabs between columns",
        )


def _regular(text: str, separator: str) -> pd.DataFrame | None:
    """Return the cells, stripped, of a text without blank or uneven lines, fast; None of any other."""
    if "\n\n" in text or "\r" in text or "\0" in text:
        return None
    header = [name.strip() for name in text.partition("\n")[0].split(separator)]
    numbered = [str(number) for number in range(len(header))]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=pa_csv.ReadOptions(skip_rows=1, column_names=numbered),
            parse_options=pa_csv.ParseOptions(delimiter=separator, quote_char=False),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(numbered, pa.string())),
        )
    except pa.ArrowInvalid:
        return None
    trimmed = [pc.utf8_trim_whitespace(column).to_pandas() for column in table.columns]
    frame = pd.DataFrame(dict(zip(numbered, trimmed, strict=True)), dtype=object)
    frame = frame.set_axis(pd.Index(header), axis=1)
    frame.index = pd.RangeIndex(FIRST_DATA_LINE, FIRST_DATA_LINE + len(frame), name="row")
    return frame[(frame != "").any(axis=1)]


def _irregular(path: Path, text: str, *, separator: str, quoted: bool) -> pd.DataFrame:
    """Return the cells, stripped, of any text; missing ones are ''.

    Raises
    ------
    InputError
        If lines are wider than the header, or a quote is not closed.
    """
    lines = text.removesuffix("\n").split("\n")
    if quoted:
        numbered = _quoted_rows(path, lines, separator)
    else:
        numbered = [(number, line.split(separator)) for number, line in enumerate(lines, start=1)]
    header = [name.strip() for name in numbered[0][1]]
    rows = [(number, cells) for number, cells in numbered[1:] if "".join(cells).strip()]
    _require_width(path, rows, width=len(header))
    full = [[cell.strip() for cell in cells] + [""] * (len(header) - len(cells)) for _, cells in rows]
    index = pd.Index([number for number, _ in rows], name="row", dtype=int)
    return pd.DataFrame(full, columns=pd.Index(header), index=index, dtype=object)


def _quoted_rows(path: Path, lines: Sequence[str], separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, strict=True)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(
            f"{path}, line {reader.line_num}: {error}", hint="a double quote is opened and not closed"
        ) from error
