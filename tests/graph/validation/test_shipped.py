"""The degree baseline on the shipped data reproduces what was measured independently (symbols as ids).

Universes: regulators of DoRothEA A + B x genes counted in at least five of the SNARE-seq cells.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata.io import read_h5ad

from graph.validation.baselines import degree_scores
from graph.validation.evidence import Evidence, encoded
from graph.validation.metrics import auroc, rank
from graph.validation.swap import swap_auroc
from graph.validation.universe import Universe
from graph.validation.views import split_exams

DEMO = Path(__file__).parents[3] / "demo"
SEEDS = (45, 46, 47)


def claims(path, source):
    rows = pd.read_csv(DEMO / path, sep="\t", dtype=str).rename(columns={source: "source"})
    return rows.assign(sign=1, pmids=[[] for _ in range(len(rows))])


@pytest.fixture(scope="module")
def evidence():
    rna = read_h5ad(DEMO / "snareseq_celllines" / "rna.h5ad")
    expressed = rna.var_names[np.asarray((rna.X > 0).sum(axis=0)).ravel() >= 5]
    dorothea = claims("dorothea/dorothea_hs.tsv.gz", "tf").query("confidence in ['A', 'B']")
    known = dorothea[dorothea["target"].isin(expressed)]
    universe = Universe.of(sorted(known["source"].unique()), expressed)
    tables = {
        "dorothea": dorothea,
        "trrust": claims("trrust/trrust_v2_human.tsv.gz", "tf"),
        "collectri": claims("collectri/collectri_human.tsv.gz", "source"),
    }
    return Evidence(universe, {name: encoded(frame, universe) for name, frame in tables.items()})


def exams(evidence, seed):
    return {each.split: each for each in split_exams(evidence, training_source="dorothea", seed=seed)}


def area(evidence, asked):
    candidates = evidence.universe.candidates(asked.exam.excluded)
    labels = evidence.universe.mask(asked.exam.positives)
    scores = degree_scores(evidence.universe, asked.train)
    return auroc(rank(scores[candidates], labels[candidates]))


def test_the_universe_is_the_one_that_was_measured_on(evidence):
    assert evidence.universe.shape == (118, pytest.approx(11_782, abs=150))


@pytest.mark.parametrize(
    ("split", "measured", "within"),
    [("edge", 0.90, 0.01), ("novel trrust", 0.85, 0.02), ("regulator", 0.75, 0.03)],
)
def test_degree_alone_ranks_as_well_as_was_measured(evidence, split, measured, within):
    areas = [area(evidence, exams(evidence, seed)[split]) for seed in SEEDS]
    assert np.mean(areas) == pytest.approx(measured, abs=within)


def test_fame_is_worth_exactly_one_half_on_real_databases(evidence):
    universe = evidence.universe
    in_degree = np.tile(universe.mask(evidence.known()).sum(axis=0).astype(np.float32), (118, 1))
    for asked in exams(evidence, 45).values():
        degree = degree_scores(universe, asked.train)
        for scores in (degree, -degree, in_degree):
            result = swap_auroc(
                scores, asked.exam.positives, universe=universe, known=asked.exam.known, seed=45
            )
            assert result.pooled == pytest.approx(0.5, abs=1e-9)
