"""What the report says of the shipped files, recounted with plain pandas."""

import gzip

import pandas as pd
import pytest

from ingest.catalogue import source_named
from ingest.rejections import by_reason


def dictionary(nodes: pd.DataFrame, spelled) -> dict[str, str | None]:
    levels: list[dict[str, set[str]]] = [{}, {}, {}]
    for row in nodes.itertuples():
        if row.symbol:
            level = levels[0 if isinstance(row.hgnc_id, str) else 1]
            level.setdefault(spelled(row.symbol), set()).add(row.gene_id)
        for name in [*row.aliases, *row.previous_symbols]:
            levels[2].setdefault(spelled(name), set()).add(row.gene_id)
    result: dict[str, str | None] = {}
    for level in reversed(levels):
        result.update({name: next(iter(ids)) if len(ids) == 1 else None for name, ids in level.items()})
    return result


@pytest.fixture(scope="module")
def meant(nodes) -> dict[str, str | None]:
    """A slow dictionary of names, with the rules of `ingest.names` and none of its code."""
    return {**dictionary(nodes, str.upper), **dictionary(nodes, str)}


def recounted(rows: pd.DataFrame, meant: dict[str, str | None], key: list[str]) -> pd.DataFrame:
    rows = rows.assign(source=rows["source"].map(meant), target=rows["target"].map(meant))
    rows = rows.dropna(subset=["source", "target"])
    return rows[rows["source"] != rows["target"]].drop_duplicates(key)


def parse(source_id, demo, reference):
    spec = source_named(source_id)
    return spec.parse([demo / name for name in spec.files], reference)


def read(path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


def test_trrust_is_kept_as_recounted(demo, reference, meant):
    rows = read(demo / "trrust" / "trrust_v2_human.tsv.gz").rename(columns={"tf": "source"})
    checked = parse("trrust", demo, reference)
    assert checked.num_read == len(rows) == 9_396
    assert checked.num_kept == len(recounted(rows, meant, ["source", "target", "mode"]))


def test_dorothea_is_kept_as_recounted(demo, reference, meant):
    rows = read(demo / "dorothea" / "dorothea_hs.tsv.gz").rename(columns={"tf": "source"})
    checked = parse("dorothea", demo, reference)
    expected = recounted(rows, meant, ["source", "target", "mor"])
    assert checked.num_read == len(rows) == 454_504
    assert checked.num_kept == len(expected)
    kept = checked.tables[-1][1]
    assert kept["confidence"].value_counts().to_dict() == expected["confidence"].value_counts().to_dict()
    assert kept["sign"].value_counts().to_dict() == expected["mor"].astype(int).value_counts().to_dict()


def test_collectri_is_kept_and_expanded_as_recounted(demo, reference, meant):
    rows = read(demo / "collectri" / "collectri_human.tsv.gz")
    rows = rows[~rows["target"].str.contains(r"^hsa-|^MIR-|^miR-", regex=True)]
    checked = parse("collectri", demo, reference)
    complexes = {"AP1": "FOS FOSB FOSL1 FOSL2 JUN JUNB JUND", "NFKB": "NFKB1 NFKB2 REL RELA RELB"}
    whole = recounted(rows, {**meant, "AP1": "AP1", "NFKB": "NFKB"}, ["source", "target", "weight"])
    assert checked.num_read == 43_178
    assert checked.num_kept == len(whole)
    spread = {name: [meant[symbol] for symbol in text.split()] for name, text in complexes.items()}
    members = whole.assign(source=whole["source"].map(lambda name: spread.get(name, [name]))).explode(
        "source"
    )
    members = members[members["source"] != members["target"]]
    expected = members.drop_duplicates(["source", "target", "weight"])
    assert len(checked.tables[-1][1]) == len(expected)


def test_chip_targets_are_those_of_the_selected_human_cells(demo, reference):
    index = read(demo / "chip_targets" / "ENCODE_TF_ChIP-seq_2015_index.tsv").set_index("set_id")
    cells = {"GM12878", "K562", "H1HESC", "A549"}
    number = {True: 0, False: 0}
    with gzip.open(demo / "chip_targets" / "ENCODE_TF_ChIP-seq_2015_chea3.gmt.gz", "rt") as stream:
        for line in stream:
            set_id, _, *targets = line.rstrip("\n").split("\t")
            one = index.loc[set_id]
            number[one["cell"] in cells and one["species"] == "human"] += sum(1 for name in targets if name)
    checked = parse("encode_chip_2015", demo, reference)
    assert checked.num_read == number[True]
    assert checked.notes["rows not selected"] == number[False]
    assert checked.num_kept + len(checked.rejected) == checked.num_read
    assert set(checked.tables[-1][1]["cell_type"]) == {"GM12878", "K562", "H1", "A549"}
    rejected = checked.rejected
    unknown = rejected.loc[rejected["reason"].eq("unknown regulator"), "identifier"]
    assert "POLR2APHOSPHOS2" in set(unknown)


@pytest.mark.parametrize("source_id", ["lambert2018", "epifactors", "jaspar2024", "hgnc"])
def test_lists_keep_or_reject_every_row(demo, reference, source_id):
    checked = parse(source_id, demo, reference)
    assert checked.num_read == checked.num_kept + sum(by_reason(checked.rejected).values())
    assert checked.num_kept > 600


def test_jaspar_gives_families(demo, reference, names):
    _, rows = parse("jaspar2024", demo, reference).tables[0]
    family = rows.set_index("gene_id")["tf_family"]
    assert family[names.resolve(["TFAP2A"])["gene_id"][0]] == "AP-2"
