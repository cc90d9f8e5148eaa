"""MuData's .h5mu: one AnnData a modality."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from anndata.io import read_elem

from graph.errors import InputError
from ingest.multiome.formats.anndata_group import read_group
from ingest.multiome.formats.stored import Node, opened, reading
from ingest.multiome.matrix import Matrix


def read_h5mu(path: Path, *, layer: str = "") -> Sequence[Matrix]:
    """Return the modalities of the file, those whose matrix has the layer; joint columns of `obs` are added.

    Raises
    ------
    InputError
        If the file is damaged, has no modality, or none with such a layer.
    """
    with reading(path), opened(path) as root:
        return read_modalities(root, path, layer=layer)


def read_modalities(root: Node, path: Path, *, layer: str) -> list[Matrix]:
    """Return the modalities of a MuData."""
    names = sorted(root["mod"].keys())
    if not names:
        raise InputError(f"{path}: no modality", hint="expected at least RNA, and peaks or proteins")
    joint = read_elem(root["obs"]) if "obs" in root else pd.DataFrame()
    matrices = [_modality(root, path, within=f"mod/{name}", layer=layer) for name in names]
    return [replace(matrix, obs=_with_joint(matrix.obs, joint)) for matrix in matrices]


def _modality(root: Node, path: Path, *, within: str, layer: str) -> Matrix:
    """A layer that was named is taken where a modality has it; others are read without."""
    group = root[within]
    has_layer = layer in ("X", "raw") or ("layers" in group and layer in group["layers"])
    return read_group(root, path, within=within, layer=layer if has_layer else "")


def _with_joint(obs: pd.DataFrame, joint: pd.DataFrame) -> pd.DataFrame:
    """Return `obs` with those columns of the whole MuData that it lacks."""
    only = [name for name in joint.columns if name not in obs.columns and ":" not in str(name)]
    if not only or not joint.index.is_unique:
        return obs
    return obs.join(joint[only])
