"""Sites on chromosomes: which peaks they lie in, which start site of a gene is the nearest."""

import numpy as np
import pandas as pd


def overlapping_peaks(sites: pd.DataFrame, peaks: pd.DataFrame, *, min_overlap_bp: int) -> pd.DataFrame:
    """Return `site` (index of `sites`) and `peak_id` of all that share enough bases, in their order.

    Parameters
    ----------
    sites, peaks
        `chrom`, `start`, `end` (0-based, half-open); peaks also `peak_id`.
    min_overlap_bp
        Least number of shared bases; a site that is shorter must lie in the peak as a whole.
    """
    if sites.empty or peaks.empty:
        return pd.DataFrame({"site": sites.index[:0], "peak_id": peaks["peak_id"].iloc[:0].to_numpy()})
    import bioframe  # loads matplotlib, which an API or a query has no use for

    places = ["chrom", "start", "end"]
    pairs = bioframe.overlap(
        _plain(sites[places]), _plain(peaks[places]), how="inner", return_input=False, return_index=True
    )
    site, peak = (pairs[name].to_numpy(dtype=np.int64) for name in ("index", "index_"))
    start, end = sites["start"].to_numpy(), sites["end"].to_numpy()
    first = np.maximum(start[site], peaks["start"].to_numpy()[peak])
    last = np.minimum(end[site], peaks["end"].to_numpy()[peak])
    enough = last - first >= np.minimum(min_overlap_bp, end - start)[site]
    found = {"site": sites.index.to_numpy()[site], "peak_id": peaks["peak_id"].to_numpy()[peak]}
    shared: pd.DataFrame = pd.DataFrame(found)[enough]
    return shared.sort_values(["site", "peak_id"], ignore_index=True)


def nearest_starts(sites: pd.DataFrame, starts: pd.DataFrame, *, max_distance_bp: int) -> pd.DataFrame:
    """Return `gene_id` (null if none is near enough), `distance_bp` of the nearest start; indexed as `sites`.

    The distance is that of the site's middle base (of two, the first) from the start site. Of two start sites
    that are equally near the one with the smaller coordinate is taken, of genes that share it the one with
    the smaller id.

    Parameters
    ----------
    starts
        `gene_id`, `chrom`, `tss` (0-based).
    """
    ordered = starts.sort_values(["chrom", "tss", "gene_id"]).drop_duplicates(["chrom", "tss"])
    by_chrom = {str(chrom): rows for chrom, rows in ordered.groupby("chrom", sort=False)}
    middle = middles(sites)
    gene_ids = np.full(len(sites), None, dtype=object)
    distances = np.full(len(sites), np.iinfo(np.int64).max)
    for chrom, rows in sites.groupby("chrom", sort=False).indices.items():
        there = by_chrom.get(str(chrom))
        if there is not None:
            near, distances[rows] = _nearest(middle[rows], there["tss"].to_numpy())
            gene_ids[rows] = there["gene_id"].to_numpy()[near]
    far = distances > max_distance_bp
    gene_ids[far] = None
    return pd.DataFrame({"gene_id": gene_ids, "distance_bp": distances}, index=sites.index)


def middles(sites: pd.DataFrame) -> np.ndarray:
    """Return the middle base of each site, the first of two; shape (num_sites,)."""
    start, end = sites["start"].to_numpy(dtype=np.int64), sites["end"].to_numpy(dtype=np.int64)
    middle: np.ndarray = start + (end - start - 1) // 2
    return middle


def _nearest(positions: np.ndarray, sorted_starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return places in `sorted_starts` and distances, both (num_positions,); a tie goes to the first."""
    after = np.searchsorted(sorted_starts, positions)
    left = np.maximum(after - 1, 0)
    right = np.minimum(after, len(sorted_starts) - 1)
    to_left, to_right = (np.abs(positions - sorted_starts[place]) for place in (left, right))
    near = np.where(to_left <= to_right, left, right)
    return near, np.minimum(to_left, to_right)


def _plain(places: pd.DataFrame) -> pd.DataFrame:
    return places.reset_index(drop=True).astype({"chrom": object, "start": np.int64, "end": np.int64})
