"""Motif scans: planted sites are found, scores are those of a slow search, thresholds those of all words."""

import gzip
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.schema import Source, peak_id
from ingest.motifs.profiles import read_profiles
from ingest.motifs.scan import index_words, sites, strand_searches
from ingest.motifs.scores import UNIFORM, score_matrix, score_threshold
from ingest.motifs.sequences import NO_BASE, PeakSequences, base_frequencies, peak_sequences, pooled
from ingest.names import Names
from ingest.rejections import by_reason
from ingest.source import Reference
from ingest.sources import motifs
from ingest.sources.motifs import Scan

RECORD = Source("motifs", "my motifs", "1", "mine", "open", "", "human")
SYMBOLS = ["PAX5", "EBF1", "FOS", "JUN", "MYC"]
IDS = {symbol: f"ENSG{number:011d}" for number, symbol in enumerate(SYMBOLS, start=1)}
WORDS = {"PAX5": "GCGTGACCAAGC", "EBF1": "TCCCTTGGGA", "FOS::JUN": "TGACTCAT"}
"""EBF1's word is its own reverse complement but for the ends."""
COMPLEMENT = str.maketrans("ACGT", "TGCA")
EVEN = np.array(UNIFORM)
PEAK_BP, NUM_PEAKS = 400, 40


def jaspar(words: dict[str, str]) -> str:
    lines = []
    for number, (factor, word) in enumerate(words.items(), start=1):
        lines.append(f">MA{number:04d}.1\t{factor}")
        lines += [f"{base} [ {' '.join('100' if base == at else '0' for at in word)} ]" for base in "ACGT"]
    return "\n".join(lines) + "\n"


def meme(words: dict[str, str]) -> str:
    text = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n"
    for number, (factor, word) in enumerate(words.items(), start=1):
        text += f"MOTIF MA{number:04d}.1 {factor}\n"
        text += f"letter-probability matrix: alength= 4 w= {len(word)} nsites= 100\n"
        text += "".join(" ".join("1.0" if base == at else "0.0" for base in "ACGT") + "\n" for at in word)
        text += "URL http://x\n\n"
    return text


@pytest.fixture(scope="module")
def genome() -> dict[str, str]:
    """Return random chromosomes with one word planted in each peak, every other on the minus strand."""
    rng = np.random.default_rng(7)
    made = {name: rng.choice(list("ACGT"), 60_000) for name in ("1", "X")}
    for number, (chrom, start, _) in enumerate(places()):
        word = list(WORDS.values())[number % 3]
        planted = word if number % 2 else word.translate(COMPLEMENT)[::-1]
        at = start + (0 if number % 4 else PEAK_BP - len(word))  # the first or the last bases of the peak
        made[chrom.removeprefix("chr")][at : at + len(word)] = list(planted)
    return {name: "".join(bases) for name, bases in made.items()}


def places() -> list[tuple[str, int, int]]:
    half = NUM_PEAKS // 2
    return [
        (chrom, 1_000 * number + 37, 1_000 * number + 37 + PEAK_BP)
        for chrom in ("chr1", "chrX")
        for number in range(1, half + 1)
    ]


@pytest.fixture(scope="module")
def reference() -> Reference:
    genes = pd.DataFrame({"gene_id": list(IDS.values()), "symbol": SYMBOLS})
    genes = genes.assign(aliases=[["BSAP"], [], [], ["AP1"], ["AP1"]], previous_symbols=[[] for _ in SYMBOLS])
    peaks = pd.DataFrame(places(), columns=["chrom", "start", "end"]).assign(assembly="GRCh38")
    peaks["peak_id"] = [peak_id("GRCh38", *place) for place in places()]
    return Reference(Names(genes), frozenset({IDS["PAX5"]}), peaks=peaks)


def written(folder, genome, *, name="genome.fa", width=60):
    path = folder / name
    lines = []
    for chrom, bases in genome.items():
        lines += [f">{chrom} dna:chromosome", *(bases[at : at + width] for at in range(0, len(bases), width))]
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def parse(tmp_path, profiles, genome, reference, **options):
    path = tmp_path / "profiles.txt"
    path.write_text(profiles)
    fasta = written(tmp_path, genome) if isinstance(genome, dict) else genome
    checked = motifs.spec(RECORD, Scan(**{"assembly": "hg38", **options})).parse([path, fasta], reference)
    assert checked.num_read == checked.num_kept + len(checked.rejected)
    assert checked.rejected["row"].is_unique
    return checked


def slow_sites(codes: np.ndarray, scores: np.ndarray, threshold: int) -> dict[int, int]:
    """Score every position by hand."""
    found = {}
    for start in range(len(codes) - len(scores) + 1):
        window = codes[start : start + len(scores)].tolist()
        if NO_BASE in window:
            continue
        total = sum(int(scores[position][base]) for position, base in enumerate(window))
        if total >= threshold:
            found[start] = total
    return found


@pytest.mark.parametrize("written_as", [jaspar, meme])
@pytest.mark.parametrize("background", ["peaks", "uniform"])
def test_every_planted_word_is_found_in_its_peak(tmp_path, reference, genome, written_as, background):
    checked = parse(tmp_path, written_as(WORDS), genome, reference, p_value=1e-4, background=background)
    rows = checked.tables[1][1]
    found = set(rows[["source", "target", "experiment"]].itertuples(index=False, name=None))
    best = rows.set_index(["source", "target"])["score"]
    for number, place in enumerate(places()):
        factor = list(WORDS)[number % 3]
        for member in factor.split("::"):
            key = (IDS[member], peak_id("GRCh38", *place))
            assert (*key, f"MA{number % 3 + 1:04d}.1") in found
            assert best[key] == rows.loc[rows["experiment"].eq(f"MA{number % 3 + 1:04d}.1"), "score"].max()
    assert set(rows["kind"]) == {"motif"}
    assert len(rows) <= 40 + 14 + 8  # the planted ones, dimers twice, and few by chance
    assert checked.num_kept == 3
    assert checked.notes["peaks scanned"] == NUM_PEAKS
    assert checked.notes["bases scanned"] == NUM_PEAKS * PEAK_BP


@pytest.mark.parametrize("width", [3, 7, 8, 9, 15, 21])
def test_sites_and_scores_are_those_of_a_slow_search(width):
    rng = np.random.default_rng(width)
    codes = rng.integers(0, 4, 3_000).astype(np.uint8)
    codes[rng.integers(0, 3_000, 40)] = NO_BASE
    codes[-1] = NO_BASE
    index = index_words(PeakSequences(codes, np.array([0]), np.array(["p"])))
    counts = rng.gamma(0.4, size=(width, 4)) + 1e-3
    scores = score_matrix(100 * counts, EVEN)
    for p_value in (0.2, 0.02):
        threshold = score_threshold(scores, EVEN, p_value)
        assert threshold is not None
        for search in strand_searches(scores, threshold):
            starts, totals = sites(search, index)
            assert len(np.unique(starts)) == len(starts)
            expected = slow_sites(codes, search.scores, threshold)
            assert dict(zip(starts.tolist(), totals.tolist(), strict=True)) == expected
            assert expected


def test_the_other_strand_is_the_reverse_complement():
    scores = np.arange(12).reshape(3, 4)
    forward, reverse = strand_searches(scores, 0)
    word = [0, 1, 3]  # ACT
    turned = [3 - base for base in word[::-1]]  # AGT
    own = sum(int(forward.scores[position][base]) for position, base in enumerate(word))
    assert own == sum(int(reverse.scores[position][base]) for position, base in enumerate(turned))


@pytest.mark.parametrize("background", [EVEN, np.array([0.3, 0.2, 0.2, 0.3])])
@pytest.mark.parametrize("width", [1, 4, 6])
@pytest.mark.parametrize("p_value", [0.5, 0.05, 1e-3])
def test_thresholds_are_those_of_all_words(background, width, p_value):
    counts = np.random.default_rng(width).gamma(0.5, size=(width, 4)) * 50 + 0.1
    scores = score_matrix(counts, background)
    chances: dict[int, float] = {}
    for word in product(range(4), repeat=width):
        total = sum(int(scores[position][base]) for position, base in enumerate(word))
        chances[total] = chances.get(total, 0.0) + float(np.prod(background[list(word)]))
    reached = [
        total
        for total in chances
        if sum(chances[other] for other in chances if other >= total) <= p_value + 1e-12
    ]
    assert score_threshold(scores, background, p_value) == min(reached, default=None)


def test_random_dna_has_as_many_sites_as_the_p_value_says():
    rng = np.random.default_rng(3)
    background = np.array([0.3, 0.2, 0.2, 0.3])
    codes = rng.choice(4, 400_000, p=background).astype(np.uint8)
    index = index_words(PeakSequences(codes, np.array([0]), np.array(["p"])))
    expected, found = 0.0, 0
    for number in range(20):
        scores = score_matrix(np.random.default_rng(number).gamma(0.3, size=(10, 4)) * 100 + 0.1, background)
        threshold = score_threshold(scores, background, 1e-3)
        assert threshold is not None
        found += sum(len(sites(search, index)[0]) for search in strand_searches(scores, threshold))
        expected += 2 * 1e-3 * len(codes)
    assert 0.93 * expected < found < 1.03 * expected  # a threshold can only be rarer than the p-value


def test_scores_are_log_odds_in_hundredths_of_a_bit():
    scores = score_matrix(np.array([[3.0, 0.0, 0.0, 0.0]]), EVEN)
    assert scores[0].tolist() == [
        170,
        -200,
        -200,
        -200,
    ]  # 100 log2(3.25 / 4 / 0.25), 100 log2(0.25 / 4 / 0.25)


def test_lower_case_gzip_and_long_lines_are_the_same_dna(tmp_path, reference, genome):
    peaks = reference.peaks
    plain = peak_sequences(written(tmp_path, genome), peaks)
    lower = {name: bases.lower() for name, bases in genome.items()}
    for path in (
        written(tmp_path, lower, name="lower.fa.gz"),
        written(
            tmp_path, {f"chr{name}": bases for name, bases in genome.items()}, name="line.fa", width=10**6
        ),
        written(tmp_path, {"MT": "ACGT", **dict(reversed(genome.items()))}, name="other.fa"),
    ):
        again = sorted(peak_sequences(path, peaks), key=lambda each: each.peak_ids[0])
        for one, other in zip(sorted(plain, key=lambda each: each.peak_ids[0]), again, strict=True):
            assert np.array_equal(one.codes, other.codes)
    first = places()[0]
    expected = ["ACGT".index(base) for base in genome["1"][first[1] : first[2]]]
    assert plain[0].codes[: PEAK_BP + 1].tolist() == [*expected, NO_BASE]


def test_parts_are_pooled_without_changing_a_peak(tmp_path, reference, genome):
    parts = peak_sequences(written(tmp_path, genome), reference.peaks)
    (whole,) = pooled(parts, max_bases=10**9)
    assert len(pooled(parts, max_bases=1)) == 2
    assert whole.peak_ids.tolist() == [name for part in parts for name in part.peak_ids]
    for place, start in enumerate(whole.starts):
        assert start == place * (PEAK_BP + 1)
        assert whole.codes[start + PEAK_BP] == NO_BASE
    assert base_frequencies(parts) == pytest.approx(base_frequencies([whole]))
    a, c, g, t = base_frequencies([whole])
    assert (a, c) == (t, g)
    assert a + c + g + t == pytest.approx(1)


def test_no_site_spans_an_unknown_base_or_two_peaks(tmp_path, reference):
    word = WORDS["EBF1"]
    _, start, end = places()[0]
    bases = ["A"] * 60_000
    bases[start + 50 : start + 60] = list(word)
    bases[start + 54] = "N"
    bases[end - 5 : end + 5] = list(word)
    genome = {"1": "".join(bases), "X": "A" * 60_000}
    with_one = genome | {"X": "A" * 1_037 + word + "A" * 58_953}
    checked = parse(tmp_path, jaspar(WORDS), with_one, reference, background="uniform")
    assert set(checked.tables[1][1]["target"]) == {"GRCh38:chrX:1037-1437"}
    assert by_reason(checked.rejected) == {"no site in a peak": 2}


def test_overlapping_peaks_both_have_the_site(tmp_path, reference, genome):
    extra = reference.peaks.iloc[[0]].assign(start=lambda rows: rows["start"] + 1, peak_id="other")
    both = replace(reference, peaks=pd.concat([reference.peaks, extra], ignore_index=True))
    checked = parse(tmp_path, jaspar({"PAX5": WORDS["PAX5"]}), genome, both)
    assert {"GRCh38:chr1:1037-1437", "other"} <= set(checked.tables[1][1]["target"])


def test_the_best_peaks_of_a_profile_are_kept(tmp_path, reference, genome):
    every = parse(tmp_path, jaspar(WORDS), genome, reference, p_value=0.01).tables[1][1]
    few = parse(tmp_path, jaspar(WORDS), genome, reference, p_value=0.01, max_peaks=5).tables[1][1]
    assert len(every) > len(few) == 4 * 5
    for (source, experiment), rows in few.groupby(["source", "experiment"]):
        own = every[every["source"].eq(source) & every["experiment"].eq(experiment)]
        assert sorted(rows["score"]) == sorted(own["score"])[-5:]


def test_every_profile_left_out_has_its_reason(tmp_path, reference, genome):
    good = jaspar({"PAX5": WORDS["PAX5"]})
    lines = [
        good.rstrip("\n"),  # lines 1 to 5
        ">MA0001.1\tEBF1\n[ 9 9 ]\n[ 1 1 ]\n[ 1 1 ]\n[ 1 1 ]",
        ">MA0009.1\tEBF1\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 ]",
        ">MA0010.1\tEBF1\nA [ 9 nan ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0011.1\tEBF1\nA [ 9 -4 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0012.1\tEBF1\nA [ 9 9 ]\nC [ 1 1 ]",
        ">MA0013.1\tEBF1\nA [ 9 0 ]\nC [ 1 0 ]\nG [ 1 0 ]\nT [ 1 0 ]",
        ">\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0014.1\tNOGENE\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0015.1\tFOS::NOGENE\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0016.1\tAP1\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0017.1\tFOS::\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0018.1\tMYC\nA [ 9 9 ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
        ">MA0019.1\tEBF1\nA [ 9 inf ]\nC [ 1 1 ]\nG [ 1 1 ]\nT [ 1 1 ]",
    ]
    checked = parse(tmp_path, "\n".join(lines) + "\n", genome, reference)
    assert checked.rejected["reason"].tolist() == [
        "duplicate",
        *["bad profile"] * 5,
        "empty name",
        "unknown regulator",
        "unknown regulator",
        "ambiguous name",
        "empty name",
        "too short for the p-value",
        "bad profile",
    ]
    assert checked.num_kept == 1
    assert checked.rejected["row"].tolist()[:2] == [6, 11]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("MOTIF AHR.H13CORE.0.P.B", ("AHR.H13CORE.0.P.B", "AHR")),
        ("MOTIF AHR_HUMAN.H11MO.0.B", ("AHR_HUMAN.H11MO.0.B", "AHR")),
        ("MOTIF MA0006.2 Ahr::Arnt", ("MA0006.2", "Ahr::Arnt")),
        ("MOTIF MA0058.1 MAX(var.2)", ("MA0058.1", "MAX")),
        ("MOTIF", ("", "")),
    ],
)
def test_factors_are_read_from_the_names_of_profiles(tmp_path, header, expected):
    path = tmp_path / "motifs.meme"
    path.write_text(
        f"MEME version 4\n\n{header}\nletter-probability matrix: alength= 4 w= 1\n0.7 0.1 0.1 0.1\n"
    )
    row = read_profiles(path).iloc[0]
    assert (row["motif_id"], row["factor"]) == expected
    assert row["fault"] == ""
    assert row["counts"].tolist() == [pytest.approx([14.0, 2.0, 2.0, 2.0])]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("letter-probability matrix: w= 2\n0.7 0.1 0.1 0.1\n", "expected 2 positions, found 1"),
        ("letter-probability matrix: w= 1\n0.7 0.1 0.2\n", "expected 4 probabilities"),
        ("letter-probability matrix: w= 1\n0.7 0.1 0.1 0.4\n", "do not sum to 1"),
        ("letter-probability matrix:\nnan 0.1 0.1 0.4\n", "do not sum to 1"),
        ("letter-probability matrix: w= 1\n1.2 -0.2 0 0\n", "at least 0"),
        ("letter-probability matrix:\n", "no positions"),
        ("", "no 'letter-probability matrix'"),
    ],
)
def test_damaged_meme_profiles_are_told(tmp_path, body, fault):
    path = tmp_path / "motifs.meme"
    path.write_text(f"MEME version 5\n\nALPHABET= ACGT\n\nMOTIF m MYC\n{body}")
    assert fault in read_profiles(path)["fault"].item()


def test_files_that_are_no_profiles_or_no_genome_are_refused(tmp_path, reference, genome):
    with pytest.raises(InputError, match="neither a JASPAR file"):
        parse(tmp_path, "hello\n", genome, reference)
    with pytest.raises(InputError, match="expected the alphabet ACGT"):
        parse(tmp_path, "MEME version 4\nALPHABET= ACDEF\nMOTIF x\n", genome, reference)
    no_fasta = tmp_path / "no.fa"
    no_fasta.write_text("ACGT\n>1\nACGT\n")
    with pytest.raises(InputError, match="does not start with '>'"):
        parse(tmp_path, jaspar(WORDS), no_fasta, reference)
    with pytest.raises(InputError, match="none of the chromosomes of the peaks"):
        parse(tmp_path, jaspar(WORDS), {"chr7": "ACGT"}, reference)
    with pytest.raises(InputError, match="genome of another assembly"):
        parse(tmp_path, jaspar(WORDS), {"chr1": genome["1"][:5_000]}, reference)
    with pytest.raises(InputError, match="stands twice"):
        parse(tmp_path, jaspar(WORDS), {"chr1": genome["1"], "1": genome["1"]}, reference)
    with pytest.raises(InputError, match="hard-masked"):
        parse(tmp_path, jaspar(WORDS), {"chr1": "N" * 60_000}, reference)
    with pytest.raises(InputError, match="no peaks on GRCh37"):
        parse(tmp_path, jaspar(WORDS), genome, reference, assembly="hg19")
    with pytest.raises(InputError, match="also needs a genome"):
        motifs.spec(RECORD, Scan("hg38")).parse([no_fasta], reference)
    for wrong in ({"p_value": 0.0}, {"p_value": 1.5}, {"max_peaks": 0}):
        with pytest.raises(InputError):
            motifs.spec(RECORD, Scan("hg38", **wrong))


def test_a_truncated_genome_is_refused(tmp_path, reference, genome):
    path = written(tmp_path, genome, name="genome.fa.gz")
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(InputError, match="cut short"):
        parse(tmp_path, jaspar(WORDS), path, reference)


def test_peaks_on_chromosomes_without_dna_are_counted(tmp_path, reference, genome):
    checked = parse(tmp_path, jaspar(WORDS), {"1": genome["1"]}, reference)
    assert checked.notes["peaks on no chromosome of the genome"] == NUM_PEAKS // 2
    assert set(checked.tables[1][1]["target"].str.split(":").str[1]) == {"chr1"}


words = st.sampled_from(
    [
        ">m1",
        "PAX5",
        "EBF1",
        "\n",
        "A",
        "C",
        "G",
        "T",
        "[",
        "]",
        "1",
        "9",
        "0",
        "nan",
        "-1",
        "1e999",
        "\u0663",
        "MOTIF",
        "\n>m2\tMYC\n",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(words, max_size=30), st.sampled_from([jaspar, meme]))
def test_read_is_kept_and_rejected_whatever_the_file_holds(tmp_path, reference, genome, words, written_as):
    good = written_as({"PAX5": WORDS["PAX5"]})
    mark = ">" if written_as is jaspar else "MOTIF"
    text = good + " ".join(words) + "\n"
    checked = parse(tmp_path, text, genome, reference)
    assert checked.num_read == sum(1 for line in text.split("\n") if line.startswith(mark))
    rows = checked.tables[1][1]
    assert not rows.duplicated(["source", "target", "experiment"]).any()
    assert np.isfinite(rows["score"]).all()
