"""Tables of edges that users bring: tsv, csv, parquet, with columns of any name."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graph.errors import InputError
from ingest.tables import read_table, require_file

_SEPARATORS: Mapping[str, str] = {".csv": ",", ".tsv": "\t", ".txt": "\t", ".tab": "\t"}


def read_edges(path: Path, names: Mapping[str, str | None]) -> pd.DataFrame:
    """Return columns as text under the names of their roles, indexed by line (Parquet: by row, from 1).

    Parameters
    ----------
    names
        Name of the column in the file, by role; None where the file has none.

    Raises
    ------
    InputError
        If the file cannot be read, is of an unknown kind, or lacks columns.
    """
    wanted = {name: role for role, name in names.items() if name}
    suffixes = [suffix for suffix in path.suffixes if suffix not in (".gz", ".xz")]
    kind = suffixes[-1] if suffixes else ""
    if kind == ".parquet":
        return _read_parquet(path, list(wanted)).rename(columns=wanted)
    if kind not in _SEPARATORS:
        known = [*_SEPARATORS, ".parquet"]
        raise InputError(f"{path}: expected a file that ends in one of {known} (or that and .gz)")
    return read_table(path, columns=list(wanted), separator=_SEPARATORS[kind], quoted=kind == ".csv").rename(
        columns=wanted
    )


def _read_parquet(path: Path, columns: list[str]) -> pd.DataFrame:
    require_file(path)
    try:
        found = pq.read_schema(path).names
        missing = [name for name in columns if name not in found]
        if missing:
            raise InputError(
                f"{path}: missing columns {missing}; found {found[:20]}", hint="say how they are called"
            )
        frame = pq.read_table(path, columns=columns).to_pandas()
    except pa.ArrowException as error:
        raise InputError(f"{path}: no Parquet file that can be read ({error})") from error
    if frame.empty:
        raise InputError(f"{path}: the table has no rows", hint="write or copy it again")
    text = frame.astype(object).where(frame.notna(), "").astype(str)
    rows = text.set_axis(pd.RangeIndex(1, len(text) + 1, name="row"))
    stripped: pd.DataFrame = rows.apply(lambda column: column.str.strip())
    return stripped
