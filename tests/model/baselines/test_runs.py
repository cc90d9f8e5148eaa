"""Baselines as runs of a real graph: read from a data set, written once, never taken for predictions."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from anndata import AnnData

from graph import runs
from graph.cypher import write as writing
from graph.errors import NotFoundError
from graph.migrations import migrate
from graph.store import GraphStore
from graph.tables import BINDINGS, CHIP_TARGETS, DETECTIONS, GENES, NEAR, PEAKS, PRIORS, REGULATORS
from graph.validation.report_card import judge_run, sit
from graph.validation.score_files import read_scores
from model.baselines.catalogue import by_name, chosen
from model.baselines.reading import read_bench
from model.baselines.runs import Plan, write_baselines
from model.metacells import metacell_size

T, G, CELLS = 8, 60, 80
IDS = [f"g{i:02d}" for i in range(G)]
METHODS = ["random", "degree", "pearson", "chip", "nearest-peak", "database:other"]
SOURCES = """
UNWIND $rows AS row
CREATE (:Source {source_id: row.id, name: row.id, species: 'human', load_id: row.id, state: 'complete',
                 licence_class: row.licence, sha256: row.id, fingerprint: row.id})
"""
COUNT = "MATCH ()-[e:BASELINE {run_id: $run_id}]->() RETURN count(e) AS n, max(e.rank) AS worst"
USED = "MATCH (:Run {run_id: $run_id})-[:USED]->(s:Source) RETURN s.source_id AS id ORDER BY id"


@pytest.fixture(scope="module")
def store(neo4j_connection, wipe, tmp_path_factory):
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        wipe(store)
        migrate(store)
        _write_graph(store, tmp_path_factory.mktemp("cells"))
        yield store
        wipe(store)


def _write_graph(store, folder):
    rng = np.random.default_rng(1)
    empty = [[] for _ in IDS]
    genes = {"gene_id": IDS, "symbol": IDS, "aliases": empty, "previous_symbols": empty}
    store.write_table(GENES, pd.DataFrame(genes | {"species": "human", "biotype": "protein_coding"}))
    classes = {"regulator_class": "transcription_factor", "source_id": "list"}
    store.write_table(REGULATORS, pd.DataFrame({"gene_id": IDS[:T]} | classes))
    licences = {"main": "academic", "other": "open", "encode": "open", "peaks": "open"}
    store.write(SOURCES, rows=[{"id": name, "licence": licence} for name, licence in licences.items()])
    for name, size in (("main", 150), ("other", 90)):
        pairs = _pairs(rng, size)
        more = {"source_id": name, "load_id": name, "sign": 1, "pmids": [[]] * size}
        store.write_table(PRIORS, pairs.assign(**more))
    chip = _pairs(rng, 70).assign(source_id="encode", load_id="encode", experiment="e", cell_type="K562")
    store.write_table(CHIP_TARGETS, chip)
    _write_dataset(store, folder, rng)


def _pairs(rng, size):
    codes = rng.choice([t * G + g for t in range(T) for g in range(G) if t != g], size, replace=False)
    return pd.DataFrame({"source": np.array(IDS)[codes // G], "target": np.array(IDS)[codes % G]})


def _write_dataset(store, folder, rng):
    peaks = [f"GRCh38:chr1:{1000 * i}-{1000 * i + 500}" for i in range(G)]
    place = {
        "assembly": "GRCh38",
        "chrom": "chr1",
        "start": np.arange(G) * 1000,
        "end": np.arange(G) * 1000 + 500,
    }
    store.write_table(PEAKS, pd.DataFrame({"peak_id": peaks} | place))
    paths = {}
    for kind, names in (("rna", IDS), ("atac", peaks)):
        counts = sp.csr_matrix(rng.poisson(2, (CELLS, G)).astype(np.float32))
        data = AnnData(counts)
        data.obs_names, data.var_names = [f"c{i}" for i in range(CELLS)], names
        paths[f"{kind}_path"] = str(folder / f"{kind}.h5ad")
        data.write_h5ad(paths[f"{kind}_path"])
    blank = dict.fromkeys(
        ("licence", "citation", "time_column", "time_unit", "rna_sha256", "atac_sha256", "name"), ""
    )
    numbers = {"num_cells": CELLS, "num_genes": G, "num_peaks": G}
    about = {"dataset_id": "d", "species": "human", "assembly": "GRCh38", "licence_class": "share-alike"}
    store.write(writing.BEGIN_DATASET, **blank, **numbers, **about, **paths)
    store.write(
        writing.CONTEXT, dataset_id="d", context_id="d/all", name="all", obs_column="", num_cells=CELLS
    )
    seen = {"num_cells": CELLS, "detection_rate": 1.0, "mean_count": 2.0}
    store.write_table(DETECTIONS, pd.DataFrame({"source": IDS, "target": "d/all"} | seen))
    near = pd.DataFrame({"source": IDS, "target": peaks}).assign(dataset_id="d", distance_bp=10, rank=1)
    store.write_table(NEAR, near)
    store.write(writing.COMPLETE_DATASET, dataset_id="d", fingerprint="f")


@pytest.fixture(scope="module")
def bench(store):
    return read_bench(store, "d", source_id="main", seed=45)


@pytest.fixture(scope="module")
def runs_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


def write(store, bench, runs_dir, *, seed=45):
    return write_baselines(
        store,
        bench,
        chosen(METHODS, by_name(["other"])),
        plan=Plan(seed=seed, top_targets=20),
        runs_dir=runs_dir,
        code_version="0",
    )


@pytest.fixture(scope="module")
def written(store, bench, runs_dir):
    return {each.name: each for each in write(store, bench, runs_dir)}


def test_the_bench_is_what_the_graph_holds(bench):
    assert bench.universe.shape == (T, G)
    assert sorted(bench.evidence.claims) == ["main", "other"]
    assert len(bench.evidence.codes("main")) == 150
    assert bench.cells.expression.shape == (CELLS // metacell_size(CELLS), G)
    nearest = bench.hoods.peak_ids[bench.cells.nearest_peak]
    assert nearest.tolist() == [f"GRCh38:chr1:{1000 * i}-{1000 * i + 500}" for i in range(G)]
    assert bench.bound == {}


def test_every_baseline_is_a_complete_run_of_its_own_kind_with_its_best_edges(store, written):
    assert list(written) == METHODS
    for each in written.values():
        run = runs.get(store, each.run_id)
        assert (run["kind"], run["state"], run["num_edges"]) == ("baseline", "complete", each.num_edges)
        (told,) = store.read(COUNT, run_id=each.run_id)
        assert told["n"] == each.num_edges > 0
        assert told["worst"] <= 20
    assert written["random"].num_edges == T * 20


def test_baselines_are_no_predictions(store, written):
    assert store.read("MATCH ()-[e:REGULATES]->() RETURN count(e) AS n")[0]["n"] == 0
    with pytest.raises(NotFoundError, match="no complete prediction run"):
        runs.default(store, "d")


def test_a_run_says_which_sources_it_read_and_has_their_licence(store, written):
    used = {
        name: [row["id"] for row in store.read(USED, run_id=each.run_id)] for name, each in written.items()
    }
    assert used["degree"] == ["main"]
    assert used["database:other"] == ["other"]
    assert used["chip"] == used["nearest-peak"] == ["encode"]
    assert used["random"] == used["pearson"] == []
    assert runs.get(store, written["degree"].run_id)["licence_class"] == "academic"
    assert runs.get(store, written["chip"].run_id)["licence_class"] == "open"


def test_the_file_has_all_scores_and_the_split_and_degree_saw_no_test_edge(store, bench, written):
    scores = read_scores(_path(store, written["degree"]))
    assert scores.universe == bench.universe
    assert [len(part) for part in (scores.train, scores.validation, scores.test)] == [112, 8, 30]
    shown = np.union1d(scores.train, scores.validation)
    inward = np.bincount(shown % G, minlength=G)
    order = scores.scores["all"][0] - scores.scores["all"][0].min()
    assert np.array_equal(np.argsort(order, kind="stable"), np.argsort(np.log1p(inward), kind="stable"))
    assert scores.correlation is None


def test_writing_again_does_nothing_and_a_lost_file_makes_the_run_anew(store, bench, runs_dir, written):
    again = write(store, bench, runs_dir)
    assert [each.was_there for each in again] == [True] * len(METHODS)
    assert [each.run_id for each in again] == [each.run_id for each in written.values()]
    _path(store, written["pearson"]).unlink()
    third = {each.name: each for each in write(store, bench, runs_dir)}
    assert [name for name, each in third.items() if not each.was_there] == ["pearson"]
    assert third["pearson"].num_edges == written["pearson"].num_edges


def test_another_seed_is_another_run(store, bench, runs_dir, written):
    other = {each.name: each for each in write(store, bench, runs_dir, seed=46)}
    assert all(other[name].run_id != written[name].run_id for name in METHODS)


def test_a_baseline_run_can_be_judged_and_its_own_source_never_judges_it(store, written):
    sitting = sit(store, written["database:other"].run_id, chip_contexts={"K562": "all"}, seed=45)
    judges = {exam.judge for exam in sitting.exams}
    assert judges == {"main", "encode"}
    assert sitting.name == "database:other (this run)"
    figures = judge_run(store, sitting, seed=45)
    names = [row["name"] for row in figures["validation"][0]["rows"]]
    assert "database:other (this run)" in names
    assert "correlation" not in names
    assert "calibration_curve" not in figures
    stored = json.loads(runs.get(store, written["database:other"].run_id)["metrics"])
    assert stored["method"] == "database:other"
    assert len(stored["validation"]) == len(sitting.exams)


def test_binding_to_peaks_is_read_from_current_loads_and_preferred(store, bench, written):
    rows = pd.DataFrame(
        {"source": ["g00", "g01"], "target": ["GRCh38:chr1:5000-5500"] * 2, "load_id": ["peaks", "peaks@0"]}
    ).assign(source_id="peaks", kind="chip", experiment="e", score=3.0)
    store.write_table(BINDINGS, rows)
    again = read_bench(store, "d", source_id="main", seed=45)
    assert again.bound["peaks"].codes.tolist() == [5]
    assert again.bound["peaks"].num_experiments.tolist() == [3]
    planned = write(store, again, _path(store, written["chip"]).parents[1])
    assert not next(each for each in planned if each.name == "nearest-peak").was_there


def test_a_bench_needs_its_source(store):
    with pytest.raises(NotFoundError, match="none"):
        read_bench(store, "d", source_id="none", seed=45)


def _path(store, each):
    return Path(runs.get(store, each.run_id)["scores_path"])
