import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.multiome.candidates import candidates


def slow(genes: pd.DataFrame, peaks: pd.DataFrame, window: int, most: int) -> list[tuple]:
    """Every gene with every peak, in plain Python."""
    rows = []
    for gene in genes.itertuples():
        found = []
        for peak in peaks.itertuples():
            if peak.chrom != gene.chrom or peak.end <= gene.start - window or peak.start >= gene.end + window:
                continue
            to_body = max(0, peak.start - gene.end, gene.start - peak.end)
            to_tss = max(0, peak.start - (gene.tss + 1), gene.tss - peak.end)
            found.append((to_body, to_tss, peak.start, peak.end, peak.peak_id))
        for rank, (distance, _, _, _, peak_id) in enumerate(sorted(found)[:most], start=1):
            rows.append((gene.gene_id, peak_id, distance, rank))
    return rows


intervals = st.lists(
    st.tuples(st.sampled_from(["chr1", "chr2"]), st.integers(0, 400), st.integers(1, 60), st.booleans()),
    min_size=1,
    max_size=25,
    unique_by=lambda item: item[:3],
)


@settings(max_examples=60, deadline=None)
@given(intervals, intervals)
def test_candidates_are_those_of_the_brute_force(gene_rows, peak_rows):
    genes = pd.DataFrame(
        [(f"g{i}", c, s, s + w, s if f else s + w - 1) for i, (c, s, w, f) in enumerate(gene_rows)],
        columns=["gene_id", "chrom", "start", "end", "tss"],
    )
    peaks = pd.DataFrame(
        [(f"{c}:{s}-{s + w}", c, s, s + w) for c, s, w, _ in peak_rows],
        columns=["peak_id", "chrom", "start", "end"],
    )
    found = candidates(genes, peaks, window_bp=50, max_peaks=4)
    assert sorted(found.itertuples(index=False, name=None)) == sorted(slow(genes, peaks, 50, 4))


def test_a_hand_worked_gene_gets_its_body_first_then_the_nearest():
    genes = pd.DataFrame({"gene_id": ["g"], "chrom": ["chr1"], "start": [1000], "end": [2000], "tss": [1999]})
    peaks = pd.DataFrame(
        {
            "peak_id": ["far", "before", "body", "promoter", "outside"],
            "chrom": "chr1",
            "start": [5000, 900, 1100, 1990, 102_000],
            "end": [5100, 950, 1200, 2100, 102_100],
        }
    )
    found = candidates(genes, peaks).sort_values("rank")
    assert found["target"].tolist() == ["promoter", "body", "before", "far"]
    assert found["distance_bp"].tolist() == [0, 0, 50, 3000]


def test_no_gene_keeps_more_than_fifty_peaks(genes):
    start = np.arange(0, 1_000_000, 500)
    peaks = pd.DataFrame({"chrom": "chr1", "start": start, "end": start + 100})
    peaks["peak_id"] = "p" + peaks["start"].astype(str)
    assert candidates(genes, peaks)["rank"].max() == 50
