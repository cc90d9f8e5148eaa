"""Bound sites of a peak file on an assembly of the graph: summits, lifting over, a check of the assembly."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from graph.errors import InputError
from ingest.chromosomes import canonical_assembly
from ingest.multiome.lift import lift_peaks
from ingest.regions import nearest_starts
from ingest.rejections import Reason, Sieve
from ingest.source import Reference

NEAR_BP = 1_000
"""Sites of most factors gather so near to start sites, on the right assembly only."""
CLEAR_RATIO = 1.5
"""Another assembly is taken for the right one if so many times more sites are near start sites there."""
FEWEST_NEAR = 20
"""Fewer sites near start sites say nothing about the assembly."""
LEAST_LIFTED = 0.5
"""A chain file that places a smaller share of the sites starts from another assembly."""
_MOVED_BP = 100_000


def assembly_named(name: str, reference: Reference) -> str:
    """Return the id of an assembly: one that the graph has, or one that is known by other names.

    Raises
    ------
    InputError
        If the name is not known.
    """
    present = {*reference.locations["assembly_id"], *reference.peaks["assembly"]}
    return name if name in present else canonical_assembly(name)


def with_sites(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the interval of their site: the summit (1 bp) where there is one."""
    summit = rows["summit"].to_numpy(dtype=np.int64)
    start = rows["start"] + np.maximum(summit, 0)
    return rows.assign(start=start, end=rows["end"].where(summit < 0, start + 1))


def lift_sites(sieve: Sieve, chain: Path) -> Mapping[str, int]:
    """Move the kept rows to the target assembly of a chain file; reject those without one place there.

    Returns how many different sites were lost in which way.

    Raises
    ------
    InputError
        If most sites have no place there.
    """
    rows = sieve.kept
    places = ["chrom", "start", "end"]
    sites = rows[places].drop_duplicates()
    lifted = lift_peaks(sites, chain)
    if len(lifted.peaks) < LEAST_LIFTED * len(sites):
        raise InputError(
            f"{chain}: places only {len(lifted.peaks):,} of {len(sites):,} sites",
            hint="does the chain file start from the assembly of the peaks?",
        )
    moved = sites.join(lifted.peaks, rsuffix="_new")
    found = rows[places].merge(moved, on=places, how="left").set_axis(rows.index)
    lost = found["start_new"].isna()
    given = rows["chrom"] + ":" + rows["start"].astype(str) + "-" + rows["end"].astype(str)
    sieve.reject(lost, reason=Reason.NOT_LIFTED, identifier=given)
    new = found.loc[~lost, [f"{name}_new" for name in places]].set_axis(pd.Index(places), axis=1)
    sieve.kept = sieve.kept.assign(**new.astype({"start": np.int64, "end": np.int64}))
    return {
        "sites not on the new assembly": lifted.num_unmapped,
        "sites split by the lift": lifted.num_split,
        "sites collided in the lift": lifted.num_collided,
    }


def require_assembly(
    sites: pd.DataFrame,
    reference: Reference,
    *,
    assembly: str,
    others: Mapping[str, pd.DataFrame],
    path: Path,
) -> Mapping[str, int]:
    """Return how many sites are near start sites, and how many of the same sites moved by 100 kb, by chance.

    Parameters
    ----------
    others
        The same sites as they would lie if something else was the case, by what that is.

    Raises
    ------
    InputError
        If the graph knows no genes or peaks on the assembly, or the sites fit better on another one.
    """
    places = reference.locations
    starts = places[places["biotype"].eq("protein_coding")]
    here = starts[starts["assembly_id"].eq(assembly)]
    if here.empty:
        known = sorted(set(places["assembly_id"]))
        raise InputError(
            f"{path}: the peaks are on {assembly}, the graph has genes on {known}",
            hint="lift the peaks with a chain file, or load the annotation of this assembly",
        )
    counts = {what: _num_near(moved, here) for what, moved in others.items()}
    for other, there in starts.groupby("assembly_id"):
        if other != assembly:
            counts[f"on {other}"] = _num_near(sites, there)
    own = _num_near(sites, here)
    likelier = [what for what, count in counts.items() if count >= max(FEWEST_NEAR, CLEAR_RATIO * own)]
    if likelier:
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        raise InputError(
            f"{path}: {own:,} of {len(sites):,} sites lie within {NEAR_BP:,} bp of start sites of genes on "
            f"{assembly}, but {told}",
            hint="say which assembly the file is on, and whether it is to be lifted",
        )
    moved = sites.assign(start=sites["start"] + _MOVED_BP, end=sites["end"] + _MOVED_BP)
    return {"rows within 1 kb of a start site": own, "of rows moved by 100 kb": _num_near(moved, here)}


def _num_near(sites: pd.DataFrame, starts: pd.DataFrame) -> int:
    return int(nearest_starts(sites, starts, max_distance_bp=NEAR_BP)["gene_id"].notna().sum())
