"""What is kept of shipped sets, lists and orthologs, recounted with plain pandas and none of our code."""

from pathlib import Path

import pytest

from ingest.catalogue import source_named
from tests.ingest.sources.recounting import edge_set, raw_sets, read, species_of


@pytest.mark.parametrize("source_id", ["encode_chip_2015", "encode_chip_2015_mouse", "chea", "chea_mouse"])
def test_chip_targets_are_those_of_the_species_experiments(checked, demo, meant, source_id):
    gmt, index_file = (demo / name for name in source_named(source_id).files)
    species = species_of(source_id)
    index, table = read(index_file).set_index("set_id"), meant[species]
    read_rows, left_out, expected = 0, 0, set()
    for set_id, targets in raw_sets(gmt):
        if index.loc[set_id, "species"] != species:
            left_out += len(targets)
            continue
        read_rows += len(targets)
        source = table.get(index.loc[set_id, "tf"])
        genes = {table.get(name) for name in targets} - {None, source}
        expected |= {(source, gene, set_id) for gene in genes} if source else set()
    done = checked(source_id)
    assert done.num_read == read_rows
    assert done.notes["rows not selected"] == left_out
    kept = done.tables[-1][1]
    assert edge_set(kept, ["source", "target", "experiment"]) == expected
    assert done.num_kept == len(kept) == len(expected)


@pytest.mark.parametrize(
    ("source_id", "num_sets", "derived"),
    [
        ("go_bp_2021", 6_036, (1, 20)),
        ("reactome", 2_546, (130, 200)),
        ("msigdb_pathways", 2_475, (300, 400)),
        ("hallmark", 50, (5, 5)),
    ],
)
def test_gene_sets_have_the_members_of_the_file(checked, demo, meant, source_id, num_sets, derived):
    (file,) = source_named(source_id).files
    raw = [(name, [gene.split(",")[0] for gene in genes]) for name, genes in raw_sets(demo / file)]
    done = checked(source_id)
    assert len(raw) == num_sets
    assert done.num_read == sum(max(1, len(genes)) for _, genes in raw)
    first: dict[str, set[str]] = {}
    for name, genes in raw:
        first.setdefault(name, {meant["human"].get(gene) for gene in genes} - {None})
    expected = {(gene, f"{source_id}/{name}") for name, genes in first.items() for gene in genes}
    (_, sets), (_, members) = done.tables
    assert edge_set(members, ["source", "target"]) == expected
    assert len(members) == done.num_kept == len(expected)
    assert derived[0] <= sets["derived_from_regulators"].sum() <= derived[1]
    assert sets.loc[sets["name"].str.startswith("PID_"), "derived_from_regulators"].all()


def test_orthologs_are_the_pairs_of_the_file(checked, demo, meant, names):
    raw = read(demo / source_named("orthologs_human_mouse").files[0])
    pairs = set()
    for row in raw.itertuples():
        ends = [
            meant[species].get(gene_id) or meant[species].get(symbol)
            for species, gene_id, symbol in (
                ("human", row.human_gene_id, row.human_symbol),
                ("mouse", row.mouse_gene_id, row.mouse_symbol),
            )
        ]
        pairs |= {tuple(ends)} if all(ends) else set()
    done = checked("orthologs_human_mouse")
    _, kept = done.tables[0]
    assert done.num_read == len(raw) == 25_454
    assert edge_set(kept, ["source", "target"]) == pairs
    assert len(kept) == done.num_kept > 20_000
    assert set(kept["kind"]) == {"one2one", "one2many", "many2many"}
    of_tp53 = kept[kept["source"].eq(names.resolve(["TP53"])["gene_id"][0])]
    assert of_tp53["target"].tolist() == ["ENSMUSG00000059552"]  # Trp53


def test_names_of_phosphorylated_proteins_are_no_genes(checked):
    rejected = checked("encode_chip_2015").rejected
    unknown = rejected.loc[rejected["reason"].eq("unknown regulator"), "identifier"]
    assert "POLR2APHOSPHOS2" in set(unknown)


def listed_raw(demo: Path, source_id: str) -> list[str]:
    path = demo / source_named(source_id).files[0]
    if source_id in ("lambert2018", "pyscenic_mouse"):
        return path.read_text().split()
    if source_id.startswith("epifactors"):
        column = "MGI_symbol" if source_id.endswith("mouse") else "HGNC_symbol"
        return [name for name in read(path)[column].str.strip() if name != "#"]
    tax_id = "10090" if source_id.endswith("mouse") else "9606"
    rows = read(path)
    own = rows["tax_id"].str.split(";").map(lambda ids: tax_id in ids)
    return rows.loc[own & ~rows["tf_name"].str.contains("::") & rows["family"].ne(""), "tf_name"].tolist()


@pytest.mark.parametrize(
    "source_id",
    ["lambert2018", "pyscenic_mouse", "epifactors", "epifactors_mouse", "jaspar2024", "jaspar2024_mouse"],
)
def test_regulators_are_the_genes_that_the_list_names(checked, demo, meant, source_id):
    table = meant[species_of(source_id)]
    expected = {table.get(name) for name in listed_raw(demo, source_id)} - {None}
    (_, rows), *_ = checked(source_id).tables
    assert set(rows["gene_id"]) == expected
    assert len(rows) == len(expected) == checked(source_id).num_kept


def test_jaspar_gives_families(checked, names):
    _, rows = checked("jaspar2024").tables[0]
    family = rows.set_index("gene_id")["tf_family"]
    assert family[names.resolve(["TFAP2A"])["gene_id"][0]] == "AP-2"


def test_epifactors_gives_complexes_of_human_genes(checked, names):
    complexes = checked("epifactors").complexes
    facts = names.resolve(["SSRP1", "SUPT16H"])["gene_id"]
    assert set(complexes["epifactors:FACT"]) == set(facts)
    assert len(complexes) == 72  # 73 rows, CERF twice
    assert checked("epifactors_mouse").complexes == {}
