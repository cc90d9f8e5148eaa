"""One AnnData within an HDF5 file or a zarr folder: which of its matrices are the counts."""

from pathlib import Path

import pandas as pd
from anndata.io import read_elem

from graph.errors import InputError
from ingest.multiome.formats.stored import (
    Node,
    looks_whole,
    matrix_format,
    matrix_shape,
    num_stored,
    stream_of,
)
from ingest.multiome.matrix import Matrix

COUNT_LAYERS = ("counts", "raw_counts", "count", "raw", "umi", "umi_counts")
"""Layers that hold raw counts by their name, the first one that is there."""


def read_group(root: Node, path: Path, *, within: str = "", layer: str = "") -> Matrix:
    """Return the counts of an AnnData.

    Parameters
    ----------
    within
        Where it lies in the file, such as `mod/rna`; '' for the whole file.
    layer
        A layer, `X` or `raw`; '' takes a layer with a name of counts, else `X`, else `raw`, whichever
        holds whole numbers first.

    Raises
    ------
    InputError
        If there is no such layer, no matrix, or it does not fit its cells and features.
    """
    group = root[within] if within else root
    place = _counts_place(group, path, layer=layer)
    obs = read_elem(group["obs"])
    var = read_elem(group["raw/var"] if place == "raw/X" else group["var"])
    node = group[place]
    _require_fit(node, obs, var, where=f"{path}, {place}")
    key = f"{within}/{place}" if within else place
    return Matrix(
        path=path,
        name=within.removeprefix("mod/"),
        obs=obs,
        var=var,
        place=place,
        num_stored=num_stored(node),
        by_cell=matrix_format(node) != "csc",
        stream=stream_of(path, key),
    )


def _counts_place(group: Node, path: Path, *, layer: str) -> str:
    layers = sorted(group["layers"].keys()) if "layers" in group else []
    others = [place for place in ("X", "raw/X") if place in group]
    if layer:
        return _said_place(layer, layers, others, path)
    named = [name for name in COUNT_LAYERS if name in layers]
    if named:
        return f"layers/{named[0]}"
    if not others:
        raise InputError(
            f"{path}: no matrix, found the layers {layers}",
            hint="raw counts are expected in X, in raw or in the layer 'counts'; `--layer` names another",
        )
    return next((place for place in others if looks_whole(group[place])), others[0])


def _said_place(layer: str, layers: list[str], others: list[str], path: Path) -> str:
    if layer in layers:
        return f"layers/{layer}"
    place = {"X": "X", "raw": "raw/X"}.get(layer, "")
    if place not in others:
        known = [*layers, *("raw" if other == "raw/X" else other for other in others)]
        raise InputError(f"{path}: no layer {layer!r}, found {known}", hint="name one of them with `--layer`")
    return place


def _require_fit(node: Node, obs: object, var: object, *, where: str) -> None:
    if not (isinstance(obs, pd.DataFrame) and isinstance(var, pd.DataFrame)):
        raise InputError(
            f"{where}: obs or var is no table",
            hint="the file is of anndata before 0.7: read and write it anew",
        )
    expected = len(obs), len(var)
    if matrix_shape(node) != expected:
        raise InputError(
            f"{where}: a matrix of {matrix_shape(node)}, expected "
            f"{expected[0]:,} cells x {expected[1]:,} features",
            hint="the file is damaged: write it anew",
        )
