"""Cell Ranger's .h5: features x cells by column, which is cells x features by row."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.formats.stored import Node, compressed, opened, reading
from ingest.multiome.matrix import Entries, Matrix, Stream

GENE_EXPRESSION = "Gene Expression"


def is_tenx(root: Node) -> bool:
    """Return whether a file is Cell Ranger's, of version 3 or later (`matrix`) or before (one a genome)."""
    return "matrix" in root or any("barcodes" in group for group in root.values() if hasattr(group, "keys"))


def read_tenx_h5(path: Path, *, layer: str = "") -> Sequence[Matrix]:
    """Return the one matrix of the file; `var` is indexed by id, with `symbol` and `feature_types`.

    Raises
    ------
    InputError
        If the file is damaged, has several genomes, or a layer was asked for.
    """
    if layer:
        raise InputError(f"{path}: a file of Cell Ranger has no layers", hint="leave out `--layer`")
    with reading(path), opened(path) as root:
        key = _only_group(root, path)
        group = root[key]
        var = _features(group)
        barcodes = _texts(group["barcodes"])
        num_features, num_cells = (int(size) for size in group["shape"][:])
        if (num_features, num_cells) != (len(var), len(barcodes)):
            raise InputError(
                f"{path}: a matrix of {num_features:,} features and {num_cells:,} cells, "
                f"but names of {len(var):,} and {len(barcodes):,}",
                hint="the file is damaged: copy or make it again",
            )
        return [
            Matrix(
                path=path,
                name="",
                obs=pd.DataFrame(index=pd.Index(barcodes, dtype=object)),
                var=var,
                place=key,
                num_stored=int(group["data"].shape[0]),
                by_cell=True,
                stream=_stream(path, key, shape=(num_cells, num_features)),
            )
        ]


def _stream(path: Path, key: str, *, shape: tuple[int, int]) -> Stream:
    def stream(limit: int) -> Iterator[Entries]:
        with reading(path), opened(path) as root:
            yield from compressed(root[key], shape=shape, limit=limit, where=f"{path}, {key}")

    return stream


def _only_group(root: Node, path: Path) -> str:
    if "matrix" in root:
        return "matrix"
    groups = [name for name, group in root.items() if hasattr(group, "keys") and "barcodes" in group]
    if len(groups) != 1:
        raise InputError(
            f"{path}: matrices of {len(groups)} genomes ({', '.join(groups)}), expected one",
            hint="keep the cells of one species, and write them as .h5ad",
        )
    return str(groups[0])


def _features(group: Node) -> pd.DataFrame:
    if "features" not in group:
        ids, names = _texts(group["genes"]), _texts(group["gene_names"])
        return feature_table(ids, names, np.full(len(ids), GENE_EXPRESSION, dtype=object))
    features = group["features"]
    return feature_table(_texts(features["id"]), _texts(features["name"]), _texts(features["feature_type"]))


def feature_table(ids: np.ndarray, names: np.ndarray, kinds: np.ndarray) -> pd.DataFrame:
    """Return `var` of a matrix of Cell Ranger: ids are unique there, names are not."""
    columns = {"symbol": names, "gene_ids": ids, "feature_types": kinds}
    return pd.DataFrame(columns, index=pd.Index(ids, dtype=object))


def _texts(node: Node) -> np.ndarray:
    values = np.asarray(node[:])
    return np.array(
        [each.decode() if isinstance(each, bytes) else str(each) for each in values], dtype=object
    )
