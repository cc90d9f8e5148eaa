"""Peaks of one assembly -> another, through a UCSC chain file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from liftover import ChainFile

from ingest.tables import require_file

MIN_LENGTH_RATIO = 0.95
"""A peak whose length changes by more was split or rearranged; 0.95 is the default of UCSC's liftOver."""


@dataclass(frozen=True)
class Lifted:
    """Peaks that have one place on the other assembly.

    Parameters
    ----------
    peaks
        Columns chrom, start, end on the new assembly; the index is the one that they had.
    num_unmapped
        An end lies in no chain.
    num_split
        The ends went to different chromosomes, strands or distances.
    num_collided
        Two peaks came to the same interval: neither is kept.
    """

    peaks: pd.DataFrame
    num_unmapped: int
    num_split: int
    num_collided: int


def lift_peaks(peaks: pd.DataFrame, chain: Path) -> Lifted:
    """Return the peaks on the chain's target assembly; 0-based, half-open on both sides.

    Raises
    ------
    InputError
        If the chain file is missing or empty.
    """
    lifter = ChainFile(str(require_file(chain)))
    first = _positions(lifter, peaks["chrom"], peaks["start"])
    last = _positions(lifter, peaks["chrom"], peaks["end"] - 1)
    mapped = first["chrom"].notna() & last["chrom"].notna()
    low = first["position"].where(first["position"] <= last["position"], last["position"])
    high = first["position"] + last["position"] - low
    ratio = (high - low + 1) / (peaks["end"] - peaks["start"])
    together = first["chrom"].eq(last["chrom"]) & first["strand"].eq(last["strand"])
    whole = mapped & together & ratio.between(MIN_LENGTH_RATIO, 1 / MIN_LENGTH_RATIO)
    lifted = pd.DataFrame({"chrom": first["chrom"], "start": low, "end": high + 1})[whole]
    collided = lifted.duplicated(keep=False)
    return Lifted(
        peaks=lifted[~collided].astype({"start": np.int64, "end": np.int64}),
        num_unmapped=int((~mapped).sum()),
        num_split=int((mapped & ~whole).sum()),
        num_collided=int(collided.sum()),
    )


def _positions(lifter: ChainFile, chroms: pd.Series, positions: pd.Series) -> pd.DataFrame:
    """Return chrom, position, strand; null where a position maps to none or to several places."""
    known = set(lifter.keys())
    found = [
        lifter.query(chrom, position) if chrom in known else []
        for chrom, position in zip(chroms.tolist(), positions.tolist(), strict=True)
    ]
    single = [hits[0] if len(hits) == 1 else (None, np.nan, None) for hits in found]
    return pd.DataFrame(single, columns=pd.Index(["chrom", "position", "strand"]), index=chroms.index)
