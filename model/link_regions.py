"""Where peaks lie, and how far from the start site of each gene whose candidates they are."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from graph.cypher import references as statements
from graph.errors import InputError
from graph.store import GraphStore
from model.data import Neighbourhoods

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Strings = npt.NDArray[np.object_]

PEAK_ID = r"^[^:]+:(?P<chrom>.+):(?P<start>\d+)-(?P<end>\d+)$"


@dataclass(frozen=True)
class PeakRegions:
    """Where peaks lie.

    Parameters
    ----------
    chroms
        Names of the chromosomes, sorted.
    chrom
        `(num_peaks,)` index into them.
    start, end
        `(num_peaks,)` bp, 0-based and half-open.
    """

    chroms: Strings
    chrom: Integers
    start: Integers
    end: Integers

    @classmethod
    def of(cls, peak_ids: Strings) -> Self:
        """Return the regions that identifiers such as `GRCh38:chr1:1000-1500` name.

        Raises
        ------
        InputError
            If one is not of that form.
        """
        parts = pd.Series(peak_ids, dtype=object).str.extract(PEAK_ID)
        wrong = np.flatnonzero(parts["chrom"].isna())
        if wrong.size:
            raise InputError(
                f"{wrong.size:,} peak ids are not like GRCh38:chr1:1000-1500, such as "
                f"{peak_ids[wrong[0]]!r} at {wrong[0]:,}"
            )
        chrom, chroms = pd.factorize(parts["chrom"], sort=True)
        start, end = (parts[name].to_numpy().astype(np.int64) for name in ("start", "end"))
        return cls(np.asarray(chroms, dtype=object), chrom.astype(np.int64), start, end)

    @property
    def span_bp(self) -> int:
        """Bases between the first and the last peak, over all chromosomes."""
        ends = pd.DataFrame({"start": self.start, "end": self.end}).groupby(self.chrom)
        return int((ends["end"].max() - ends["start"].min()).sum())


def read_start_distance(store: GraphStore, hoods: Neighbourhoods) -> Floats:
    """Return the bases between each candidate and its gene's start site, `(num_near,)`; 0 if it covers it.

    `near_distance` counts from the gene's body, so that it is 0 for all peaks of a long gene. A gene that the
    graph no longer locates on the chromosome of its candidates keeps that distance.
    """
    rows = store.read_evidence(statements.GENE_LOCATIONS, species=hoods.dataset["species"])
    rows = rows[rows["assembly_id"] == hoods.dataset["assembly"]].drop_duplicates("gene_id")
    located = rows.set_index("gene_id").reindex(hoods.gene_ids)
    regions = PeakRegions.of(hoods.peak_ids)
    chrom = pd.Index(regions.chroms).get_indexer(pd.Index(located["chrom"]))
    site = pd.to_numeric(located["tss"]).fillna(-1).to_numpy(dtype=np.int64)
    return start_distance(hoods.near_index, hoods.near_distance, regions, chrom=chrom, site=site)


def start_distance(
    near_index: Integers, near_distance: Floats, regions: PeakRegions, *, chrom: Integers, site: Integers
) -> Floats:
    """Return the bases between each candidate and its gene's start site, `(num_near,)`.

    Parameters
    ----------
    near_distance
        What a pair keeps whose gene is not located on the peak's chromosome.
    chrom, site
        `(num_genes,)` chromosome of each gene as an index into those of the regions, -1 for none, and its
        start site.
    """
    gene, peak = near_index
    gap = np.maximum(regions.start[peak] - site[gene], site[gene] - (regions.end[peak] - 1))
    same = regions.chrom[peak] == chrom[gene]
    return np.where(same, np.maximum(gap, 0), near_distance).astype(np.float32)
