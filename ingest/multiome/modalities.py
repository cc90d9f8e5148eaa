"""Which matrix holds genes, which peaks, which proteins: by the kinds of features, then by names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.formats.recognise import read_matrices
from ingest.multiome.matrix import Integers, Matrix
from ingest.multiome.spec import DatasetSpec, Kind

FEATURE_TYPES: Final[Mapping[str, Kind]] = {
    "gene expression": "rna",
    "peaks": "atac",
    "antibody capture": "protein",
    "protein expression": "protein",
}
"""Kinds of features by the words of Cell Ranger, in lower case."""

MODALITY_NAMES: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(
        ("rna", "gex", "gene expression", "expression", "gene_expression", "transcriptome"), "rna"
    ),
    **dict.fromkeys(("atac", "peaks", "peak", "chromatin accessibility", "chromatin", "dna"), "atac"),
    **dict.fromkeys(
        ("prot", "protein", "proteins", "adt", "antibody capture", "antibody", "cite"), "protein"
    ),
}
"""Kinds of features by the names that modalities go by, in lower case."""


@dataclass(frozen=True)
class Part:
    """The features of one kind of a matrix.

    Parameters
    ----------
    kind
        '' where neither the features nor the name of the modality tell it.
    columns
        Shape (num_features,): their columns in the matrix.
    """

    matrix: Matrix
    kind: Kind | Literal[""]
    columns: Integers

    @property
    def var(self) -> pd.DataFrame:
        """What the file says of the features, by their names."""
        return self.matrix.var.iloc[self.columns]

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.matrix.title


@dataclass(frozen=True)
class Inputs:
    """The parts of a data set, as they lie in the files.

    Parameters
    ----------
    parts
        By kind, RNA first; kinds that are not there are left out.
    num_other
        Features of kinds that are not kept, such as guides.
    """

    parts: Mapping[Kind, Part]
    num_other: int

    @property
    def title(self) -> str:
        """What messages call the files."""
        return ", ".join(dict.fromkeys(part.title for part in self.parts.values()))


def read_inputs(spec: DatasetSpec) -> Inputs:
    """Return where the counts of each kind are; they are not read yet.

    Raises
    ------
    InputError
        If a file is not what is expected, a kind is there twice, or there are genes only.
    """
    files = _files(spec)
    parts = {path: _parts(read_matrices(path, layer=spec.layer)) for path in dict.fromkeys(files.values())}
    chosen = {kind: _part_of(kind, path, parts[path], spec) for kind, path in files.items()}
    found = {kind: part for kind, part in chosen.items() if part is not None}
    if "rna" not in found:
        names = [part.title for part in parts[spec.rna]]
        raise InputError(f"{spec.rna}: no genes in {names}", hint="say which they are: `--modality rna=NAME`")
    if len(found) == 1:
        raise InputError(
            f"{spec.rna}: genes, but neither peaks nor proteins",
            hint="give the other matrix with `--atac` or `--protein`, or say which modality is which "
            "with `--modality atac=NAME`",
        )
    used = {id(part) for part in found.values()}
    left = [part for each in parts.values() for part in each if id(part) not in used]
    return Inputs(
        {kind: _usable(part) for kind, part in found.items()}, sum(len(part.columns) for part in left)
    )


def _files(spec: DatasetSpec) -> dict[Kind, Path]:
    """Return the file of each kind; the file of RNA may hold the others too."""
    return {"rna": spec.rna, "atac": spec.atac or spec.rna, "protein": spec.protein or spec.rna}


def _parts(matrices: Sequence[Matrix]) -> list[Part]:
    return [part for matrix in matrices for part in _split(matrix)]


def _split(matrix: Matrix) -> list[Part]:
    named: Kind | Literal[""] = MODALITY_NAMES.get(matrix.name.lower(), "")
    everything = np.arange(len(matrix.var))
    if "feature_types" not in matrix.var.columns:
        return [Part(matrix, named, everything)]
    types = matrix.var["feature_types"].astype(str).str.lower()
    kinds = types.map(dict(FEATURE_TYPES)).fillna(named).to_numpy(dtype=object)
    return [Part(matrix, kind, everything[kinds == kind]) for kind in pd.unique(kinds)]


def _part_of(kind: Kind, path: Path, parts: Sequence[Part], spec: DatasetSpec) -> Part | None:
    said = spec.modalities.get(kind, "")
    if said:
        named = [part for part in parts if part.matrix.name == said]
        if not named:
            names = sorted({part.matrix.name for part in parts})
            raise InputError(
                f"{path}: no modality {said!r}, found {names}", hint="name one with `--modality`"
            )
        typed = [part for part in named if part.kind == kind]
        return (typed or named)[0]
    taken = set(spec.modalities.values())
    chosen = [part for part in parts if part.kind == kind and part.matrix.name not in taken]
    if len(chosen) > 1:
        titles = ", ".join(part.title for part in chosen)
        raise InputError(f"{titles}: each holds {kind}", hint=f"say which with `--modality {kind}=NAME`")
    if chosen:
        return chosen[0]
    is_its_own = {"rna": spec.rna, "atac": spec.atac, "protein": spec.protein}[kind] == path
    if is_its_own and len(parts) == 1 and parts[0].kind == "":
        return parts[0]
    if is_its_own and kind != "rna":
        raise InputError(
            f"{path}: no {kind}, found {[part.kind or 'an unknown kind' for part in parts]}",
            hint=f"say which modality it is with `--modality {kind}=NAME`",
        )
    return None


def _usable(part: Part) -> Part:
    """Return a part whose features have names of their own, those of `gene_ids` where its names repeat."""
    num_cells, num_features = len(part.matrix.obs), len(part.columns)
    if 0 in (num_cells, num_features):
        raise InputError(
            f"{part.title}: {num_cells:,} cells x {num_features:,} features", hint="the matrix is empty"
        )
    _require_unique(part.matrix.obs.index, what="barcode", title=part.title)
    var = part.var
    if not var.index.is_unique and "gene_ids" in var.columns and var["gene_ids"].is_unique:
        whole = part.matrix.var.assign(symbol=part.matrix.var.index.to_numpy())
        return replace(part, matrix=replace(part.matrix, var=whole.set_index("gene_ids", drop=False)))
    _require_unique(var.index, what="feature", title=part.title)
    return part


def _require_unique(names: pd.Index, *, what: str, title: str) -> None:
    unique, first, counts = np.unique(names.to_numpy().astype(str), return_index=True, return_counts=True)
    faults = [
        f"{what} {str(unique[i])!r} at row {first[i]} occurs {counts[i]} times"
        for i in np.flatnonzero(counts > 1)
    ]
    if faults:
        raise InputError(
            f"{title}: {len(faults):,} {what} names are not unique",
            faults=faults,
            hint="make names unique before: for barcodes of several samples add the sample to the barcode",
        )
