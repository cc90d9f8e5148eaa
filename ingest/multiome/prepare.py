"""A pair of files -> matrices by gene id and peak id, contexts, candidates; all checked, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import anndata as ad
import numpy as np
import pandas as pd
from scipy import sparse

from graph.errors import InputError
from ingest.chromosomes import GRCH38, canonical_assembly
from ingest.multiome.assembly import Placement, place_peaks
from ingest.multiome.barcodes import SharedCells, match_barcodes
from ingest.multiome.candidates import candidates
from ingest.multiome.contexts import Contexts, contexts_of
from ingest.multiome.detection import detections
from ingest.multiome.genes import GeneCounts, by_gene
from ingest.multiome.peaks import read_peaks
from ingest.multiome.reader import read_counts
from ingest.multiome.spec import DatasetSpec
from ingest.names import Names


@dataclass(frozen=True)
class Annotation:
    """What the graph says about genes.

    Parameters
    ----------
    genes
        Columns gene_id, biotype, chrom, start, end, tss on GRCh38, 0-based, half-open.
    chrom_sizes
        Sizes of GRCh38's chromosomes, bp.
    """

    genes: pd.DataFrame
    names: Names
    chrom_sizes: Mapping[str, int]


@dataclass(frozen=True)
class Prepared:
    """A checked data set.

    Parameters
    ----------
    rna, atac
        The same cells in the same order; raw counts in `X` (CSR, float32).
    near, detections
        Columns of `graph.schema.NEAR` without the data set, and of `DETECTIONS`.
    counts
        What is there, and what was lost on the way.
    """

    rna: ad.AnnData
    atac: ad.AnnData
    contexts: Contexts
    near: pd.DataFrame
    detections: pd.DataFrame
    rates: Mapping[str, float]
    lifted_from: str
    rejected: pd.DataFrame
    counts: Mapping[str, int]


def prepare(spec: DatasetSpec, annotation: Annotation) -> Prepared:
    """Return the data set, checked.

    Raises
    ------
    InputError
        If a file, its counts, barcodes, peaks, assembly, contexts or time points are not what is expected.
    """
    rna, atac = read_counts(spec.rna), read_counts(spec.atac)
    cells = match_barcodes(rna.obs_names, atac.obs_names, files=f"{spec.rna} and {spec.atac}")
    obs = _joint_obs(rna, atac, cells)
    contexts = contexts_of(obs, dataset_id=spec.dataset_id, column=spec.context_column)
    _require_time(obs, spec.time_column)
    placement = _placed(spec, atac, annotation)
    genes = by_gene(
        rna[cells.rna_rows], annotation.names, file=spec.rna.name, known=pd.Index(annotation.genes["gene_id"])
    )
    peaks = _with_ids(placement.peaks)
    kept = atac.var_names.get_indexer(peaks.index)
    var = peaks.set_index("peak_id").assign(name=peaks.index.to_numpy())
    accessible = sparse.csr_matrix(atac.X[cells.atac_rows][:, kept])
    places = annotation.genes[annotation.genes["gene_id"].isin(genes.var.index)]
    near = candidates(places, peaks)
    return Prepared(
        rna=ad.AnnData(X=genes.counts, obs=obs, var=genes.var),
        atac=ad.AnnData(X=accessible, obs=obs.copy(), var=var),
        contexts=contexts,
        near=near,
        detections=detections(genes.counts, genes.var.index, contexts),
        rates=placement.rates,
        lifted_from=placement.lifted_from,
        rejected=genes.rejected,
        counts=_account(cells, contexts, placement, genes)
        | {"genes with a candidate peak": near["source"].nunique()},
    )


def write_matrices(prepared: Prepared, folder: Path) -> tuple[Path, Path]:
    """Write both matrices, each whole or not at all; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "rna.h5ad", folder / "atac.h5ad"
    for data, path in zip((prepared.rna, prepared.atac), paths, strict=True):
        partial = path.with_name("partial_" + path.name)
        data.write_h5ad(partial, compression="gzip")
        partial.replace(path)
    return paths


def _joint_obs(rna: ad.AnnData, atac: ad.AnnData, cells: SharedCells) -> pd.DataFrame:
    """Return the RNA's `obs` and those columns that only the ATAC's has, of the shared cells."""
    first, second = rna.obs.iloc[cells.rna_rows], atac.obs.iloc[cells.atac_rows]
    only = [name for name in second.columns if name not in first.columns]
    joint: pd.DataFrame = first.assign(**{name: second[name].to_numpy() for name in only})
    return joint


def _require_time(obs: pd.DataFrame, column: str) -> None:
    if not column:
        return
    if column not in obs.columns or not pd.api.types.is_numeric_dtype(obs[column]):
        kind = str(obs[column].dtype) if column in obs.columns else "missing"
        raise InputError(
            f"time column {column!r} of obs is {kind}, expected numbers",
            hint=f"obs has {list(obs.columns)}; times are numbers in one unit",
        )
    if not np.isfinite(obs[column].to_numpy(dtype=np.float64)).all():
        raise InputError(f"time column {column!r} has cells without a time", hint="drop these cells")


def _placed(spec: DatasetSpec, atac: ad.AnnData, annotation: Annotation) -> Placement:
    peaks = read_peaks(atac.var, spec.atac)
    assembly = canonical_assembly(spec.assembly) if spec.assembly else ""
    placement = place_peaks(
        peaks, annotation.genes, assembly=assembly, lift_over=spec.lift_over, chain=spec.chain
    )
    size = placement.peaks["chrom"].map(dict(annotation.chrom_sizes))
    beyond = placement.peaks[placement.peaks["end"] > size.fillna(np.inf)]
    if len(beyond):
        raise InputError(
            f"{spec.atac}: {len(beyond):,} peaks end beyond their chromosome on {GRCH38}",
            faults=[f"peak {name}" for name in beyond.index],
            hint="the peaks are on another assembly: say which with `--assembly`, and `--lift-over`",
        )
    return Placement(
        placement.peaks[size.notna()],
        placement.rates,
        placement.lifted_from,
        {**placement.lost, "peaks on other contigs": int(size.isna().sum())},
    )


def _with_ids(peaks: pd.DataFrame) -> pd.DataFrame:
    place = peaks["start"].astype(str) + "-" + peaks["end"].astype(str)
    return peaks.assign(peak_id=f"{GRCH38}:" + peaks["chrom"] + ":" + place)


def _account(
    cells: SharedCells, contexts: Contexts, placement: Placement, genes: GeneCounts
) -> dict[str, int]:
    return {
        "cells": len(cells.rna_rows),
        "cells with RNA only": cells.num_rna_only,
        "cells with ATAC only": cells.num_atac_only,
        "cells without a label": contexts.num_unlabelled,
        "contexts": len(contexts.records),
        "genes": len(genes.var),
        "gene columns summed": genes.num_summed,
        "gene columns rejected": len(genes.rejected),
        "peaks": len(placement.peaks),
        **placement.lost,
    }
