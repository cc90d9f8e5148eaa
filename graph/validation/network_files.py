"""Anybody's network file -> a table ``source, target, weight, sign``: what it is, is read off its columns."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graph.errors import InputError, NotFoundError
from graph.validation import network_formats as formats

SEPARATORS = {"\t": "tab", ",": "comma", ";": "semicolon"}
PARQUET = {".parquet", ".pq"}
HEAD_CHARACTERS = 100_000
EXAMPLE = "source<tab>target<tab>weight"
WRITE = f"write a table with the header `{EXAMPLE}`, one edge a line, or Parquet named *.parquet"


@dataclass(frozen=True)
class NetworkFile:
    """A network as somebody wrote it.

    Attributes
    ----------
    frame
        ``source``, ``target`` (names as written), ``weight`` and, where the file tells it, ``sign``.
    kind
        Name of the format that was recognised.
    notes
        How its columns were understood, in words.
    """

    frame: pd.DataFrame
    kind: str
    notes: tuple[str, ...]


Reader = Callable[[pd.DataFrame], formats.Understood]
FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        "scenicplus": formats.scenicplus,
        "celloracle": formats.celloracle,
        "celloracle-base": formats.celloracle_base,
        "grnboost2": formats.grnboost2,
        "decoupler": formats.decoupler,
        "table": formats.table,
    }
)
"""In the order in which they are tried; pySCENIC's regulons have a header of three lines and come first."""

NAMES = ("pyscenic", *FORMATS)


def read_network(path: Path, *, kind: str | None = None) -> NetworkFile:
    """Return the network of a file: text with tabs, commas or semicolons (also gzipped), or Parquet.

    Parameters
    ----------
    kind
        One of `NAMES`; None looks at the columns. ``grnboost2`` may lack a header, ``decoupler`` says that a
        negative weight is repression.

    Raises
    ------
    NotFoundError
        There is no such file.
    InputError
        It is cut off, empty, not text, has no header, another separator, or columns that nobody knows.
    """
    if kind is not None and kind not in NAMES:
        raise InputError(f"expected a format among {', '.join(NAMES)}, found {kind!r}")
    if path.is_dir():
        raise InputError(
            f"expected a file, found the folder {path}", hint="give the path of the network in it"
        )
    if not path.is_file():
        raise NotFoundError(f"no file {path}", hint="give the path of a network, or the id of a run")
    if kind == "pyscenic" or (kind is None and _is_pyscenic(path)):
        return _checked(path, "pyscenic", formats.pyscenic(_text_frame(path, header=None, separator=",")))
    frame = _frame(path, kind)
    chosen = kind or formats.recognise(list(map(str, frame.columns)))
    if chosen is None:
        raise _unknown_columns(path, frame)
    return _checked(path, chosen, FORMATS[chosen](frame))


def _checked(path: Path, kind: str, understood: formats.Understood) -> NetworkFile:
    frame, notes = understood
    blank = frame["source"].isna() | frame["target"].isna()
    frame = frame.assign(
        source=frame["source"].astype(str).str.strip(), target=frame["target"].astype(str).str.strip()
    )
    blank |= (frame["source"] == "") | (frame["target"] == "")
    if frame.empty or blank.any():
        faults = [f"row {row + 1}: source or target is empty" for row in blank.to_numpy().nonzero()[0]]
        raise InputError(
            f"{path.name}: expected edges, found {'none' if frame.empty else 'rows without a name'}",
            faults=faults,
            hint=f"below the header, write one edge a line: `{EXAMPLE}`",
        )
    _refuse_weights(path, frame)
    return NetworkFile(frame.reset_index(drop=True), kind, notes)


def _refuse_weights(path: Path, frame: pd.DataFrame) -> None:
    """Raise InputError for weights that are no finite numbers, while rows are still those of the file."""
    weights = pd.to_numeric(frame["weight"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.flatnonzero(~np.isfinite(weights))
    if len(bad):
        told = zip(frame.index[bad], frame["source"].iloc[bad], frame["target"].iloc[bad],
                   frame["weight"].iloc[bad], strict=True)  # fmt: skip
        raise InputError(
            f"{path.name}: expected a finite number as the weight of each edge, found {len(bad):,} of "
            f"{len(frame):,} without one (row 1 is the first below the header)",
            faults=[
                f"row {row + 1}: {source} -> {target} has weight {value}"
                for row, source, target, value in told
            ],
            hint="leave these edges out, or give them the lowest weight",
        )


def _frame(path: Path, kind: str | None) -> pd.DataFrame:
    if path.suffix.lower() in PARQUET:
        return _parquet(path)
    first = _first_line(path)
    separator = _separator(path, first)
    cells = first.split(separator)
    if _looks_like_data(cells):
        if kind == "grnboost2":
            return _text_frame(path, header=None, separator=separator).set_axis(
                ["TF", "target", "importance"], axis=1
            )
        raise InputError(
            f"{path.name}: expected a header in line 1, found an edge: {first[:80]!r}",
            hint=f"put a line such as `{EXAMPLE}` on top, or say --format grnboost2 for regulator, target, "
            "importance without a header",
        )
    return _text_frame(path, header=0, separator=separator)


def _looks_like_data(cells: list[str]) -> bool:
    """A header names its columns: none of them is a number."""
    return any(_is_number(cell) for cell in cells)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _separator(path: Path, first: str) -> str:
    counts = {mark: first.count(mark) for mark in SEPARATORS}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best]:
        return best
    raise InputError(
        f"{path.name}: expected columns with {', '.join(SEPARATORS.values())} between them, found one column "
        f"in line 1: {first[:80]!r}",
        hint=f"write `{EXAMPLE}` with one of these separators" + _blank_hint(first),
    )


def _blank_hint(first: str) -> str:
    other = next((mark for mark in ("|", " ") if mark in first), None)
    return "" if other is None else f"; the columns seem to be separated by {other!r}"


def _text_frame(path: Path, *, header: int | None, separator: str) -> pd.DataFrame:
    with _told(path):
        return pd.read_csv(path, sep=separator, header=header, low_memory=False, keep_default_na=True)


def _first_line(path: Path) -> str:
    first = _head(path).split("\n", 1)[0].strip("\r")
    if not first.strip():
        raise InputError(f"{path.name}: expected a header and edges, found an empty first line", hint=WRITE)
    return first


def _is_pyscenic(path: Path) -> bool:
    if path.suffix.lower() in PARQUET:
        return False
    head = _head(path)
    return "TargetGenes" in head and "MotifID" in head


def _head(path: Path) -> str:
    with _told(path):
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as packed:
                return packed.read(HEAD_CHARACTERS)
        with path.open(encoding="utf-8") as file:
            return file.read(HEAD_CHARACTERS)


def _parquet(path: Path) -> pd.DataFrame:
    with _told(path):
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
        return frame


def _unknown_columns(path: Path, frame: pd.DataFrame) -> InputError:
    found = ", ".join(map(str, frame.columns[:12])) + (", ..." if frame.shape[1] > 12 else "")
    return InputError(
        f"{path.name}: expected columns source, target, weight (optionally sign), or an export of SCENIC+, "
        f"pySCENIC, GRNBoost2, CellOracle or decoupler; found {found}",
        hint="rename the columns, or name the format with --format",
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what readers raise on damaged files into words."""
    name = path.name
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: expected text in UTF-8, found other bytes", hint=WRITE) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{name}: the gzip file is cut off or damaged", hint="copy it again") from error
    except pd.errors.EmptyDataError as error:
        raise InputError(f"{name}: the file is empty", hint=WRITE) from error
    except pd.errors.ParserError as error:
        raise InputError(
            f"{name}: its lines have different numbers of columns ({error})",
            hint="quote values that hold the separator",
        ) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"{name}: expected a whole file, found one that is cut off or damaged ({error})",
            hint="copy or write it again; a Parquet file ends with the letters PAR1",
        ) from error
