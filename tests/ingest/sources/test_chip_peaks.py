"""ChIP-seq peaks: what binds where, whose target it is, and that no row is lost without a reason."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.schema import Source, peak_id
from ingest.names import Names
from ingest.regions import nearest_starts, overlapping_peaks
from ingest.rejections import by_reason
from ingest.source import Reference
from ingest.sources import chip_peaks
from ingest.sources.chip_peaks import Experiment, TargetRule

DEMO = Path(__file__).parents[3] / "demo"
CHAIN = DEMO / "annotation" / "hg19ToHg38.over.chain.gz"
RECORD = Source("chip", "my peaks", "1", "mine", "open", "", "human")
HG38 = Experiment(assembly="hg38", cell_type="GM12878")
SYMBOLS = ["PAX5", "EBF1", "CD19", "CD79A", "MYC", "LINC1"]
IDS = {symbol: f"ENSG{number:011d}" for number, symbol in enumerate(SYMBOLS, start=1)}
STARTS = {"PAX5": 500_000, "EBF1": 10_000, "CD19": 20_000, "CD79A": 20_100, "MYC": 100_000, "LINC1": 15_000}


@pytest.fixture(scope="module")
def reference() -> Reference:
    genes = pd.DataFrame({"gene_id": list(IDS.values()), "symbol": SYMBOLS})
    genes = genes.assign(aliases=[[] for _ in SYMBOLS], previous_symbols=[[] for _ in SYMBOLS])
    locations = pd.DataFrame(
        {
            "gene_id": list(IDS.values()),
            "biotype": ["lncRNA" if symbol == "LINC1" else "protein_coding" for symbol in SYMBOLS],
            "assembly_id": "GRCh38",
            "chrom": "chr1",
            "tss": [STARTS[symbol] for symbol in SYMBOLS],
        }
    )
    places = [("chr1", 19_000, 20_000), ("chr1", 19_500, 20_500), ("chr1", 300_000, 300_500)]
    peaks = pd.DataFrame(places, columns=["chrom", "start", "end"]).assign(assembly="GRCh38")
    peaks["peak_id"] = [peak_id("GRCh38", *place) for place in places]
    detected = pd.DataFrame(
        {
            "gene_id": [IDS["CD19"], IDS["CD79A"], IDS["EBF1"]],
            "context": "GM12878",
            "num_cells": [50, 2, 60],
            "detection_rate": [0.5, 0.02, 0.6],
        }
    )
    return Reference(
        Names(genes), frozenset({IDS["PAX5"]}), locations=locations, peaks=peaks, detected=detected
    )


def parse(tmp_path, text, reference, experiment=HG38, rule=chip_peaks.USUAL_RULE, name="peaks.bed", more=()):
    path = tmp_path / name
    path.write_text(text)
    checked = chip_peaks.spec(RECORD, experiment, rule).parse([path, *more], reference)
    assert checked.num_read == checked.num_kept + len(checked.rejected)
    assert checked.rejected["row"].is_unique
    return checked


def bindings(checked) -> set[tuple]:
    return set(checked.tables[1][1][["source", "target"]].itertuples(index=False, name=None))


def targets(checked) -> set[tuple]:
    return set(checked.tables[2][1][["source", "target"]].itertuples(index=False, name=None))


def test_a_site_binds_to_every_peak_that_it_lies_in_and_targets_the_nearest_start(tmp_path, reference):
    checked = parse(tmp_path, "chr1\t19600\t19601\tPAX5\t7\n", reference)
    pax5 = IDS["PAX5"]
    assert bindings(checked) == {(pax5, "GRCh38:chr1:19000-20000"), (pax5, "GRCh38:chr1:19500-20500")}
    assert targets(checked) == {(pax5, IDS["CD19"])}
    rows = checked.tables[1][1]
    assert set(rows["kind"]) == {"chip"}
    assert set(rows["score"]) == {7.0}
    assert set(rows["cell_type"]) == {"GM12878"}
    assert set(checked.tables[2][1]["experiment"]) == {"chip"}


def test_peaks_are_half_open(tmp_path, reference):
    before, after = (
        parse(tmp_path, f"chr1\t{place}\t{place + 1}\tPAX5\n", reference) for place in (18_999, 20_500)
    )
    assert bindings(before) == bindings(after) == set()
    first, last = (
        parse(tmp_path, f"chr1\t{place}\t{place + 1}\tPAX5\n", reference) for place in (19_000, 20_499)
    )
    assert bindings(first) == {(IDS["PAX5"], "GRCh38:chr1:19000-20000")}
    assert bindings(last) == {(IDS["PAX5"], "GRCh38:chr1:19500-20500")}


def test_only_genes_that_are_expressed_in_the_context_are_targets(tmp_path, reference):
    line = "chr1\t20099\t20100\tPAX5\n"
    assert targets(parse(tmp_path, line, reference)) == {(IDS["PAX5"], IDS["CD79A"])}
    in_context = parse(tmp_path, line, reference, rule=TargetRule(context="GM12878"))
    assert targets(in_context) == {(IDS["PAX5"], IDS["CD19"])}
    assert in_context.notes["candidate genes"] == 2
    rarely = parse(tmp_path, line, reference, rule=TargetRule(context="GM12878", min_detection_rate=0.01))
    assert targets(rarely) == {(IDS["PAX5"], IDS["CD79A"])}


def test_a_gene_that_is_too_far_is_no_target(tmp_path, reference):
    line = "chr1\t150000\t150001\tPAX5\n"
    assert targets(parse(tmp_path, line, reference)) == {(IDS["PAX5"], IDS["MYC"])}
    one_less = parse(
        tmp_path, line + "chr1\t19600\t19601\tPAX5\n", reference, rule=TargetRule(max_distance_bp=49_999)
    )
    assert targets(one_less) == {(IDS["PAX5"], IDS["CD19"])}
    assert by_reason(one_less.rejected) == {"neither peak nor gene near": 1}


def test_of_two_equally_near_start_sites_the_smaller_coordinate_is_taken():
    starts = pd.DataFrame({"gene_id": ["b", "a", "c"], "chrom": "chr1", "tss": [110, 90, 90]})
    sites = pd.DataFrame(
        {"chrom": ["chr1", "chr1", "chr2"], "start": [100, 101, 100], "end": [101, 102, 101]}
    )
    near = nearest_starts(sites, starts, max_distance_bp=10)
    assert near["gene_id"].tolist() == ["a", "b", None]
    assert near["distance_bp"].tolist()[:2] == [10, 9]


def test_every_bad_row_has_its_reason(tmp_path, reference):
    lines = [
        "track name=mine",
        "chr1\t19600\t19601\tPAX5\t7",
        "chr1\t19601\t19600\tPAX5\t7",
        "chr1\t-5\t19600\tPAX5\t7",
        "chr1\tx\t19600\tPAX5\t7",
        "chr1\t19600",
        "chrUn\t19600\t19601\tPAX5\t7",
        "chr1\t19600\t19601\tNOGENE\t7",
        "chr1\t19600\t19601\t\t7",
        "chr1\t19600\t19601\tPAX5\thigh",
        "1\t19600\t19601\tPAX5\t9",
        "chr1\t400000\t400001\tEBF1\t9",
        "chr1\t10000\t10001\tEBF1\t9",
    ]
    checked = parse(tmp_path, "\n".join(lines) + "\n", reference)
    assert dict(zip(checked.rejected["row"], checked.rejected["reason"], strict=True)) == {
        3: "bad interval",
        4: "bad interval",
        5: "bad interval",
        6: "bad interval",
        7: "not on the assembly",
        8: "unknown regulator",
        9: "empty name",
        10: "bad score",
        11: "duplicate",
        12: "neither peak nor gene near",
        13: "self loop",
    }
    assert checked.num_kept == 1


def test_rows_that_say_the_same_are_kept_and_show_the_highest_score(tmp_path, reference):
    lines = "chr1\t19600\t19601\tPAX5\t7\nchr1\t19700\t19701\tPAX5\t9\nchr1\t19800\t19801\tPAX5\t.\n"
    checked = parse(tmp_path, lines, reference)
    assert checked.num_kept == 3
    assert len(checked.tables[2][1]) == 1
    assert set(checked.tables[1][1]["score"]) == {9.0}


def test_a_regulators_own_gene_is_no_target_but_its_peak_is_bound(tmp_path, reference):
    checked = parse(tmp_path, "chr1\t19600\t19601\tCD19\t7\n", reference)
    assert targets(checked) == set()
    assert len(bindings(checked)) == 2
    assert checked.tables[0][1]["regulator_class"].tolist() == ["chip_factor"]


def test_the_summit_of_a_narrow_peak_is_the_site_and_its_signal_the_score(tmp_path, reference):
    row = "chr1\t10000\t30000\tpeak1\t1000\t.\t5.5\t3\t2\t{}\n"
    one = replace(HG38, factor="PAX5")
    at_summit = parse(tmp_path, row.format(9_100), reference, experiment=one, name="a.narrowPeak")
    assert bindings(at_summit) == {(IDS["PAX5"], "GRCh38:chr1:19000-20000")}
    assert set(at_summit.tables[1][1]["score"]) == {5.5}
    whole = parse(tmp_path, row.format(-1), reference, experiment=one, name="a.bed")
    assert len(bindings(whole)) == 2
    outside = row.format(20_000) + row.format(9_100)
    assert by_reason(parse(tmp_path, outside, reference, experiment=one).rejected) == {"bad interval": 1}


def test_a_broad_peak_has_its_signal_in_column_seven(tmp_path, reference):
    row = "chr1\t18000\t19100\tpeak1\t69\t.\t223.5\t-1\t-1\n"
    checked = parse(tmp_path, row, reference, experiment=replace(HG38, factor="PAX5"), name="a.broadPeak")
    assert checked.tables[1][1]["score"].tolist() == [223.5]


def test_the_overlap_may_have_to_be_longer_than_one_base():
    peaks = pd.DataFrame({"peak_id": ["p"], "chrom": "chr1", "start": [100], "end": [200]})
    places = [(0, 101), (0, 150), (0, 149), (199, 300), (120, 130), (200, 300)]
    sites = pd.DataFrame(places, columns=["start", "end"]).assign(chrom="chr1")
    assert overlapping_peaks(sites, peaks, min_overlap_bp=1)["site"].tolist() == [0, 1, 2, 3, 4]
    assert overlapping_peaks(sites, peaks, min_overlap_bp=50)["site"].tolist() == [1, 4]


def test_a_gzip_file_with_blanks_between_columns_is_read(tmp_path, reference):
    path = tmp_path / "peaks.bed.gz"
    path.write_bytes(gzip.compress(b"# mine\nchr1 19600 19601 PAX5 7\n"))
    assert chip_peaks.spec(RECORD, HG38).parse([path], reference).num_kept == 1


@pytest.mark.parametrize(
    ("experiment", "rule", "part"),
    [
        (replace(HG38, assembly="hg19"), TargetRule(), "peaks are on GRCh37, the graph has genes on"),
        (replace(HG38, assembly="hg17"), TargetRule(), "'hg17' is not known"),
        (replace(HG38, assembly="hg19", lift_to="hg38"), TargetRule(), "needs a chain file"),
        (HG38, TargetRule(context="K562"), "no data set has a context 'K562'; there are \\['GM12878'\\]"),
        (HG38, TargetRule(context="GM12878", min_detection_rate=0.9), "detected in 90% of the cells"),
    ],
)
def test_what_does_not_fit_the_graph_is_refused(tmp_path, reference, experiment, rule, part):
    with pytest.raises(InputError, match=part):
        parse(tmp_path, "chr1\t19600\t19601\tPAX5\t7\n", reference, experiment=experiment, rule=rule)


@pytest.mark.parametrize("text", ["# nothing\n", "", "\n\n"])
def test_a_file_without_intervals_is_refused(tmp_path, reference, text):
    with pytest.raises(InputError):
        parse(tmp_path, text, reference)


@pytest.fixture(scope="module")
def on_hg38(reference, genes) -> Reference:
    places = genes[genes["biotype"].eq("protein_coding")].assign(assembly_id="GRCh38")
    return replace(reference, locations=places, names=Names(named(genes)), regulators=frozenset())


def named(genes: pd.DataFrame) -> pd.DataFrame:
    none = [[] for _ in range(len(genes))]
    return genes[["gene_id", "symbol"]].assign(aliases=none, previous_symbols=none)


HG19_STARTS = [("chr8", 128_748_314), ("chr12", 6_643_584), ("chr17", 7_590_868)]
"""MYC, GAPDH and TP53 (on the minus strand) on GRCh37, 0-based."""


def test_sites_are_lifted_and_the_lost_ones_counted(tmp_path, on_hg38):
    lines = [f"{chrom}\t{start}\t{start + 1}\tPAX5\t7" for chrom, start in HG19_STARTS]
    lines += [line.replace("PAX5", "EBF1") for line in lines]  # the same place twice is no collision
    lines.append("chr1\t5\t6\tPAX5\t7")
    lifting = replace(HG38, assembly="hg19", lift_to="hg38")
    rule = TargetRule(max_distance_bp=2_000)
    checked = parse(tmp_path, "\n".join(lines), on_hg38, experiment=lifting, rule=rule, more=[CHAIN])
    meant = on_hg38.names.resolve(["MYC", "GAPDH", "TP53"])["gene_id"]
    assert {target for _, target in targets(checked)} == set(meant)
    assert len(targets(checked)) == 6
    assert by_reason(checked.rejected) == {"not lifted over": 1}
    assert checked.notes["sites not on the new assembly"] == 1


def test_a_file_on_another_assembly_than_was_said_is_refused(tmp_path, on_hg38):
    coding = on_hg38.locations.iloc[::200]
    lines = [
        f"{chrom}\t{tss}\t{tss + 1}\tPAX5" for chrom, tss in zip(coding["chrom"], coding["tss"], strict=True)
    ]
    said = parse(tmp_path, "\n".join(lines), on_hg38, more=[CHAIN])
    assert said.notes["rows within 1 kb of a start site"] == len(lines)
    assert said.notes["of rows moved by 100 kb"] < len(lines) / 5
    lifting = replace(HG38, assembly="hg19", lift_to="hg38")
    with pytest.raises(InputError, match=f"{len(lines):,} if they were not lifted"):
        parse(tmp_path, "\n".join(lines), on_hg38, experiment=lifting, more=[CHAIN])


def test_a_chain_file_from_elsewhere_is_refused(tmp_path, reference):
    chain = tmp_path / "tiny.chain"
    chain.write_text("chain 1 chr9 1000 + 0 100 chr9 1000 + 0 100 1\n100\n\n")
    lifting = replace(HG38, assembly="hg19", lift_to="hg38")
    with pytest.raises(InputError, match="places only 0 of 1 sites"):
        parse(tmp_path, "chr1\t19600\t19601\tPAX5\n", reference, experiment=lifting, more=[chain])


def test_another_assembly_of_the_graph_that_fits_better_is_named(tmp_path, reference):
    here = reference.locations
    shifted = here.assign(assembly_id="GRCh37", tss=here["tss"] + 1_000_000)
    both = replace(reference, locations=pd.concat([here, shifted], ignore_index=True))
    lines = "\n".join(f"chr1\t{1_100_000 + step}\t{1_100_001 + step}\tPAX5" for step in range(30))
    with pytest.raises(InputError, match="30 on GRCh37"):
        parse(tmp_path, lines, both)


cells = st.sampled_from(
    [
        "chr1",
        "1",
        "chrX",
        "",
        "19600",
        "19700",
        "20100",
        "-1",
        "nan",
        "1e3",
        "9" * 10,
        "9" * 30,
        "PAX5",
        "EBF1",
        "é",
        "٣",
        ".",
    ]
)
rows = st.lists(st.lists(cells, min_size=1, max_size=11), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows)
def test_read_is_kept_and_rejected_whatever_the_rows_hold(tmp_path, reference, rows):
    good = ["chr1", "19600", "19601", "PAX5", "7"]
    lines = ["\t".join(row) for row in [good, *rows]]
    checked = parse(tmp_path, "\n".join(lines) + "\n", reference)
    assert checked.num_read == sum(1 for line in lines if line.strip())
    assert checked.num_kept >= 1
    for _, frame in checked.tables[1:]:
        assert not frame.duplicated(["source", "target"]).any()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=1, max_size=30), st.integers(1, 40)
)
def test_overlaps_and_nearest_starts_are_those_of_a_slow_search(places, overlap):
    sites = pd.DataFrame(
        {"chrom": "chr1", "start": [a for a, _ in places], "end": [a + n for a, n in places]}
    )
    peaks = pd.DataFrame({"chrom": "chr1", "start": [50, 100, 180], "end": [90, 190, 200]})
    peaks["peak_id"] = ["p", "q", "r"]
    found = overlapping_peaks(sites, peaks, min_overlap_bp=overlap)
    expected = {
        (site, peak.peak_id)
        for site, (start, end) in enumerate(zip(sites["start"], sites["end"], strict=True))
        for peak in peaks.itertuples()
        if len(set(range(start, end)) & set(range(peak.start, peak.end))) >= min(overlap, end - start)
    }
    assert set(found.itertuples(index=False, name=None)) == expected
    starts = pd.DataFrame({"gene_id": ["a", "b", "c"], "chrom": "chr1", "tss": [200, 40, 120]})
    near = nearest_starts(sites, starts, max_distance_bp=30)
    for site, row in enumerate(near.itertuples()):
        middle = (sites["start"][site] + sites["end"][site] - 1) // 2
        gap, tss = min((abs(middle - tss), tss) for tss in starts["tss"])
        gene = starts.loc[starts["tss"].eq(tss), "gene_id"].item() if gap <= 30 else None
        assert (row.gene_id, int(row.distance_bp)) == (gene, gap)
    assert np.issubdtype(near["distance_bp"].dtype, np.integer)
