"""Which assembly peaks are on: open chromatin covers the start sites of genes, on the right assembly only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.multiome.annotation import Annotation
from ingest.multiome.chain import Chain
from ingest.multiome.lift import lift_peaks

MAX_PEAKS = 50_000
"""Peaks that the detection looks at, evenly spread over the matrix."""
CLEAR_RATIO = 1.5
"""One assembly is taken for the right one if its rate is so many times the next one's."""
MIN_RATE = 0.002
"""Below it peaks cover no start sites on any assembly, and nothing can be said."""


@dataclass(frozen=True)
class Placement:
    """Peaks on an assembly that the graph's genes are on; `peaks` keeps the index of the peaks given."""

    peaks: pd.DataFrame
    assembly: str
    rates: Mapping[str, float]
    lifted_from: str = ""
    lost: Mapping[str, int] = field(default_factory=dict)


def place_peaks(
    peaks: pd.DataFrame, annotation: Annotation, *, said: str, lift_over: bool, chain: Chain | None
) -> Placement:
    """Return the peaks on an assembly of the genes, once their own is known to be what was said.

    Parameters
    ----------
    said
        The id of an assembly; '' takes the one that is detected.
    lift_over
        Whether peaks may be lifted by the chain.
    chain
        Helps to tell the assemblies apart, if its target is one that genes are on.

    Raises
    ------
    InputError
        If the peaks are on another assembly, or must be lifted and cannot or may not be; with all rates.
    """
    usable = chain if chain and chain.source and chain.target in annotation.located else None
    rates = assembly_rates(peaks, annotation, chain=usable)
    told = "peaks cover the start sites of protein-coding genes at " + ", ".join(
        f"{rate:.1%} on {name}" for name, rate in rates.items()
    )
    found = detected(rates)
    assembly = said or found
    if not assembly:
        raise InputError(f"the assembly is not clear: {told}", hint="say it with `--assembly`")
    if found not in ("", assembly):
        option = "" if found in annotation.located else " --lift-over"
        raise InputError(
            f"the peaks were said to be on {assembly}, but look like {found}: {told}",
            hint=f"use `--assembly {found}{option}`, or give the peaks on {assembly}",
        )
    is_moved = assembly not in annotation.located or (lift_over and usable and usable.source == assembly)
    if not is_moved:
        return Placement(peaks, assembly, rates)
    if usable is None or usable.source != assembly or not lift_over:
        raise InputError(
            f"the peaks are on {assembly}, the graph's genes are on {', '.join(annotation.located)}: {told}",
            hint=_remedy(assembly, usable),
        )
    return _lifted(peaks, usable, rates)


def _remedy(assembly: str, chain: Chain | None) -> str:
    if chain is not None and chain.source == assembly:
        return "add `--lift-over` to move them; peaks that split or collide are dropped and counted"
    return (
        f"give a chain file from {assembly} with `--chain` and add `--lift-over`, "
        f"or load the genes of {assembly} first"
    )


def _lifted(peaks: pd.DataFrame, chain: Chain, rates: Mapping[str, float]) -> Placement:
    lifted = lift_peaks(peaks, chain.path)
    lost = {
        "peaks not in the new assembly": lifted.num_unmapped,
        "peaks split by the lift": lifted.num_split,
        "peaks collided in the lift": lifted.num_collided,
    }
    return Placement(lifted.peaks, chain.target, rates, lifted_from=chain.source, lost=lost)


def assembly_rates(
    peaks: pd.DataFrame, annotation: Annotation, *, chain: Chain | None
) -> Mapping[str, float]:
    """Return the share of protein-coding start sites in peaks, on each assembly that genes are on.

    And on the one that the chain comes from, unless genes are on it: with the peaks lifted.
    """
    step = max(1, -(-len(peaks) // MAX_PEAKS))
    some = peaks.iloc[::step]
    rates = {name: covered_rate(some, annotation.on(name)) for name in annotation.located}
    if chain is not None and chain.source not in rates:
        lifted = lift_peaks(some, chain.path).peaks
        rates[chain.source] = covered_rate(lifted, annotation.on(chain.target))
    return rates


def detected(rates: Mapping[str, float]) -> str:
    """Return the assembly whose rate is clearly the highest, '' where none is or nothing is to compare."""
    if len(rates) < 2:
        return ""
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
