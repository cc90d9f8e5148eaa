"""What is kept of every shipped file, recounted from the raw files with plain pandas and none of our code."""

import csv
import gzip
import lzma
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from ingest.catalogue import SOURCES, source_named
from ingest.rejections import by_reason

Meaning = dict[str, str | None]
COMPLEXES = {"AP1": "FOS FOSB FOSL1 FOSL2 JUN JUNB JUND", "NFKB": "NFKB1 NFKB2 REL RELA RELB"}


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)


def names_of(text: str, mark: str) -> list[str]:
    return [name.strip() for name in text.split(mark) if name.strip()]


def meaning(  # noqa: C901
    genes: pd.DataFrame, records: list[dict], retired: list[tuple[str, str]]
) -> Meaning:
    """A slow dictionary: approved symbols, other symbols, then all else; `None` for several genes."""
    own = dict(zip(genes["gene_id"], genes["symbol"], strict=True))
    by_symbol = defaultdict(set)
    claimed = {record["gene_id"] for record in records}
    for gene, symbol in own.items():
        if gene not in claimed:
            by_symbol[symbol].add(gene)
    gene_of, taken = {}, {}
    for record in sorted(records, key=lambda r: r["symbol"] != own.get(r["gene_id"])):
        gene = record["gene_id"] if record["gene_id"] in own else None
        if gene is None and record["symbol"] and len(by_symbol[record["symbol"]]) == 1:
            (gene,) = by_symbol[record["symbol"]]
        if gene is not None and gene not in taken:
            taken[gene], gene_of[record["id"]] = record, gene
    levels: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(4)]
    for gene, symbol in own.items():
        levels[0][gene].add(gene)
        record = taken.get(gene)
        if record:
            levels[1][record["symbol"]].add(gene)
            for name in [*record["others"], *([symbol] if symbol != record["symbol"] else [])]:
                levels[3][name].add(gene)
        else:
            levels[2][symbol].add(gene)
    for symbol, successor in retired:
        if successor in gene_of:
            levels[3][symbol].add(gene_of[successor])
    return {**spelled(levels, str.upper), **spelled(levels, str), "#linked": str(len(taken))}


def spelled(levels: list[dict[str, set[str]]], how) -> Meaning:
    result: Meaning = {}
    for level in reversed(levels):
        merged = defaultdict(set)
        for name, ids in level.items():
            merged[how(name)] |= ids
        result.update({name: next(iter(ids)) if len(ids) == 1 else None for name, ids in merged.items()})
    result.pop("", None)
    return result


@pytest.fixture(scope="module")
def meant(demo) -> dict[str, Meaning]:
    hgnc = read(demo / "annotation" / "hgnc_entries.tsv.gz")
    human = [
        {
            "id": row["HGNC ID"],
            "symbol": row["Approved symbol"],
            "gene_id": row["Ensembl gene ID"],
            "others": names_of(row["Alias symbols"], ",") + names_of(row["Previous symbols"], ","),
        }
        for row in hgnc[hgnc["Status"].eq("Approved")].to_dict("records")
    ]
    withdrawn = hgnc[hgnc["Status"].ne("Approved")]
    successors = [re.findall(r"\[(HGNC:\d+)", name) for name in withdrawn["Approved name"]]
    pairs = zip(withdrawn["Approved symbol"], successors, strict=True)
    retired = [(symbol, found[0]) for symbol, found in pairs if len(found) == 1]
    mgi = read(demo / "annotation" / "mgi_entries.tsv.xz")
    mouse = [
        {
            "id": row["ID"],
            "symbol": row["symbol"],
            "gene_id": row["ensembl"],
            "others": names_of(row["synonyms"], "|"),
        }
        for row in mgi.to_dict("records")
    ]
    folder = demo / "annotation"
    return {
        "human": meaning(read(folder / "genes_GRCh38_ensembl109.tsv.gz"), human, retired),
        "mouse": meaning(read(folder / "genes_GRCm39_ensembl109.tsv.xz"), mouse, []),
    }


@pytest.fixture(scope="module")
def checked(demo, reference_of):
    kept = {}

    def parse(source_id):
        if source_id not in kept:
            spec = source_named(source_id)
            kept[source_id] = spec.parse([demo / name for name in spec.files], reference_of(spec))
        return kept[source_id]

    return parse


def recounted(rows: pd.DataFrame, meant: Meaning, key: list[str]) -> pd.DataFrame:
    rows = rows.assign(source=rows["source"].map(meant), target=rows["target"].map(meant))
    rows = rows.dropna(subset=["source", "target"])
    return rows[rows["source"] != rows["target"]].drop_duplicates(key)


def edge_set(frame: pd.DataFrame, columns: list[str]) -> set[tuple]:
    return set(frame[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize("spec", SOURCES, ids=lambda spec: spec.source_id)
def test_read_is_kept_and_rejected_and_names_one_species(checked, spec):
    done = checked(spec.source_id)
    assert done.num_read == done.num_kept + sum(by_reason(done.rejected).values())
    assert done.num_kept > 100
    species = "ENSG" if spec.record.species == "human" else "ENSMUSG"
    for table, frame in done.tables:
        for column in {"gene_id", "source", "target"} & set(frame.columns):
            if (table.name, column) != ("LOCATED_ON", "target"):
                assert frame[column].str.match(rf"{species}\d{{11}}$").all(), (table.name, column)
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
    expected = recounted(raw, meant[done_species(source_id)], ["source", "target", "sign"])
    kept = done.tables[-1][1]
    assert done.num_read == len(raw) == rows
    assert done.num_kept == len(kept) == len(expected)
    columns = ["source", "target", "sign"] + (["confidence"] if "confidence" in raw else [])
    assert edge_set(kept, columns) == edge_set(expected, columns)


def done_species(source_id: str) -> str:
    return "mouse" if source_id.endswith("_mouse") else "human"


@pytest.mark.parametrize("source_id", ["trrust", "trrust_mouse"])
def test_papers_of_a_pair_are_those_of_all_its_rows_with_that_mode(checked, demo, meant, source_id):
    raw = read(demo / source_named(source_id).files[0]).rename(columns={"tf": "source"})
    raw["sign"] = raw["mode"].map({"Activation": 1, "Repression": -1, "Unknown": 0})
    papers = defaultdict(set)
    table = meant[done_species(source_id)]
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
    done, table = checked(source_id), meant[done_species(source_id)]
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


def raw_sets(path: Path):
    opener = gzip.open if path.suffix == ".gz" else lzma.open
    with opener(path, "rt") as stream:
        for line in stream:
            set_id, _, *targets = line.rstrip("\n").split("\t")
            yield set_id, [name for name in targets if name]


@pytest.mark.parametrize("source_id", ["encode_chip_2015", "encode_chip_2015_mouse", "chea", "chea_mouse"])
def test_chip_targets_are_those_of_the_species_experiments(checked, demo, meant, source_id):
    gmt, index_file = (demo / name for name in source_named(source_id).files)
    species = done_species(source_id)
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
    table = meant[done_species(source_id)]
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
