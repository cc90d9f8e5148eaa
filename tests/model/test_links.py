import math
from types import SimpleNamespace

import numpy as np
import pytest

from graph.errors import NotFoundError
from graph.rows import checked_frame
from graph.tables import LINKS
from model.link_activity import accessibility, activity_share
from model.link_covariation import covariation
from model.link_regions import PeakRegions
from model.links import LinkEvidence, Links, gather_links
from model.writeback import links

NUM_GENES, EACH = 400, 5


def evidence_of(**changed) -> LinkEvidence:
    """One gene with three like candidates, one with one, in two contexts."""
    near = np.array([[0, 0, 0, 2], [2, 0, 1, 3]])
    whole = {
        "contexts": ("all", "K562"), "near_index": near, "share": np.full((2, 4), 0.022, np.float32),
        "attention": np.float32([[1 / 3, 1 / 3, 1 / 3, 1]] * 2), "correlation": np.zeros(4, np.float32),
        "covariation": np.zeros(4, np.float32), "shown": np.ones((2, 4), dtype=np.bool_),
    }  # fmt: skip
    return LinkEvidence(**(whole | changed))


@pytest.fixture(scope="module")
def made(make_hoods, make_metacells_of, make_backbone):
    """Of five peaks of a gene, equally far, the third co-varies; the first is open in a, the next in b."""
    rng = np.random.default_rng(0)
    labels = np.repeat(["a", "b"], 40)
    num_peaks = NUM_GENES * EACH
    place = np.arange(num_peaks) % EACH
    state = rng.lognormal(0, 0.7, (80, NUM_GENES))
    rate = 3 * rng.lognormal(0, 0.7, (80, num_peaks))
    rate[:, place == 2] = 3 * state
    rate[:40, place == 1] /= 20
    rate[40:, place == 0] /= 20
    rate[:40, place == 3] = 0
    near = np.stack([np.repeat(np.arange(NUM_GENES), EACH), np.arange(num_peaks)])
    ids = [
        f"X:chr{number * 4 // num_peaks}:{number * 9_000}-{number * 9_000 + 500}"
        for number in range(num_peaks)
    ]
    distance = np.full(num_peaks, 30_000, dtype=np.float32)
    hoods = make_hoods(near, distance, ids, contexts=("all", "a", "b"), num_genes=NUM_GENES + 1)
    rna = np.hstack([rng.poisson(4 * state), rng.poisson(2, (80, 1))])  # the last gene has no candidate
    metacells = make_metacells_of(rna, rng.poisson(rate), labels)
    attention = rng.dirichlet(np.ones(EACH), NUM_GENES).ravel()
    backbone = make_backbone(dict.fromkeys(("all", "a", "b"), attention))
    evidence = gather_links(metacells, hoods, backbone, start_distance=distance, seed=1)
    return evidence, metacells, hoods, attention


def test_links_are_the_strongest_of_each_gene_and_ties_go_to_the_nearer_peak():
    near = np.array([[0, 0, 0, 2, 2], [7, 3, 5, 1, 0]])
    links = Links.strongest(np.array([0.2, 0.4, 0.4, 1.0, 0.0], dtype=np.float32), near, per_gene=2)
    assert links.gene.tolist() == [0, 0, 2]
    assert links.peak.tolist() == [3, 5, 1]
    assert links.rank.tolist() == [1, 2, 1]
    assert links.candidate.tolist() == [1, 2, 3]
    assert links.weight.tolist() == pytest.approx([0.4, 0.4, 1.0])
    assert Links.strongest(np.zeros(0, dtype=np.float32), near[:, :0]).gene.size == 0


def test_the_published_threshold_has_even_odds_and_a_gene_without_candidates_no_link():
    assert evidence_of().weights("K562").tolist() == pytest.approx([0.5] * 4)
    links = evidence_of().links_of("all")
    assert links.gene.tolist() == [0, 0, 0, 2]
    assert links.peak.tolist() == [2, 0, 1, 3]  # ties stay in the order of the candidates


def test_attention_changes_the_odds_within_bounds():
    low, high = (
        evidence_of(attention=np.float32([[0, 0.5, 0.5, 1]] * 2)).weights("all"),
        evidence_of(attention=np.float32([[1, 0, 0, 1]] * 2)).weights("all"),
    )
    assert low[0] == pytest.approx(1 / (1 + math.exp(0.5)), rel=1e-5)
    assert 0.5 < high[0] < 1 / (1 + math.exp(-0.5))
    assert high[3] == pytest.approx(0.5)  # the only candidate is its gene's average


def test_a_context_that_is_not_there_is_not_found():
    with pytest.raises(NotFoundError, match="H1"):
        evidence_of().links_of("H1")


def test_a_co_varying_peak_beats_equally_distant_ones(made):
    evidence, *_ = made
    weight = evidence.weights("all").reshape(NUM_GENES, EACH)
    assert np.median(weight[:, 2] - weight[:, 4]) > 0.1
    assert (weight[:, 2] > weight[:, 4]).mean() > 0.8


def test_of_two_peaks_as_far_the_one_that_is_open_in_the_context_ranks_higher(made):
    evidence, *_ = made
    for name, upper, lower in (("a", 0, 1), ("b", 1, 0)):
        weight = evidence.weights(name).reshape(NUM_GENES, EACH)
        assert (weight[:, upper] > weight[:, lower]).mean() > 0.9


def test_a_peak_without_counts_in_a_context_has_no_link_there(made):
    evidence, *_ = made
    links = {name: evidence.links_of(name) for name in ("a", "b")}
    assert not (links["a"].peak % EACH == 3).any()
    assert (links["b"].peak % EACH == 3).sum() > 0.99 * NUM_GENES
    assert set(links["b"].gene) == set(range(NUM_GENES))


def test_a_gene_without_counts_in_a_context_has_no_link_there():
    shown = np.array([[True] * 4, [False, False, False, True]])
    assert evidence_of(shown=shown).links_of("K562").gene.tolist() == [2]


def test_weights_are_bounded_and_fall_with_distance(make_hoods, make_metacells_of, make_backbone):
    distance = np.float32([0, 5_000, 20_000, 99_000, 800_000])
    near = np.stack([np.zeros(5, dtype=np.int64), np.arange(5)])
    ids = [f"X:chr1:{number * 9}-{number * 9 + 5}" for number in range(5)]
    hoods = make_hoods(near, np.minimum(distance, 100_000), ids)
    metacells = make_metacells_of(np.ones((6, 1)), np.ones((6, 5)))
    backbone = make_backbone({"all": np.full(5, 0.2)})
    weight = gather_links(metacells, hoods, backbone, start_distance=distance, seed=0).weights("all")
    assert (np.diff(weight) <= 0).all()
    assert weight[0] > weight[2] > weight[4] > 0
    assert weight.max() <= 1


def test_weights_are_those_of_an_obvious_loop(made):
    evidence, metacells, hoods, attention = made
    ratio = covariation(
        metacells, hoods.near_index, peak_chrom=PeakRegions.of(hoods.peak_ids).chrom, seed=1
    ).log_ratio
    inside = metacells.labels == "a"
    span = PeakRegions.of(hoods.peak_ids).span_bp
    share = activity_share(
        accessibility(metacells.atac, inside), hoods.near_index, hoods.near_distance, window_bp=30_000,
        span_bp=span,
    )  # fmt: skip
    found, seen = evidence.weights("a"), metacells.atac[inside].toarray().sum(axis=0)
    for pair in range(0, found.size, 13):
        odds = share[pair] / 0.022 * math.exp(ratio[pair] + 0.5 * math.tanh(math.log(attention[pair] * EACH)))
        assert found[pair] == pytest.approx(odds / (1 + odds) if seen[pair] else 0, rel=1e-4)


def test_labels_shuffled_the_contexts_differ_less(made, make_metacells_of, make_backbone):
    evidence, metacells, hoods, attention = made
    shuffled = make_metacells_of(
        metacells.rna.toarray(),
        metacells.atac.toarray(),
        np.random.default_rng(0).permutation(metacells.labels),
    )
    backbone = make_backbone(dict.fromkeys(("all", "a", "b"), attention))
    other = gather_links(shuffled, hoods, backbone, start_distance=hoods.near_distance, seed=1)
    told, untold = (np.abs(np.log(each.share[1] / each.share[2])).mean() for each in (evidence, other))
    assert untold < 0.2 * told


def test_what_is_written_are_the_strongest_links_of_the_genes_that_the_context_shows(made):
    evidence, _, hoods, _ = made
    hoods.detected[1, 7] = False
    plan = SimpleNamespace(config=SimpleNamespace(top_links=2), run_id="r")
    network = SimpleNamespace(hoods=hoods, links=evidence, plan=plan, dataset_id="d")
    frame = checked_frame(LINKS, links(network, context=1))
    assert set(frame["context_id"]) == {"d/a"}
    assert set(frame["source"]) == {f"g{number}" for number in range(NUM_GENES) if number != 7}
    assert (frame.groupby("source").size() == 2).all()
    assert (frame["weight"].groupby(frame["source"]).diff().dropna() <= 0).all()
    first = frame[frame["source"] == "g0"].iloc[0]
    pair = int(np.argmax(evidence.weights("a")[:EACH]))
    assert first["target"] == hoods.peak_ids[pair]
    found = first[["weight", "activity_share", "attention", "correlation"]].tolist()
    own = evidence.share[1, pair], evidence.attention[1, pair], evidence.correlation[pair]
    assert found == pytest.approx([evidence.weights("a")[pair], *own])
