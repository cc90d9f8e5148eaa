"""A file of a user against a real graph: names, judges, and answers to files that cannot be judged."""

import json

import numpy as np
import pandas as pd
import pytest

import cisgraph as cg
from cisgraph.judging.network import Asked, validate_file
from graph.errors import ConflictError, InputError, NotFoundError
from graph.migrations import migrate
from graph.store import GraphStore
from graph.tables import CHIP_TARGETS, GENES, PRIORS, REGULATORS

T, G = 10, 90
SYMBOLS = [f"GENE{i}" for i in range(G)]
IDS = [f"ENSG{i:011d}" for i in range(G)]
SOURCES = """
UNWIND $rows AS row
CREATE (:Source {source_id: row.id, name: row.id, species: row.species, load_id: row.id, state: 'complete',
                 stage: row.stage, licence_class: 'open', sha256: row.id, fingerprint: row.id})
"""


@pytest.fixture(scope="module")
def judged():
    """Pairs of the database that judges, as positions."""
    rng = np.random.default_rng(1)
    codes = rng.choice([t * G + g for t in range(T) for g in range(G) if t != g], 200, replace=False)
    return np.sort(codes)


@pytest.fixture(scope="module")
def store(neo4j_connection, wipe, judged):
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        wipe(store)
        migrate(store)
        empty = [[] for _ in IDS]
        genes = {"gene_id": IDS, "symbol": SYMBOLS, "aliases": empty, "previous_symbols": empty}
        store.write_table(GENES, pd.DataFrame(genes | {"species": "human", "biotype": "protein_coding"}))
        classes = {"regulator_class": "transcription_factor", "source_id": "list"}
        store.write_table(REGULATORS, pd.DataFrame({"gene_id": IDS[:T]} | classes))
        rows = [("genes", "human", "annotation"), ("trrust", "human", "evidence"),
                ("collectri", "human", "evidence"), ("trrust_mouse", "mouse", "evidence"),
                ("encode", "human", "evidence")]  # fmt: skip
        keys = ("id", "species", "stage")
        store.write(SOURCES, rows=[dict(zip(keys, row, strict=True)) for row in rows])
        pairs = pd.DataFrame({"source": np.array(IDS)[judged // G], "target": np.array(IDS)[judged % G]})
        for name, part in (("trrust", pairs), ("collectri", pairs[::3]), ("trrust_mouse", pairs[:3])):
            more = {"source_id": name, "load_id": name, "sign": 1, "pmids": [["1"]] * len(part)}
            store.write_table(PRIORS, part.assign(**more))
        chip = {"source_id": "encode", "load_id": "encode", "experiment": "e", "cell_type": "K562"}
        store.write_table(CHIP_TARGETS, pairs[::2].assign(**chip))
        yield store
        wipe(store)


@pytest.fixture
def network(tmp_path, judged):
    """Half of the judge's pairs first, then as many wrong ones; symbols."""
    rng = np.random.default_rng(2)
    wrong = rng.choice(np.setdiff1d(np.arange(T * G), judged), 100, replace=False)
    codes = np.concatenate([judged[::2], wrong])
    frame = pd.DataFrame(
        {
            "TF": np.array(SYMBOLS)[codes // G],
            "target": np.array(SYMBOLS)[codes % G],
            "importance": np.linspace(9, 1, len(codes)),
        }
    )
    path = tmp_path / "mine.tsv"
    frame.to_csv(path, sep="\t", index=False)
    return path


def test_a_network_of_symbols_is_judged_by_all_databases_of_its_species(store, network):
    figures = validate_file(store, Asked(network))
    assert [table["judge"] for table in figures["validation"]] == ["collectri", "trrust"]
    assert figures["network"]["format"] == "grnboost2"
    assert figures["network"]["names"]["source"]["num_found"] == T
    mine = next(row for row in figures["validation"][1]["rows"] if row["name"] == "mine")
    assert mine["swap_auroc"] > 0.6
    assert mine["precision_at_100"] == 1
    json.dumps(figures, allow_nan=False)


def test_a_notebook_is_told_the_same_figures_a_row_an_exam_and_method(store, network, neo4j_connection):
    c = neo4j_connection
    with cg.connect(c.uri, user=c.user, password=c.password, database=c.database) as db:
        answer = db.validate(network, against=["trrust"])
    figures = validate_file(store, Asked(network, against=("trrust",)))
    assert {name: value for name, value in answer.to_dict().items() if name != "methods"} == figures
    frame = answer.to_pandas().set_index("name")
    assert frame.loc["mine", ["judge", "precision_at_100"]].tolist() == ["trrust", 1]
    assert len(frame) == len(figures["validation"][0]["rows"])


def test_chip_stands_for_every_source_of_it(store, network):
    figures = validate_file(store, Asked(network, against=("chip", "trrust")))
    assert [table["judge"] for table in figures["validation"]] == ["encode", "trrust"]


def test_who_trained_does_not_judge(store, network):
    figures = validate_file(store, Asked(network, trained_on=("collectri",)))
    assert [table["judge"] for table in figures["validation"]] == ["trrust"]
    assert figures["validation"][0]["num_shared"] == 67
    with pytest.raises(ConflictError, match="judges that the run did not read, found trrust"):
        validate_file(store, Asked(network, against=("trrust",), trained_on=("trrust",)))


def test_gene_sets_of_a_file_are_used(store, network, tmp_path):
    sets = tmp_path / "sets.gmt"
    sets.write_text("\n".join(f"s{k}\tx\t" + "\t".join(SYMBOLS[9 * k : 9 * k + 9]) for k in range(10)))
    figures = validate_file(store, Asked(network, gene_sets=sets))
    assert figures["coherence"]["num_sets"] == 10


def test_unknown_judges_data_sets_and_species_are_told(store, network):
    with pytest.raises(NotFoundError, match="no source 'regnet' to judge with"):
        validate_file(store, Asked(network, against=("regnet",)))
    with pytest.raises(NotFoundError, match="no data set 'pbmc'"):
        validate_file(store, Asked(network, dataset_id="pbmc"))
    with pytest.raises(NotFoundError, match="no genes of the species 'zebrafish'"):
        validate_file(store, Asked(network, species="zebrafish"))


def test_a_network_of_another_species_is_told_what_to_say(store, tmp_path):
    path = tmp_path / "mouse.csv"
    path.write_text("source,target,weight\nGata1,Klf1,1\nSpi1,Csf1r,2\n")
    with pytest.raises(InputError, match="look like mouse genes: say --species mouse"):
        validate_file(store, Asked(path))


def test_a_network_of_regulators_that_nobody_lists_is_told(store, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(
        "source,target,weight\n" + "\n".join(f"{SYMBOLS[50 + i]},{SYMBOLS[i]},1" for i in range(9))
    )
    with pytest.raises(InputError, match="none of these regulators"):
        validate_file(store, Asked(path))
