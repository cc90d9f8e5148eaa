"""Cell Ranger's folder: matrix.mtx, barcodes.tsv and features.tsv, genes.tsv or peaks.bed; plain or .gz."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.formats.faults import told_of
from ingest.multiome.formats.tenx_h5 import GENE_EXPRESSION, feature_table
from ingest.multiome.matrix import Entries, Matrix, Stream

PEAKS = "Peaks"
FEATURE_FILES = ("features.tsv", "genes.tsv", "peaks.bed")
_MATRIX = "matrix.mtx"
_BANNER = "%%MatrixMarket matrix coordinate"


def matrix_files(folder: Path) -> list[Path]:
    """Return the matrix files of a folder; names may have a prefix, as those of GEO have."""
    return sorted(path for path in folder.iterdir() if path.name.removesuffix(".gz").endswith(_MATRIX))


def read_tenx_mtx(folder: Path, *, layer: str = "") -> Sequence[Matrix]:
    """Return the one matrix of a folder; `var` is indexed by id, with `symbol` and `feature_types`.

    Raises
    ------
    InputError
        If a file is missing, damaged, or does not fit the others, or a layer was asked for.
    """
    if layer:
        raise InputError(f"{folder}: a folder of Cell Ranger has no layers", hint="leave out `--layer`")
    path = _only_matrix(folder)
    prefix = path.name.removesuffix(".gz").removesuffix(_MATRIX)
    barcodes = _table(_beside(folder, prefix, ["barcodes.tsv"]))[0].to_numpy(dtype=object)
    var = _features(_beside(folder, prefix, FEATURE_FILES))
    with _reading(path), _lines(path) as lines:
        num_features, num_cells, num_stored = _header(lines, path)
    if (num_features, num_cells) != (len(var), len(barcodes)):
        raise InputError(
            f"{path}: {num_features:,} features x {num_cells:,} cells, but {len(var):,} lines of features "
            f"and {len(barcodes):,} barcodes beside it",
            hint="give the three files of one run",
        )
    obs = pd.DataFrame(index=pd.Index(barcodes))
    stream = _stream(path)
    return [Matrix(folder, "", obs, var, path.name, num_stored, by_cell=False, stream=stream)]


def _reading(path: Path) -> AbstractContextManager[None]:
    return told_of(path, kind="text", writer="Cell Ranger")


def _only_matrix(folder: Path) -> Path:
    found = matrix_files(folder)
    if len(found) != 1:
        raise InputError(
            f"{folder}: {len(found)} matrices ({', '.join(path.name for path in found)}), expected one",
            hint="put the three files of each run into a folder of their own",
        )
    return found[0]


def _beside(folder: Path, prefix: str, names: Sequence[str]) -> Path:
    wanted = [f"{prefix}{name}{end}" for name in names for end in ("", ".gz")]
    path = next((folder / name for name in wanted if (folder / name).is_file()), None)
    if path is None:
        raise InputError(
            f"{folder}: none of {', '.join(wanted)}",
            hint="give the whole folder of Cell Ranger: matrix, features and barcodes",
        )
    return path


def _table(path: Path) -> pd.DataFrame:
    with _reading(path):
        return pd.read_csv(path, sep="\t", header=None, dtype=str, keep_default_na=False, comment="#")


def _features(path: Path) -> pd.DataFrame:
    table = _table(path)
    if ".bed" in path.name:
        ids = (table[0] + ":" + table[1] + "-" + table[2]).to_numpy(dtype=object)
        return feature_table(ids, ids, np.full(len(ids), PEAKS, dtype=object))
    if table.shape[1] < 2:
        raise InputError(
            f"{path}: one column, expected an id and a name", hint="write it as Cell Ranger does"
        )
    kinds = table[2] if table.shape[1] > 2 else pd.Series(GENE_EXPRESSION, index=table.index)
    return feature_table(*(each.to_numpy(dtype=object) for each in (table[0], table[1], kinds)))


def _lines(path: Path) -> IO[str]:
    return gzip.open(path, "rt") if path.suffix == ".gz" else path.open()


def _header(lines: IO[str], path: Path) -> tuple[int, int, int]:
    """Return features, cells and entries, with the file at its first entry."""
    banner = lines.readline()
    sizes = next((line for line in lines if not line.startswith("%")), "").split()
    if not banner.startswith(_BANNER) or len(sizes) != 3 or not all(size.isdigit() for size in sizes):
        raise InputError(
            f"{path}: expected {_BANNER!r} and three sizes, found {banner.strip()[:80]!r} and {sizes}",
            hint="write it as Cell Ranger does: features x cells, as coordinates",
        )
    num_features, num_cells, num_stored = (int(size) for size in sizes)
    return num_features, num_cells, num_stored


def _stream(path: Path) -> Stream:
    def stream(limit: int) -> Iterator[Entries]:
        with _reading(path), _lines(path) as lines:
            num_features, num_cells, num_stored = _header(lines, path)
            num_read = 0
            if num_stored:
                parts = pd.read_csv(
                    lines, sep=" ", header=None, names=["feature", "cell", "value"],
                    dtype={"feature": np.int64, "cell": np.int64, "value": np.float64}, chunksize=limit,
                )  # fmt: skip
                for part in parts:
                    _require_within(part, (num_features, num_cells), path, num_read)
                    num_read += len(part)
                    rows, columns = part["cell"].to_numpy() - 1, part["feature"].to_numpy() - 1
                    yield Entries(rows, columns, part["value"].to_numpy())
            if num_read != num_stored:
                raise InputError(
                    f"{path}: {num_stored:,} entries are announced, {num_read:,} are there",
                    hint="the copy was cut short; copy it again",
                )

    return stream


def _require_within(part: pd.DataFrame, shape: tuple[int, int], path: Path, num_before: int) -> None:
    outside = ~(part["feature"].between(1, shape[0]) & part["cell"].between(1, shape[1]))
    if outside.any():
        place = int(np.flatnonzero(outside.to_numpy())[0])
        raise InputError(
            f"{path}: entry {num_before + place + 1:,} is at feature {part['feature'].iloc[place]}, cell "
            f"{part['cell'].iloc[place]}, outside {shape[0]:,} features x {shape[1]:,} cells",
            hint="the file is damaged: copy it again",
        )
