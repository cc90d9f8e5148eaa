"""What is kept of every shipped file, recounted from the raw files with plain pandas and none of our code."""

import re
from collections import defaultdict

import pandas as pd
import pytest

from ingest.catalogue import SOURCES, source_named
from ingest.rejections import by_reason
from tests.ingest.sources.recounting import edge_set, read, recounted, species_of

COMPLEXES = {"AP1": "FOS FOSB FOSL1 FOSL2 JUN JUNB JUND", "NFKB": "NFKB1 NFKB2 REL RELA RELB"}


@pytest.mark.parametrize("spec", SOURCES, ids=lambda spec: spec.source_id)
def test_read_is_kept_and_rejected_and_each_column_names_one_species(checked, spec):
    done = checked(spec.source_id)
    assert done.num_read == done.num_kept + sum(by_reason(done.rejected).values())
    assert done.num_kept > 100
    species = "ENSG" if spec.record.species == "human" else "ENSMUSG"
    other = "ENSMUSG" if species == "ENSG" else "ENSG"
    for table, frame in done.tables:
        for column in {"gene_id", "source", "target"} & set(frame.columns):
            named = other if (table.name, column) == ("ORTHOLOG_OF", "target") else species
            if (table.name, column) not in (("LOCATED_ON", "target"), ("MEMBER_OF", "target")):
                assert frame[column].str.match(rf"{named}\d{{11}}$").all(), (table.name, column)
        assert set(frame.get("source_id", [spec.source_id])) <= {spec.source_id}
    for genes in done.complexes.values():
        assert all(gene.startswith(species) for gene in genes)


@pytest.mark.parametrize(("source_id", "rows"), [("ensembl_109", 62_656), ("ensembl_109_mouse", 56_953)])
def test_every_gene_has_its_place(checked, demo, source_id, rows):
    done = checked(source_id)
    raw = read(demo / source_named(source_id).files[0])
    assert done.num_kept == len(raw) == rows
    (_, nodes), (_, places) = done.tables
    assert set(nodes["gene_id"]) == set(raw["gene_id"])
    starts, ends = raw["start"].astype(int) - 1, raw["end"].astype(int)
    expected = set(zip(raw["gene_id"], raw["chrom"], starts, ends, strict=True))
    assert edge_set(places, ["source", "chrom", "start", "end"]) == expected
    assert (places["tss"].to_numpy() == raw["tss"].astype(int).to_numpy() - 1).all()


def test_names_are_those_of_the_records_that_can_be_linked(checked, meant):
    for source_id, species in (("hgnc", "human"), ("mgi", "mouse")):
        (_, named), *_ = checked(source_id).tables
        assert len(named) == int(meant[species]["#linked"])
        assert named["gene_id"].is_unique


@pytest.mark.parametrize("species", ["human", "mouse"])
def test_names_mean_what_the_slow_dictionary_says(meant, reference, mouse_reference, species):
    names = {"human": reference, "mouse": mouse_reference}[species].names
    asked = [name for name in meant[species] if name != "#linked" and name == name.strip()]
    answer = names.resolve(asked)["gene_id"]
    expected = pd.Series([meant[species][name] for name in asked], dtype=object)
    assert (answer.fillna("") == expected.fillna("")).all()


@pytest.mark.parametrize(
    ("source_id", "file", "rows", "mode"),
    [
        ("trrust", "trrust/trrust_v2_human.tsv.gz", 9_396, "mode"),
        ("trrust_mouse", "trrust/trrust_v2_mouse.tsv.gz", 7_057, "mode"),
        ("dorothea", "dorothea/dorothea_hs.tsv.gz", 454_504, "mor"),
        ("dorothea_mouse", "dorothea/dorothea_mm.tsv.gz", 12_895, "mor"),
    ],
)
def test_priors_are_kept_as_recounted(checked, demo, meant, source_id, file, rows, mode):
    raw = read(demo / file).rename(columns={"tf": "source"})
    signs = {"Activation": 1, "Repression": -1, "Unknown": 0, "1": 1, "-1": -1}
    raw["sign"] = raw[mode].map(signs)
    done = checked(source_id)
    expected = recounted(raw, meant[species_of(source_id)], ["source", "target", "sign"])
    kept = done.tables[-1][1]
    assert done.num_read == len(raw) == rows
    assert done.num_kept == len(kept) == len(expected)
    columns = ["source", "target", "sign"] + (["confidence"] if "confidence" in raw else [])
    assert edge_set(kept, columns) == edge_set(expected, columns)


@pytest.mark.parametrize("source_id", ["trrust", "trrust_mouse"])
def test_papers_of_a_pair_are_those_of_all_its_rows_with_that_mode(checked, demo, meant, source_id):
    raw = read(demo / source_named(source_id).files[0]).rename(columns={"tf": "source"})
    raw["sign"] = raw["mode"].map({"Activation": 1, "Repression": -1, "Unknown": 0})
    papers = defaultdict(set)
    table = meant[species_of(source_id)]
    for row in raw.itertuples():
        found = re.findall(r"\d+", row.pmids)  # the file says "1724219e" once
        papers[table.get(row.source), table.get(row.target), row.sign] |= set(found)
    kept = checked(source_id).tables[-1][1]
    for row in kept.itertuples():
        assert set(row.pmids) == papers[row.source, row.target, row.sign]


@pytest.mark.parametrize(
    ("source_id", "rows", "column"),
    [("collectri", 43_178, "source"), ("collectri_mouse", 38_665, "source_mgi")],
)
def test_collectri_is_kept_and_expanded_as_recounted(checked, demo, meant, source_id, rows, column):
    raw = read(demo / source_named(source_id).files[0])
    raw = raw.assign(source=raw[column])
    done, table = checked(source_id), meant[species_of(source_id)]
    assert done.num_read == len(raw) == rows
    genes = raw[~raw["target"].str.contains(r"^hsa-|^mmu-|^MIR-|^miR-", regex=True)]
    whole = recounted(genes, {**table, "AP1": "AP1", "NFKB": "NFKB"}, ["source", "target", "weight"])
    assert done.num_kept == len(whole)
    spread = {name: [table[symbol] for symbol in text.split()] for name, text in COMPLEXES.items()}
    spread_rows = whole.assign(source=whole["source"].map(lambda name: spread.get(name, [name])))
    expected = spread_rows.explode("source")
    expected = expected[expected["source"] != expected["target"]]
    expected = expected.assign(sign=expected["weight"].astype(int))
    kept = done.tables[-1][1]
    assert not kept.duplicated(["source", "target", "sign"]).any()
    assert edge_set(kept, ["source", "target", "sign"]) == edge_set(expected, ["source", "target", "sign"])
    marked = kept["complex"].notna()
    assert set(kept.loc[marked, "complex"]) == (set(COMPLEXES) if source_id == "collectri" else set())
    assert all(row.source in spread[row.complex] for row in kept[marked].itertuples())
