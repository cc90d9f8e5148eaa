"""What can be said of a data set before a count is read: its cells, its peaks' assembly, its genes."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.annotation import Annotation
from ingest.multiome.assembly import Placement, place_peaks
from ingest.multiome.barcodes import SharedCells, match_barcodes
from ingest.multiome.chain import read_chain
from ingest.multiome.contexts import contexts_of
from ingest.multiome.genes import GeneColumns, by_gene
from ingest.multiome.joint import joint_obs, require_time
from ingest.multiome.modalities import Inputs, Part
from ingest.multiome.peaks import read_peaks
from ingest.multiome.spec import DatasetSpec


@dataclass(frozen=True)
class Matched:
    """Shared cells, and what their counts are of.

    Parameters
    ----------
    obs
        Of the shared cells.
    placement
        None for a data set without peaks.
    """

    cells: SharedCells
    obs: pd.DataFrame
    genes: GeneColumns
    placement: Placement | None

    @property
    def assembly(self) -> str:
        """What the peaks are on; '' without peaks."""
        return self.placement.assembly if self.placement else ""


def match(spec: DatasetSpec, inputs: Inputs, annotation: Annotation) -> Matched:
    """Return the cells, peaks and genes of a data set.

    Raises
    ------
    InputError
        If barcodes, columns of `obs`, peaks, their assembly or genes are not what is expected.
    """
    said = annotation.assembly_named(spec.assembly) if spec.assembly else ""
    parts = inputs.parts
    cells = match_barcodes(
        [part.matrix.obs.index for part in parts.values()],
        [part.title for part in parts.values()],
        ignore_suffix=spec.ignore_suffix,
    )
    obs = joint_obs(parts.values(), cells)
    contexts_of(obs, dataset_id=spec.dataset_id, column=spec.context_column, file=inputs.title)
    require_time(obs, spec.time_column, file=inputs.title)
    placement = _placed(spec, parts["atac"], annotation, said=said) if "atac" in parts else None
    located = annotation.on(placement.assembly) if placement else annotation.genes
    genes = by_gene(
        parts["rna"].var,
        annotation.names,
        file=parts["rna"].matrix.path.name,
        known=pd.Index(located["gene_id"].unique()),
    )
    return Matched(cells, obs, genes, placement)


def _placed(spec: DatasetSpec, atac: Part, annotation: Annotation, *, said: str) -> Placement:
    peaks = read_peaks(atac.var, atac.matrix.path)
    chain = read_chain(spec.chain, annotation.assemblies) if spec.chain else None
    placement = place_peaks(peaks, annotation, said=said, lift_over=spec.lift_over, chain=chain)
    unplaced = {"peaks without a chromosome": len(atac.columns) - len(peaks)}
    sizes = annotation.sizes(placement.assembly)
    size = placement.peaks["chrom"].map(sizes)
    beyond = placement.peaks[placement.peaks["end"] > size.fillna(np.inf)]
    if len(beyond):
        raise InputError(
            f"{atac.title}: {len(beyond):,} peaks end beyond their chromosome on {placement.assembly}",
            faults=[f"peak {name}" for name in beyond.index],
            hint="the peaks are on another assembly: say which with `--assembly`, and `--lift-over`",
        )
    lost = {**unplaced, **placement.lost, "peaks on other contigs": int(size.isna().sum())}
    return replace(placement, peaks=placement.peaks[size.notna()], lost=lost)
