"""The report of two runs on a real graph: a mixture of lines that was judged, a time course that was not."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from cisgraph.report import write_report
from cisgraph.report.cells import place_cells
from cisgraph.report.embedding import atac_components, embed_cells
from cisgraph.report.material import read_material
from cisgraph.report.network import choose_regulator, places
from cisgraph.report.panel import file_name
from cisgraph.report.table import novel_tables, run_table
from cisgraph.report.validation import baseline_wins, verdict_words
from graph import runs
from graph.cypher import write
from graph.errors import InputError, NotFoundError
from graph.local import Connection
from graph.migrations import migrate
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import CHIP_TARGETS, DETECTIONS, GENE_LAGS, GENES, PRIORS, REGULATIONS, REGULATORS
from graph.validation.report_card import validate_run
from graph.validation.score_files import CORRELATION_COLUMN, EDGES_FILE, SCORES_FILE, score_column

NUM_REGULATORS, NUM_GENES, NUM_CELLS, NUM_PEAKS = 12, 90, 72, 150
IDS = [f"ENSG{number:011d}" for number in range(NUM_GENES)]
REGULATOR_IDS = IDS[:NUM_REGULATORS]
SOURCES = {
    "taught": ("share-alike", "CC BY-SA 4.0"),
    "other": ("open", "CC0"),
    "chip": ("academic", "academic use <only>"),
}


def _prepared(folder: Path, labels: np.ndarray, column: str) -> tuple[Path, Path]:
    """Counts in which every label has genes and peaks of its own."""
    rng = np.random.default_rng(3)
    kinds = np.unique(labels)
    paths = []
    for name, num, rate in (("rna", NUM_GENES, 0.6), ("atac", NUM_PEAKS, 0.3)):
        own = np.arange(num) % len(kinds) == np.searchsorted(kinds, labels)[:, None]
        counts = rng.poisson(rate * (1 + 6 * own)).astype(np.float32)
        obs = pd.DataFrame({column: labels}, index=[f"c{n}" for n in range(len(labels))])
        paths.append(folder / f"{name}.h5ad")
        anndata.AnnData(sparse.csr_matrix(counts), obs=obs).write_h5ad(paths[-1])
    return paths[0], paths[1]


def _write_sources(store: GraphStore, write_source: Callable[..., None]) -> None:
    for source_id, (licence_class, licence) in SOURCES.items():
        about = {"licence": licence, "licence_class": licence_class, "citation": "c", "version": "1"}
        write_source(store, source_id, rows_read=9, rows_kept=7, rows_rejected=2, **about)


def _write_dataset(
    store: GraphStore, folder: Path, dataset_id: str, contexts: list[str], column: str
) -> None:
    folder.mkdir()
    labels = np.array([contexts[n % len(contexts)] for n in range(NUM_CELLS)])
    rna, atac = _prepared(folder, labels, column)
    sizes = {"num_cells": NUM_CELLS, "num_genes": NUM_GENES, "num_peaks": NUM_PEAKS}
    texts = dict.fromkeys(("rna_sha256", "atac_sha256", "citation"), "x")
    time = (
        {"time_column": column, "time_unit": "h"}
        if column == "time_h"
        else {"time_column": "", "time_unit": ""}
    )
    store.write(
        write.BEGIN_DATASET, dataset_id=dataset_id, name=f"cells & lines {dataset_id}", species="human",
        assembly="GRCh38", rna_path=str(rna), atac_path=str(atac), licence="MIT", licence_class="open",
        **sizes, **texts, **time,
    )  # fmt: skip
    for name in ["all", *contexts]:
        num_cells = NUM_CELLS if name == "all" else int((labels == name).sum())
        store.write(
            write.CONTEXT, dataset_id=dataset_id, context_id=f"{dataset_id}/{name}", name=name,
            obs_column="" if name == "all" else column, num_cells=num_cells,
        )  # fmt: skip
        rates = [
            (gene, f"{dataset_id}/{name}", 5, 0.05 * (10 - n % 10), 1.0) for n, gene in enumerate(IDS[:40])
        ]
        store.write_table(DETECTIONS, pd.DataFrame(rates, columns=list(DETECTIONS.columns)))
    store.write(write.COMPLETE_DATASET, dataset_id=dataset_id, fingerprint="f")


def _pairs(seed: int, each: int, columns: list[str], rows: dict[str, object]) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    weights = np.linspace(3, 1, NUM_GENES - NUM_REGULATORS)
    pairs = [
        {"source": regulator, "target": target, **rows}
        for regulator in REGULATOR_IDS
        for target in rng.choice(IDS[NUM_REGULATORS:], size=each, replace=False, p=weights / weights.sum())
    ]
    return pd.DataFrame(pairs, columns=columns)


def _write_evidence(store: GraphStore) -> pd.DataFrame:
    genes = [
        {"gene_id": gene, "symbol": f"G{n}", "aliases": [], "previous_symbols": [], "species": "human",
         "biotype": "protein_coding", "name": "n"}
        for n, gene in enumerate(IDS)
    ]  # fmt: skip
    store.write_table(GENES, pd.DataFrame(genes))
    regulators = {"regulator_class": "transcription_factor", "tf_family": None, "source_id": "taught"}
    store.write_table(REGULATORS, pd.DataFrame([{"gene_id": gene, **regulators} for gene in REGULATOR_IDS]))
    columns = list(PRIORS.columns)
    taught = _pairs(1, 20, columns, {"source_id": "taught", "load_id": "taught", "sign": 1, "pmids": []})
    store.write_table(PRIORS, taught)
    other = {"source_id": "other", "load_id": "other", "sign": 1, "pmids": []}
    store.write_table(PRIORS, _pairs(2, 15, columns, other))
    chip = {"source_id": "chip", "load_id": "chip", "experiment": "e1", "cell_type": "K562"}
    bound = _pairs(4, 25, list(CHIP_TARGETS.columns), chip)
    store.write_table(CHIP_TARGETS, bound[bound["source"] != REGULATOR_IDS[0]])
    return taught


def _write_scores(folder: Path, taught: pd.DataFrame, contexts: list[str], scores: np.ndarray) -> Path:
    pairs = pd.MultiIndex.from_product([REGULATOR_IDS, IDS], names=["source", "target"]).to_frame(index=False)
    for number, name in enumerate(contexts):
        pairs[score_column(name)] = scores[number].ravel()
    pairs[CORRELATION_COLUMN] = np.random.default_rng(9).random(len(pairs), dtype=np.float32)
    pairs.to_parquet(folder / SCORES_FILE, index=False)
    part = np.array(["train", "validation", "test", "train"])[np.arange(len(taught)) % 4]
    taught[["source", "target"]].assign(part=part).to_parquet(folder / EDGES_FILE, index=False)
    return folder / SCORES_FILE


def _write_run(
    store: GraphStore,
    folder: Path,
    *,
    run_id: str,
    dataset_id: str,
    contexts: list[str],
    taught: pd.DataFrame,
    with_lags: bool,
) -> None:
    rng = np.random.default_rng(5)
    scores = rng.beta(0.4, 3, size=(len(contexts), NUM_REGULATORS, NUM_GENES)).astype(np.float32)
    path = _write_scores(folder, taught, contexts, scores)
    run = Run(
        run_id,
        "prediction",
        dataset_id,
        json.dumps({"source_id": "taught"}),
        7,
        "0.1",
        "share-alike",
        str(path),
    )
    runs.begin(store, run, source_ids=["taught"])
    known = set(zip(taught["source"], taught["target"], strict=True))
    num_edges = 0
    for number, name in enumerate(contexts):
        regulator, target = np.nonzero(scores[number] > 0.05)
        proper = (regulator != target) & (target < 85)
        regulator, target = regulator[proper], target[proper]
        edges = pd.DataFrame({"source": np.array(IDS)[regulator], "target": np.array(IDS)[target]})
        edges = edges.assign(
            run_id=run_id, context_id=f"{dataset_id}/{name}", score=scores[number, regulator, target],
            uncertainty=0.1, rank=1, sign=np.arange(len(edges)) % 3 - 1, evidence_count=0,
            novel=[pair not in known for pair in zip(edges["source"], edges["target"], strict=True)],
        )  # fmt: skip
        if with_lags and name == "all":
            fdr = rng.random(len(edges)) ** 3
            sign = np.where(fdr < 0.05, np.where(rng.random(len(edges)) < 0.6, 1, -1), 0)
            edges = edges.assign(
                lag=np.where(sign == 0, rng.normal(size=len(edges)), sign * 1.5),
                lag_sign=sign,
                lag_fdr=fdr,
                lag_unit="h",
            )
        num_edges += runs.write_context(store, REGULATIONS, edges)
    if with_lags:
        lags = {"target": f"{dataset_id}/all", "run_id": run_id, "lag_unit": "h", "lag_sign": 1, "fdr": 0.0}
        store.write_table(GENE_LAGS, pd.DataFrame([{"source": gene, "lag": 0.5, **lags} for gene in IDS[:9]]))
    metrics = {"seconds": {"stage 1": 60, "stage 2": 5.4}}
    runs.publish(store, run_id, metrics=metrics, num_edges=num_edges, num_links=0)


@pytest.fixture(scope="module")
def store(
    neo4j_connection: Connection, tmp_path_factory: pytest.TempPathFactory, write_source: Callable[..., None]
) -> Iterator[GraphStore]:
    """A judged run on two lines, and one on a time course that nobody has judged yet."""
    home = tmp_path_factory.mktemp("report")
    with GraphStore.connect(
        neo4j_connection.uri, user=neo4j_connection.user, password=neo4j_connection.password
    ) as store:
        wipe = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
        store.write_autocommit(wipe)
        migrate(store)
        _write_sources(store, write_source)
        taught = _write_evidence(store)
        for dataset_id, contexts, column in [
            ("lines", ["BJ", "K562"], "cell_type"),
            ("times", ["t0", "t1"], "time_h"),
        ]:
            _write_dataset(store, home / dataset_id, dataset_id, contexts, column)
            _write_run(
                store, home / dataset_id, run_id=f"{dataset_id}-1", dataset_id=dataset_id,
                contexts=["all", *contexts], taught=taught, with_lags=column == "time_h",
            )  # fmt: skip
        validate_run(store, "lines-1", chip_contexts={}, seed=1)
        yield store
        store.write_autocommit(wipe)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page(store: GraphStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of both runs."""
    return write_report(store, ["lines-1", "times-1"], folder=tmp_path_factory.mktemp("out") / "new")


def test_the_page_needs_nothing_but_itself(page):
    parser = _Tags()
    parser.feed(page.read_text(encoding="utf-8"))
    sources = [attrs["src"] for tag, attrs in parser.tags if "src" in attrs]
    links = [attrs["href"] for tag, attrs in parser.tags if "href" in attrs]
    anchors = {attrs["id"] for _, attrs in parser.tags if "id" in attrs}
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert all(link.removeprefix("#") in anchors for link in links)
    assert not {"script", "iframe", "link"} & {tag for tag, _ in parser.tags}


def test_every_png_file_is_embedded_once_and_nothing_else_is(page):
    text = page.read_text(encoding="utf-8")
    embedded = [base64.b64decode(each) for each in re.findall(r"base64,([^\"]+)", text)]
    files = [path.read_bytes() for path in page.parent.glob("*.png")]
    assert sorted(embedded) == sorted(files)
    assert all(file.startswith(b"\x89PNG") for file in files)


def test_each_subject_has_its_picture(page):
    names = {path.name for path in page.parent.glob("*.png")}
    exams = {f"validation-lines-1-{number}.png" for number in (1, 2, 3)}
    assert names == exams | {
        "cells-lines.png", "cells-times.png", "scores-lines-1.png", "scores-times-1.png",
        "calibration-lines-1.png", "network-lines-1.png", "network-times-1.png", "lags-times-1.png",
    }  # fmt: skip


def test_what_is_missing_is_said_in_its_place(page):
    text = page.read_text(encoding="utf-8")
    assert "no column of real time points" in text
    assert "not validated yet: `cisgraph validate times-1` does it" in text
    assert "there is no calibration curve" in text


def test_text_of_the_graph_is_escaped(page):
    text = page.read_text(encoding="utf-8")
    assert "academic use &lt;only&gt;" in text
    assert "cells &amp; lines lines" in text


def test_the_page_says_that_scores_are_no_proof(page):
    assert "not proof of causation" in page.read_text(encoding="utf-8")


def test_the_regulator_of_the_network_is_the_best_detected_one_that_chip_seq_knows(store):
    (material,) = read_material(store, ["lines-1"])
    choice = choose_regulator(store, material)
    assert choice is not None
    # IDS[0] and IDS[10] are detected in .5 of the cells, but IDS[0] has no ChIP-seq.
    assert (choice.context["name"], choice.cell_type) == ("K562", "K562")
    assert choice.regulator["symbol"] == "G10"


def test_without_matched_chip_seq_a_regulator_is_still_chosen(store):
    (material,) = read_material(store, ["times-1"])
    choice = choose_regulator(store, material)
    assert choice is not None
    assert choice.cell_type is None
    assert choice.regulator["detection_rate"] == pytest.approx(0.5)


def test_novel_edges_are_the_best_that_no_curated_source_lists_and_chip_seq_shows(store):
    (material,) = read_material(store, ["lines-1"])
    (table,) = novel_tables(store, material)
    oracle = store.read(
        "MATCH (r)-[e:REGULATES {run_id: 'lines-1', context_id: 'lines/K562'}]->(g) "
        "RETURN r.symbol AS source, g.symbol AS target, e.score AS score, e.novel AS novel"
    )
    bound = {
        (row["r"], row["g"])
        for row in store.read(
            "MATCH (r)-[:CHIP_TARGET {cell_type: 'K562'}]->(g) RETURN r.symbol AS r, g.symbol AS g"
        )
    }
    right = [row for row in oracle if row["novel"] and (row["source"], row["target"]) in bound]
    right.sort(key=lambda row: -row["score"])
    assert len(right) > 20
    assert [row[1:3] for row in table.rows] == [(row["source"], row["target"]) for row in right[:20]]


def test_seconds_by_stage_are_summed(store):
    table = run_table(read_material(store, ["lines-1"]))
    assert table.rows[0][table.header.index("seconds")] == "65"


def _exam(model: float, baseline: float | None) -> dict[str, object]:
    rows = [
        {"name": "cisgraph", "is_baseline": False, "ratio": model},
        {"name": "degree", "is_baseline": True, "ratio": baseline},
    ]
    return {"rows": rows}


@pytest.mark.parametrize(
    ("model", "baseline", "wins", "words"),
    [
        (2.0, 1.5, False, "cisgraph leads, 2.00 against 1.50"),
        (1.5, 2.0, True, "the baseline “degree” wins, 2.00 against 1.50"),
        (2.0, 2.0, True, "the baseline “degree” ties"),
        (2.0, None, False, "not defined"),
    ],
)
def test_who_wins_is_said_in_words(model, baseline, wins, words):
    exam = _exam(model, baseline)
    assert baseline_wins(exam, "ratio") is wins
    assert words in verdict_words(exam, "ratio")


def test_overlapping_intervals_are_told():
    exam = {
        "rows": [
            {
                "name": "cisgraph",
                "is_baseline": False,
                "auroc": 0.7,
                "auroc_interval_low": 0.6,
                "auroc_interval_high": 0.8,
            },
            {
                "name": "degree",
                "is_baseline": True,
                "auroc": 0.5,
                "auroc_interval_low": 0.4,
                "auroc_interval_high": 0.61,
            },
        ]
    }
    assert "intervals overlap" in verdict_words(exam, "auroc")
    exam["rows"][1]["auroc_interval_high"] = 0.59
    assert "intervals overlap" not in verdict_words(exam, "auroc")


def test_only_complete_runs_are_reported(store, tmp_path):
    with pytest.raises(InputError, match="at least one run"):
        write_report(store, [], folder=tmp_path)
    with pytest.raises(NotFoundError, match="nothing"):
        write_report(store, ["nothing"], folder=tmp_path)


def test_moved_files_are_told_and_the_rest_is_drawn(store, tmp_path):
    rows = store.read(
        "MATCH (r:Run {run_id: 'times-1'})-[:USED]->(d:Dataset) RETURN r.scores_path AS s, d.rna_path AS p"
    )
    scores, rna = Path(rows[0]["s"]), Path(rows[0]["p"])
    moved = [path.rename(path.with_suffix(".moved")) for path in (scores, rna)]
    page = write_report(store, ["times-1"], folder=tmp_path)
    for path, old in zip(moved, (scores, rna), strict=True):
        path.rename(old)
    text = page.read_text(encoding="utf-8")
    assert f"the prepared matrices are not at {rna}" in text
    assert f"the scores of the run are not at {scores}" in text
    assert {path.name for path in tmp_path.glob("*.png")} == {"network-times-1.png", "lags-times-1.png"}


def test_cells_of_one_label_lie_together(tmp_path):
    labels = np.repeat(["a", "b", "c"], 24)
    rna, atac = _prepared(tmp_path, labels, "kind")
    cells = place_cells(rna, atac, column="kind", seed=1)
    centres = np.stack([cells.places[cells.labels == label].mean(axis=0) for label in "abc"])
    nearest = np.linalg.norm(cells.places[:, None] - centres, axis=2).argmin(axis=1)
    assert np.mean(np.array(list("abc"))[nearest] == cells.labels) > 0.9
    assert cells.sizes.to_dict() == {"a": 24, "b": 24, "c": 24}


def test_the_same_seed_places_cells_alike():
    rng = np.random.default_rng(0)
    rna, atac = (sparse.csr_matrix(rng.poisson(1.0, size=(40, 60)).astype(np.float32)) for _ in range(2))
    np.testing.assert_array_equal(embed_cells(rna, atac, seed=2), embed_cells(rna, atac, seed=2))


def test_accessibility_counts_as_open_or_not():
    counts = sparse.csr_matrix(np.random.default_rng(0).poisson(0.7, size=(50, 80)).astype(np.float32))
    np.testing.assert_allclose(
        atac_components(counts, seed=1), atac_components((counts > 0).astype(np.float32), seed=1)
    )


@pytest.mark.parametrize("num", [1, 2, 7, 25])
def test_names_in_the_network_never_share_a_line(num):
    spots = places(num)
    assert len(set(spots)) == num
    for side in (1, -1):
        heights = [y for x, y in spots if np.sign(x) == side]
        assert all(above - below >= 2 / 13 for above, below in pairwise(heights))


def test_file_names_hold_no_separators():
    assert file_name("a/b", "../c d") == "a_b-.._c_d.png"
