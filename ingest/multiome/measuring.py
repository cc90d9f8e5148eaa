"""Counts of the shared cells, by gene, peak and protein: checked, and controlled for quality."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.multiome.annotation import Annotation
from ingest.multiome.assembly import Placement
from ingest.multiome.matching import Matched
from ingest.multiome.matrix import Integers
from ingest.multiome.modalities import Inputs, Part
from ingest.multiome.prepared import Counts
from ingest.multiome.quality import Thresholds, judge_cells, judge_features
from ingest.multiome.selection import Selection, places_of
from ingest.multiome.spec import Kind
from ingest.multiome.spool import in_order
from ingest.multiome.survey import cell_statistics, cells_with

MITOCHONDRIAL = "chrM"


@dataclass(frozen=True)
class Controlled:
    """Counts that passed the quality control.

    Parameters
    ----------
    kept
        Shape (number of shared cells,): which of them are kept.
    dropped
        Cells and features that were left out, by reason.
    """

    matrices: Mapping[Kind, Counts]
    kept: npt.NDArray[np.bool_]
    dropped: Mapping[str, int]


def select(inputs: Inputs, matched: Matched, *, scratch: Path, limit: int) -> Mapping[Kind, Counts]:
    """Return the counts of the shared cells, cell by cell; where a file has them otherwise, from `scratch`.

    Raises
    ------
    InputError
        If a matrix that had to be put in order has a value that is no count.
    """
    matrices: dict[Kind, Counts] = {}
    for (kind, part), rows in zip(inputs.parts.items(), matched.cells.rows, strict=True):
        places, var = _features(kind, part, matched)
        cells = places_of(rows, len(part.matrix.obs))
        features = np.full(len(part.matrix.var), -1, dtype=np.int64)
        features[part.columns] = places
        selection = Selection(part.matrix, cells, features, (len(rows), len(var)))
        matrices[kind] = Counts(in_order(selection, scratch / kind, limit=limit), var)
    return matrices


def control(
    matrices: Mapping[Kind, Counts], annotation: Annotation, thresholds: Thresholds, *, limit: int
) -> Controlled:
    """Return the counts of the cells and features that pass; reads all counts and so checks them.

    Raises
    ------
    InputError
        If a value is no count, or nothing passes.
    """
    if "protein" in matrices:
        cells_with(matrices["protein"].selection, limit=limit)
    statistics = cell_statistics(
        matrices["rna"].selection,
        matrices["atac"].selection if "atac" in matrices else None,
        mitochondrial=_mitochondrial(matrices["rna"].var.index, annotation),
        limit=limit,
    )
    verdict = judge_cells(statistics, thresholds)
    dropped = dict(verdict.dropped)
    kept = {
        kind: replace(counts, selection=counts.selection.with_cells(verdict.kept))
        for kind, counts in matrices.items()
    }
    least: dict[Kind, tuple[int, str]] = {
        "rna": (thresholds.min_cells_per_gene, "gene"),
        "atac": (thresholds.min_cells_per_peak, "peak"),
    }
    for kind, (minimum, what) in least.items():
        if kind in kept and minimum:
            counts = kept[kind]
            seen = judge_features(cells_with(counts.selection, limit=limit), minimum=minimum, what=what)
            kept[kind] = Counts(counts.selection.with_features(seen.kept), counts.var[seen.kept])
            dropped |= seen.dropped
    return Controlled(kept, verdict.kept, dropped)


def _features(kind: Kind, part: Part, matched: Matched) -> tuple[Integers, pd.DataFrame]:
    """Return the row of `var` for each feature of a part, or -1; and `var`."""
    if kind == "rna":
        return matched.genes.places, matched.genes.var
    if kind == "atac" and matched.placement is not None:
        var = _with_ids(matched.placement)
        return places_of(
            part.var.index.get_indexer(pd.Index(var["name"])).astype(np.int64), len(part.columns)
        ), var
    return np.arange(len(part.columns)), part.var


def _with_ids(placement: Placement) -> pd.DataFrame:
    peaks = placement.peaks
    place = peaks["start"].astype(str) + "-" + peaks["end"].astype(str)
    ids = f"{placement.assembly}:" + peaks["chrom"] + ":" + place
    return peaks.assign(name=peaks.index.to_numpy()).set_axis(pd.Index(ids, name="peak_id"))


def _mitochondrial(gene_ids: pd.Index, annotation: Annotation) -> npt.NDArray[np.bool_]:
    genes = annotation.genes
    on_it = genes.loc[genes["chrom"].eq(MITOCHONDRIAL), "gene_id"]
    found: npt.NDArray[np.bool_] = gene_ids.isin(on_it)
    return found
