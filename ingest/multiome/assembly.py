"""Which assembly peaks are on: open chromatin covers the start sites of genes, on the right assembly only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.chromosomes import GRCH37, GRCH38, with_prefix
from ingest.multiome.lift import lift_peaks

MAX_PEAKS = 50_000
"""Peaks that the detection looks at, evenly spread over the matrix."""
CLEAR_RATIO = 1.5
"""One assembly is taken for the right one if its rate is so many times the other's."""
MIN_RATE = 0.002
"""Below it peaks cover no start sites on any assembly, and nothing can be said."""


@dataclass(frozen=True)
class Placement:
    """Peaks on GRCh38, and how they came there; `peaks` keeps the index of the peaks given."""

    peaks: pd.DataFrame
    rates: Mapping[str, float]
    lifted_from: str = ""
    lost: Mapping[str, int] = field(default_factory=dict)


def place_peaks(
    peaks: pd.DataFrame, genes: pd.DataFrame, *, assembly: str, lift_over: bool, chain: Path
) -> Placement:
    """Return the peaks on GRCh38 once their assembly is known to be what was said.

    Parameters
    ----------
    genes
        Columns chrom, tss (0-based, GRCh38), biotype.
    assembly
        GRCh38 or GRCh37, as the user says; '' takes the one that is detected.
    lift_over
        Whether peaks on GRCh37 may be lifted.

    Raises
    ------
    InputError
        If the peaks are on the other assembly, or must be lifted and may not be; with the rates of both.
    """
    rates = assembly_rates(peaks, genes, chain=chain)
    found = detected(rates)
    told = ", ".join(f"{rate:.1%} on {name}" for name, rate in rates.items())
    said = f"peaks cover the start sites of protein-coding genes at {told}"
    assembly = assembly or found
    if not assembly:
        raise InputError(f"the assembly is not clear: {said}", hint="say it with `--assembly`")
    if found not in ("", assembly):
        option = " --lift-over" if found == GRCH37 else ""
        raise InputError(
            f"the peaks were said to be on {assembly}, but look like {found}: {said}",
            hint=f"use `--assembly {found}{option}`, or give the peaks on {assembly}",
        )
    if assembly == GRCH38:
        return Placement(peaks, rates)
    if not lift_over:
        raise InputError(
            f"the peaks are on {assembly}, the graph is on {GRCH38}: {said}",
            hint="add `--lift-over` to move them; peaks that split or collide are dropped and counted",
        )
    lifted = lift_peaks(peaks, chain)
    lost = {
        "peaks not in the new assembly": lifted.num_unmapped,
        "peaks split by the lift": lifted.num_split,
        "peaks collided in the lift": lifted.num_collided,
    }
    return Placement(lifted.peaks, rates, lifted_from=assembly, lost=lost)


def assembly_rates(peaks: pd.DataFrame, genes: pd.DataFrame, *, chain: Path) -> Mapping[str, float]:
    """Return the share of protein-coding start sites in peaks, taken as GRCh38 and lifted from GRCh37."""
    step = max(1, -(-len(peaks) // MAX_PEAKS))
    some = peaks.iloc[::step]
    lifted = lift_peaks(some, chain).peaks
    return {GRCH38: covered_rate(some, genes), GRCH37: covered_rate(lifted, genes)}


def detected(rates: Mapping[str, float]) -> str:
    """Return the assembly whose rate is clearly the highest, '' where none is."""
    (first, high), (_, low) = sorted(rates.items(), key=lambda item: -item[1])[:2]
    return first if high >= MIN_RATE and high >= CLEAR_RATIO * low else ""


def covered_rate(peaks: pd.DataFrame, genes: pd.DataFrame) -> float:
    """Return the share (0 to 1) of the start sites of protein-coding genes that lie in a peak."""
    coding = genes[genes["biotype"].eq("protein_coding")]
    if coding.empty or peaks.empty:
        return 0.0
    sites = pd.DataFrame({"chrom": coding["chrom"], "start": coding["tss"], "end": coding["tss"] + 1})
    import bioframe  # loads matplotlib, which an API or a query has no use for

    counted = bioframe.count_overlaps(sites.reset_index(drop=True), peaks.reset_index(drop=True))
    return float(np.mean(counted["count"].to_numpy() > 0))


def outside_assembly(peaks: pd.DataFrame, chrom_sizes: Mapping[str, int]) -> pd.Series:
    """Return where a peak lies on no chromosome of the assembly, or beyond its end."""
    size = with_prefix(peaks["chrom"]).map(dict(chrom_sizes))
    return size.isna() | (peaks["end"] > size.fillna(0))
