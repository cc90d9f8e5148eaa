"""What a run is judged with beyond its scores: the expression of its data set, and the reported seed."""

import inspect

import numpy as np
import pandas as pd
import pytest

from cisgraph.judging.network import Asked
from cisgraph.shipped import SEED
from graph.schema import context_id
from graph.store import GraphStore
from graph.tables import DETECTIONS, GENES
from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.exams import chip_exam
from graph.validation.report_card import RunSitting, detection_levels, run_details, validate_run
from graph.validation.score_files import RunScores
from graph.validation.seeds import REPORTED_SEED, REPORTED_SEEDS
from graph.validation.universe import Universe
from graph.validation.user_network import Question

GENE_IDS = [f"g{i}" for i in range(200)]
UNIVERSE = Universe.of(GENE_IDS[:8], GENE_IDS)


@pytest.fixture
def store(empty_graph):
    c = empty_graph
    with GraphStore.connect(c.uri, user=c.user, password=c.password, database=c.database) as store:
        empty = [[] for _ in GENE_IDS]
        genes = {"gene_id": GENE_IDS, "symbol": GENE_IDS, "aliases": empty, "previous_symbols": empty}
        store.write_table(GENES, pd.DataFrame(genes | {"species": "human", "biotype": "protein_coding"}))
        name = context_id("lines", "K562")
        store.write("CREATE (:Context {context_id: $name, name: 'K562'})", name=name)
        rows = {"source": GENE_IDS[:50], "target": name, "num_cells": 9, "mean_count": 1.0}
        store.write_table(DETECTIONS, pd.DataFrame(rows).assign(detection_rate=np.linspace(0.1, 0.9, 50)))
        yield store


def test_levels_are_the_detection_rates_of_the_context_and_zero_where_a_gene_is_not_seen(store):
    levels = detection_levels(store, "lines", UNIVERSE, contexts={"K562", "nowhere"})
    assert list(levels) == ["K562"]
    np.testing.assert_allclose(levels["K562"][:50], np.linspace(0.1, 0.9, 50))
    assert (levels["K562"][50:] == 0).all()


def test_a_run_has_the_expression_matched_figures_of_each_factor():
    """Binding follows expression and so do the scores: matched by it, nothing is left."""
    rng = np.random.default_rng(2)
    rates = rng.random(200)
    bound = (rng.random(UNIVERSE.shape) < 0.6 * rates) & ~UNIVERSE.mask(UNIVERSE.self_codes())
    codes, none = np.flatnonzero(bound), np.empty(0, np.int64)
    noisy = np.tile(rates, (8, 1)) + 0.01 * rng.random(UNIVERSE.shape)
    scores = RunScores(UNIVERSE, {"K562": noisy.astype(np.float32)}, None, none, none, none)
    evidence = Evidence(UNIVERSE, {})
    pairs = BoundPairs(codes, np.ones(len(codes)))
    exam = chip_exam(scores, evidence, pairs, judge="encode", cell_type="K562", context="K562")
    sitting = RunSitting({}, "cisgraph", scores, evidence, [exam], {}, levels={"K562": rates})
    told = run_details(sitting, seed=45)["details"][0]
    assert exam.name == "ChIP-seq of encode in K562"
    assert told["matched"]["auroc"] > 0.65
    assert told["matched"]["matched_auroc"] == pytest.approx(0.5, abs=0.06)
    assert all(row["matched_auroc"] is not None for row in told["by_regulator"])


def test_everything_that_is_reported_has_one_seed():
    told = [inspect.signature(each).parameters["seed"].default for each in (validate_run, Question, Asked)]
    assert {*told, SEED, REPORTED_SEEDS[0]} == {REPORTED_SEED}
