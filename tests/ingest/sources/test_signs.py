"""Signs of pairs that a person read in the raw files, and names that mean several genes."""

import pytest

from ingest.catalogue import source_named

# (source, regulator, target) -> signs, copied by hand from the rows of the file that `zgrep` shows.
BY_HAND = [
    ("trrust", "MYC", "TERT", {1: 6, 0: 9}),
    ("trrust", "TP53", "CDKN1A", {1: 28, -1: 3, 0: 24}),  # activation, repression and unknown, all three
    ("trrust", "ZEB1", "CDH1", {1: 1, -1: 3, 0: 1}),
    ("trrust", "SNAI1", "CDH1", {-1: 10, 0: 2}),
    ("trrust", "GATA1", "HBB", {0: 2}),
    ("trrust", "BRCA1", "ESR1", {1: 1}),
    ("trrust", "EGR1", "TP53", {1: 1}),
    ("trrust", "AR", "KLK3", {1: 14, -1: 2, 0: 29}),  # its two rows `Unknown` are one prior
    ("trrust_mouse", "Trp53", "Cdkn1a", {1: 17, -1: 1, 0: 18}),
    ("trrust_mouse", "Foxo1", "G6pc", {1: 2, -1: 1, 0: 5}),
    ("trrust_mouse", "Myc", "Cdkn1a", {-1: 2}),
    ("trrust_mouse", "Nanog", "Gata6", {-1: 1}),
    ("dorothea", "SNAI1", "CDH1", {-1: 0}),
    ("dorothea", "TP53", "CDKN1A", {1: 0}),
    ("dorothea", "ZEB1", "CDH1", {-1: 0}),
    ("dorothea_mouse", "Myc", "Cdkn1a", {-1: 0}),
    ("dorothea_mouse", "Sox2", "Nanog", {1: 0}),
    ("collectri", "REST", "SCN2A", {-1: 1}),
    ("collectri", "BRCA1", "ESR1", {1: 2}),
    ("collectri_mouse", "Nanog", "Gata6", {-1: 3}),
    ("collectri_mouse", "Sox2", "Nanog", {1: 6}),
    ("collectri_mouse", "Trp53", "Cdkn1a", {1: None}),  # the file's `source` says Tp53
]


@pytest.fixture(scope="module")
def priors(demo, reference_of):
    """Return the priors of a source by pair."""
    kept = {}

    def parse(source_id):
        if source_id not in kept:
            spec = source_named(source_id)
            checked = spec.parse([demo / name for name in spec.files], reference_of(spec))
            kept[source_id] = checked.tables[-1][1].set_index(["source", "target"]).sort_index()
        return kept[source_id]

    return parse


@pytest.mark.parametrize(("source_id", "regulator", "target", "signs"), BY_HAND)
def test_a_pair_has_the_signs_that_stand_in_the_file(
    priors, reference_of, source_id, regulator, target, signs
):
    names = reference_of(source_named(source_id)).names
    pair = tuple(names.resolve([regulator, target])["gene_id"])
    rows = priors(source_id).loc[[pair]]
    assert sorted(rows["sign"]) == sorted(signs)
    for row in rows.itertuples():
        if signs[row.sign] is not None:
            assert len(row.pmids) == signs[row.sign]


def test_an_ambiguous_alias_of_the_shipped_files_is_reported_with_its_candidates(demo, reference_of):
    spec = source_named("trrust")
    checked = spec.parse([demo / name for name in spec.files], reference_of(spec))
    rejected = checked.rejected[checked.rejected["reason"].eq("ambiguous name")]
    assert len(rejected)
    names = reference_of(spec).names
    for row in rejected.itertuples():
        answer = names.resolve([row.identifier]).iloc[0]
        assert answer["gene_id"] is None
        assert len(answer["candidates"]) > 1
        assert answer["candidates"][0] in row.detail


def test_a_retired_symbol_is_mapped_and_told(demo, reference_of):
    spec = source_named("dorothea")
    checked = spec.parse([demo / name for name in spec.files], reference_of(spec))
    told = checked.mapped[checked.mapped["reason"].eq("retired symbol mapped")]
    assert "ARNTL" in set(told["identifier"])  # BMAL1 today
    assert checked.notes["retired symbol mapped"] == told["row"].nunique()
    assert set(told["row"]).isdisjoint(checked.rejected["row"])
