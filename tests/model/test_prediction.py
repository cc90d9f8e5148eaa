"""A model trained on made human cells scores made mouse cells, through a real graph and its orthologs."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from anndata import AnnData

from graph import runs
from graph.cypher import write as writing
from graph.errors import InputError
from graph.migrations import migrate
from graph.store import GraphStore
from graph.tables import DETECTIONS, GENES, NEAR, ORTHOLOGS, PEAKS, PRIORS, REGULATORS
from graph.validation.score_files import read_scores
from model.edges.head import HeadConfig
from model.edges.trees import TreesConfig
from model.epiaware.config import BackboneConfig
from model.network import infer_network
from model.network_config import NetworkConfig
from model.prediction import config_for, predict_network
from model.trained_model import load_model
from model.translation import read_translation
from model.writeback import write_network

T, G, CELLS = 10, 90, 240
HUMAN, MOUSE = ([f"{letter}{i:02d}" for i in range(G)] for letter in "hm")
NO_ORTHOLOG, DOUBLED, NO_REGULATOR = 40, 41, 3
SMALL = NetworkConfig(
    source_id="main",
    confidences=None,
    top_targets=7,
    backbone=replace(BackboneConfig.cpu(), max_epochs=1),
    head=HeadConfig(trees=TreesConfig(num_trees=5, min_pairs=5), negatives_per_positive=5),
)
SOURCE = """
CREATE (:Source {source_id: $name, name: $name, species: 'human', load_id: $name, state: 'complete',
                 licence_class: 'open', sha256: $name, fingerprint: $name})
"""
ENDS = """
MATCH (r:Regulator)-[e:REGULATES {run_id: $run_id}]->(g:Gene)
RETURN count(e) AS n, collect(DISTINCT r.species) + collect(DISTINCT g.species) AS species,
       collect(DISTINCT r.gene_id) AS regulators
"""


@pytest.fixture(scope="module")
def store(neo4j_connection, wipe, tmp_path_factory):
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        wipe(store)
        migrate(store)
        folder = tmp_path_factory.mktemp("cells")
        for species, ids in (("human", HUMAN), ("mouse", MOUSE)):
            write_genes(store, species, ids)
            write_cells(store, folder, species, ids)
        write_edges(store)
        write_orthologs(store)
        yield store
        wipe(store)


def write_genes(store, species, ids):
    empty = [[] for _ in ids]
    genes = {"gene_id": ids, "symbol": ids, "aliases": empty, "previous_symbols": empty}
    store.write_table(GENES, pd.DataFrame(genes | {"species": species, "biotype": "protein_coding"}))
    known = [ids[t] for t in range(T) if species == "human" or t != NO_REGULATOR]
    classes = {"regulator_class": "transcription_factor", "source_id": "list"}
    store.write_table(REGULATORS, pd.DataFrame({"gene_id": known} | classes))


def write_cells(store, folder, species, ids):
    rng = np.random.default_rng(len(species))
    starts = np.arange(G) * 1000
    peaks = [f"{species}:chr1:{start}-{start + 500}" for start in starts]
    place = {"assembly": species, "chrom": "chr1", "start": starts, "end": starts + 500}
    store.write_table(PEAKS, pd.DataFrame({"peak_id": peaks} | place))
    paths = {}
    for kind, names in (("rna", ids), ("atac", peaks)):
        data = AnnData(sp.csr_matrix(rng.poisson(2, (CELLS, G)).astype(np.float32)))
        data.obs_names, data.var_names = [f"c{i}" for i in range(CELLS)], names
        paths[f"{kind}_path"] = str(folder / f"{species}_{kind}.h5ad")
        data.write_h5ad(paths[f"{kind}_path"])
    blank = dict.fromkeys(
        ("licence", "citation", "time_column", "time_unit", "rna_sha256", "atac_sha256", "name"), ""
    )
    numbers = {"num_cells": CELLS, "num_genes": G, "num_peaks": G}
    about = {"dataset_id": species, "species": species, "assembly": species, "licence_class": "open"}
    store.write(writing.BEGIN_DATASET, **blank, **numbers, **about, **paths)
    all_cells = f"{species}/all"
    store.write(
        writing.CONTEXT, dataset_id=species, context_id=all_cells, name="all", obs_column="", num_cells=CELLS
    )
    seen = {"num_cells": CELLS, "detection_rate": 1.0, "mean_count": 2.0}
    store.write_table(DETECTIONS, pd.DataFrame({"source": ids, "target": all_cells} | seen))
    near = pd.DataFrame({"source": ids, "target": peaks}).assign(dataset_id=species, distance_bp=10, rank=1)
    store.write_table(NEAR, near)
    store.write(writing.COMPLETE_DATASET, dataset_id=species, fingerprint=species)


def write_edges(store):
    store.write(SOURCE, name="main")
    rng = np.random.default_rng(5)
    codes = rng.choice([t * G + g for t in range(T) for g in range(G) if t != g], 250, replace=False)
    pairs = pd.DataFrame({"source": np.array(HUMAN)[codes // G], "target": np.array(HUMAN)[codes % G]})
    more = {"source_id": "main", "load_id": "main", "sign": 1, "pmids": [[]] * len(pairs)}
    store.write_table(PRIORS, pairs.assign(**more))


def write_orthologs(store):
    """One gene has none, one is doubled in mouse, all others have one each."""
    store.write(SOURCE, name="orthologs")
    pairs = [(HUMAN[n], MOUSE[n], "one2one") for n in range(G) if n not in (NO_ORTHOLOG, DOUBLED)]
    pairs += [(HUMAN[DOUBLED], MOUSE[DOUBLED], "one2many"), (HUMAN[DOUBLED], MOUSE[NO_ORTHOLOG], "one2many")]
    table = pd.DataFrame(pairs, columns=["source", "target", "kind"])
    store.write_table(ORTHOLOGS, table.assign(source_id="orthologs", load_id="orthologs", confidence=1.0))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def model(store, home):
    network = infer_network(store, "human", config=SMALL, seed=1, models_dir=home / "models")
    written = write_network(store, network, runs_dir=home / "runs", code_version="0")
    return load_model(written.folder)


@pytest.fixture(scope="module")
def predicted(store, home, model):
    config = config_for(model, SMALL)
    return predict_network(store, "mouse", model=model, config=config, seed=1, models_dir=home / "models")


@pytest.fixture(scope="module")
def written(store, home, predicted):
    return write_network(store, predicted, runs_dir=home / "runs", code_version="0")


def test_only_genes_with_one_ortholog_are_translated(store):
    translation = read_translation(store, species="mouse", model_species="human")
    assert translation.source_ids == ("orthologs",)
    assert translation.to_model.to_dict() == {
        MOUSE[n]: HUMAN[n] for n in range(G) if n not in (NO_ORTHOLOG, DOUBLED)
    }


def test_edges_of_the_models_species_become_edges_of_the_datas(predicted, store, model):
    """Every known edge with orthologs of both ends is there once, and test edges stay hidden."""
    known = store.read_frame(
        "MATCH (r:Regulator)-[:PRIOR]->(g:Gene) RETURN r.gene_id AS source, g.gene_id AS target"
    )
    lost = {HUMAN[NO_ORTHOLOG], HUMAN[DOUBLED], HUMAN[NO_REGULATOR]}
    kept = known[~known["source"].isin(lost) & ~known["target"].isin({HUMAN[NO_ORTHOLOG], HUMAN[DOUBLED]})]
    expected = set(
        zip(kept["source"].str.replace("h", "m"), kept["target"].str.replace("h", "m"), strict=True)
    )
    hidden = {(a.replace("h", "m"), b.replace("h", "m")) for a, b in model.test_edges.to_numpy()}
    split, hoods = predicted.pairs.split, predicted.hoods

    def named(edges):
        return {(hoods.regulator_ids[t], hoods.gene_ids[g]) for t, g in edges.T}

    assert named(split.train) == expected - hidden
    assert named(split.test) == expected & hidden
    assert split.test.shape[1] > 10


def test_what_could_not_be_used_is_counted(predicted):
    assert predicted.notes["measured genes without an ortholog"] == 2
    assert predicted.notes["orthologs that the graph does not list as regulators"] == 1
    assert predicted.notes["regulators of the model without an ortholog"] == 0
    assert predicted.notes["known edges without orthologs of both ends"] > 0


def test_the_run_is_of_the_datas_species_and_names_model_and_orthologs(written, store, model):
    (found,) = store.read(ENDS, run_id=written.run_id)
    assert found["n"] == written.num_edges > 0
    assert set(found["species"]) == {"mouse"}
    assert MOUSE[NO_REGULATOR] not in found["regulators"]
    run = runs.get(store, written.run_id)
    assert json.loads(run["config"])["model"] == model.run_id
    assert set(run["source_ids"]) == {"main", "orthologs"}
    assert json.loads(run["metrics"])["not_used"]["measured genes without an ortholog"] == 2


def test_the_file_of_scores_says_which_edges_stayed_hidden(written, predicted):
    scores = read_scores(written.folder / "scores.parquet")
    assert len(scores.test) == predicted.pairs.split.test.shape[1]
    assert not (written.folder / "head").exists()  # a prediction is no model of its own
    links = pd.read_parquet(written.folder / "links.parquet")
    assert len(links) == G
    assert links["score:all"].between(0, 1).all()


def test_stage_1_is_trained_once_for_a_data_set_and_seed(store, home, model):
    before = {path.name: path.stat().st_mtime_ns for path in (home / "models").iterdir()}
    told = []
    again = infer_network(
        store, "human", config=SMALL, seed=1, models_dir=home / "models",
        progress=lambda text, done: told.append(text),
    )  # fmt: skip
    assert {path.name: path.stat().st_mtime_ns for path in (home / "models").iterdir()} == before
    assert "stage 1" not in told
    assert again.plan.run_id == model.run_id


def test_a_damaged_stage_1_is_trained_anew_to_the_same_weights(store, home, model, predicted):
    human = max((home / "models").iterdir(), key=lambda path: path.name)
    weights = human / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    for dataset in ("human", "mouse"):
        config = SMALL if dataset == "human" else config_for(model, SMALL)
        call = {"config": config, "seed": 1, "models_dir": home / "models"}
        if dataset == "human":
            infer_network(store, dataset, **call)
        else:
            predict_network(store, dataset, model=model, **call)
    assert weights.read_bytes() == whole


def test_without_orthologs_the_error_says_what_to_load(store, home, model):
    store.write("MATCH (s:Source {source_id: 'orthologs'}) REMOVE s.load_id")
    try:
        with pytest.raises(InputError, match="no one-to-one orthologs"):
            predict_network(
                store, "mouse", model=model, config=config_for(model, SMALL), seed=1, models_dir=home
            )
    finally:
        store.write("MATCH (s:Source {source_id: 'orthologs'}) SET s.load_id = 'orthologs'")
