"""`cisgraph lags estimate` and `plot` on a graph with a simulated time course whose lags are known."""

import json

import anndata
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cisgraph.cli.app import app as whole_app
from cisgraph.cli.lags import lags_app
from graph import runs
from graph.cypher import write
from graph.errors import InputError, NotFoundError
from graph.migrations import migrate
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import DETECTIONS, GENES, NEAR, PEAKS, PRIORS, REGULATORS
from model.lags.simulate import TrajectoryDesign, simulate_trajectory

NUM_CELLS, NUM_GENES = 1_000, 40
CELLS = simulate_trajectory(TrajectoryDesign(NUM_CELLS, NUM_GENES, mean_count=2.0), seed=1)
IDS = [f"ENSG{number:011d}" for number in range(NUM_GENES)]
PEAK_IDS = [f"GRCh38:chr1:{number}00-{number}50" for number in range(2 * NUM_GENES)]


def write_cells(store, folder):
    """Each gene has its own peak, and one of noise beside it that no run links."""
    noise = np.random.default_rng(0).poisson(5.0, (NUM_CELLS, NUM_GENES))
    peaks = np.concatenate([CELLS.activity.toarray(), noise], axis=1).astype(np.float32)
    obs = pd.DataFrame({"time_h": 12 * CELLS.time}, index=[f"cell{n}" for n in range(NUM_CELLS)])
    sizes = {"num_cells": NUM_CELLS, "num_genes": NUM_GENES, "num_peaks": 2 * NUM_GENES}
    for name, counts, names in (
        ("rna", CELLS.rna.toarray().astype(np.float32), IDS),
        ("atac", peaks, PEAK_IDS),
    ):
        var = pd.DataFrame(index=names)
        anndata.AnnData(counts, obs=obs, var=var).write_h5ad(folder / f"{name}.h5ad")
    texts = dict.fromkeys(("rna_sha256", "atac_sha256", "citation"), "x")
    store.write(
        write.BEGIN_DATASET, dataset_id="course", name="course", species="human", assembly="GRCh38",
        rna_path=str(folder / "rna.h5ad"), atac_path=str(folder / "atac.h5ad"), licence="MIT",
        licence_class="open", time_column="time_h", time_unit="h", **sizes, **texts,
    )  # fmt: skip
    store.write(
        write.CONTEXT, dataset_id="course", context_id="course/all", name="all", obs_column="",
        num_cells=NUM_CELLS,
    )  # fmt: skip
    detections = [(gene, "course/all", NUM_CELLS, 1.0, 1.0) for gene in IDS]
    store.write_table(DETECTIONS, pd.DataFrame(detections, columns=list(DETECTIONS.columns)))
    near = [(IDS[n % NUM_GENES], PEAK_IDS[n], "course", 10, n // NUM_GENES + 1) for n in range(2 * NUM_GENES)]
    store.write_table(NEAR, pd.DataFrame(near, columns=list(NEAR.columns)))
    store.write(write.COMPLETE_DATASET, dataset_id="course", fingerprint="f")


def write_graph(store, folder, write_source):
    write_source(store, "taught")
    names = {"aliases": [], "previous_symbols": [], "species": "human", "biotype": "protein_coding"}
    genes = [{"gene_id": gene, "symbol": f"G{n}", "name": "n", **names} for n, gene in enumerate(IDS)]
    store.write_table(GENES, pd.DataFrame(genes))
    peaks = [(peak, "GRCh38", "chr1", 100 * n, 100 * n + 50) for n, peak in enumerate(PEAK_IDS)]
    store.write_table(PEAKS, pd.DataFrame(peaks, columns=list(PEAKS.columns)))
    regulator = {"gene_id": IDS[0], "regulator_class": "transcription_factor", "source_id": "taught"}
    store.write_table(REGULATORS, pd.DataFrame([{**regulator, "tf_family": None}]))
    prior = {"source": IDS[0], "target": IDS[1], "source_id": "taught", "load_id": "taught", "sign": 1}
    store.write_table(PRIORS, pd.DataFrame([{**prior, "pmids": []}]))
    write_cells(store, folder)
    runs.begin(store, Run("run-1", "prediction", "course", "{}", 1, "0.1", "open"), source_ids=["taught"])
    links = [(gene, peak, "run-1", "course/all", 1.0) for gene, peak in zip(IDS, PEAK_IDS, strict=False)]
    columns = ["source", "target", "run_id", "context_id", "weight"]
    num = runs.write_links(store, pd.DataFrame(links, columns=columns))
    runs.publish(store, "run-1", metrics={}, num_edges=0, num_links=num)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="module")
def course(neo4j_connection, folder, write_source, wipe):
    c = neo4j_connection
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        wipe(store)
        migrate(store)
        write_graph(store, folder, write_source)
        yield c
        wipe(store)


@pytest.fixture
def call(course, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    monkeypatch.setenv("NEO4J_URI", course.uri)
    monkeypatch.setenv("NEO4J_USER", course.user)
    monkeypatch.setenv("NEO4J_PASSWORD", course.password)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*words, app=lags_app):
        result = CliRunner().invoke(app, [*words, "--source", "taught"])
        if result.exception is not None:
            raise result.exception
        return result.stdout

    return run


def test_the_lags_of_a_time_course_are_told_in_its_unit_with_the_links_of_its_run(call):
    told = pd.DataFrame(json.loads(call("estimate", "--dataset", "course", "--json")))
    called = told["lag_sign"] != 0
    assert called.sum() > 15
    assert (told["lag_sign"][called] == np.sign(CELLS.lag[called])).mean() > 0.9
    assert np.corrcoef(told["lag"], 12 * CELLS.lag)[0, 1] > 0.8
    words = call("estimate", "--dataset", "course", "--gene", "G3", "--gene", "NOBODY")
    assert "linked by run run-1" in words
    assert "unit h" in words
    assert "not measured" in words


def test_the_file_has_delta_tau_of_each_cell_and_names_its_genes(call, tmp_path):
    path = tmp_path / "lags.h5ad"
    call("estimate", "--dataset", "course", "--estimator", "attention", "-o", str(path))
    data = anndata.read_h5ad(path)
    delta = data.obsm["delta_tau"]
    assert delta.shape == (NUM_CELLS, NUM_GENES)
    assert data.uns["delta_tau"]["symbols"].tolist() == [f"G{n}" for n in range(NUM_GENES)]
    assert data.uns["delta_tau"]["unit"] == "h"
    assert data.uns["lags"]["estimator"] == "attention"
    assert np.corrcoef(delta.mean(axis=0), data.var["lag"])[0, 1] > 0.99
    early, late = (data.obs["lag_time"].rank(pct=True) < 0.05, data.obs["lag_time"].rank(pct=True) > 0.95)
    assert not np.allclose(delta[early.to_numpy()].mean(axis=0), delta[late.to_numpy()].mean(axis=0))


def test_every_picture_is_drawn(call, tmp_path):
    call("plot", "G3", "--dataset", "course", "-o", str(tmp_path / "pictures"))
    names = sorted(path.name for path in (tmp_path / "pictures").glob("*.png"))
    assert names == ["agreement-course.png", "delta-tau-course.png", "lag-G3.png", "lags-course.png"]


def test_what_is_not_there_is_told(call):
    with pytest.raises(NotFoundError, match="no tested gene 'NOBODY'"):
        call("plot", "NOBODY", "--dataset", "course")
    with pytest.raises(NotFoundError, match="no complete run 'run-9'"):
        call("estimate", "--dataset", "course", "--run", "run-9")
    with pytest.raises(InputError, match=r"ends in \.h5ad"):
        call("estimate", "--dataset", "course", "-o", "lags.csv")
    with pytest.raises(InputError, match="found 0 named 'nobody'"):
        call("estimate", "--dataset", "course", "--root", "nobody")


def test_a_missing_time_ends_a_training_before_it_begins(call, folder):
    path = folder / "rna.h5ad"
    whole = anndata.read_h5ad(path)
    holed = whole.copy()
    holed.obs.iloc[3, 0] = np.nan
    holed.write_h5ad(path)
    with pytest.raises(InputError, match="column 'time_h', 1 of 1,000 have none"):
        call("train", "course", "--levels", "", app=whole_app)
    whole.write_h5ad(path)


def test_the_published_checks_say_what_could_not_be_measured(call):
    words = " ".join(call("check", "--dataset", "course").split())
    assert "not measured: no set with 5 to 500 genes" in words
    assert "not measured: no ChIP-seq in the graph" in words
    assert "no perturbed cells with RNA and ATAC are shipped" in words


def test_the_published_checks_stand_beside_ours(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    result = CliRunner().invoke(
        lags_app, ["check", "--cells", "300", "--genes", "20", "--counts", "2", "--epochs", "1"]
    )
    assert result.exit_code == 0
    for name in ("published", "symmetric twin, same loss", "ours, prior: likelihood"):
        assert name in result.stdout
    assert "Only the last two columns can fail" in result.stdout
