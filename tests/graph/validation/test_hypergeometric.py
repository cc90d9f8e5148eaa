import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from graph.errors import InputError
from graph.validation.hypergeometric import pooled_enrichment, regulator_enrichment
from graph.validation.universe import Universe

UNIVERSE = Universe.of([f"t{i}" for i in range(6)], [f"g{i}" for i in range(80)])


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_each_regulator_has_its_hypergeometric_p(seed):
    rng = np.random.default_rng(seed)
    scores, labels = rng.random(UNIVERSE.shape), rng.random(UNIVERSE.shape) < 0.1
    candidates = rng.random(UNIVERSE.shape) < 0.9
    table = regulator_enrichment(scores, labels, candidates, universe=UNIVERSE, k=15).set_index("regulator")
    for t, name in enumerate(UNIVERSE.regulators):
        shown = np.flatnonzero(candidates[t])
        known = labels[t][shown]
        if not known.any():
            assert name not in table.index
            continue
        best = shown[np.argsort(-scores[t][shown])][:15]
        hits = int(labels[t][best].sum())
        row = table.loc[name]
        assert row["hits"] == pytest.approx(hits)
        assert row["p"] == pytest.approx(hypergeom(len(shown), known.sum(), 15).sf(hits - 1))
        assert row["fdr"] >= row["p"] - 1e-12


def test_a_regulator_whose_best_are_right_comes_first_and_ties_never_make_it_surer():
    labels = np.zeros(UNIVERSE.shape, dtype=bool)
    labels[:2, :10] = True
    scores = np.zeros(UNIVERSE.shape)
    scores[0, :10] = 1
    everything = np.ones(UNIVERSE.shape, dtype=bool)
    table = regulator_enrichment(scores, labels, everything, universe=UNIVERSE, k=10)
    assert table["regulator"].tolist() == ["t0", "t1"]
    assert table["hits"].tolist() == [10, pytest.approx(10 * 10 / 80)]
    assert table["fold"].tolist() == [8, pytest.approx(1)]
    assert table["p"][1] == pytest.approx(hypergeom(80, 10, 10).sf(0))  # of 1.25 hits one whole is counted


def test_shapes_are_checked():
    with pytest.raises(InputError, match="three matrices"):
        regulator_enrichment(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2)), universe=UNIVERSE)


def test_pooled_hits_have_the_p_of_drawing_every_regulator_at_random():
    rng = np.random.default_rng(5)
    labels = rng.random(UNIVERSE.shape) < 0.1
    scores = rng.random(UNIVERSE.shape) + 0.05 * labels
    everything = np.ones(UNIVERSE.shape, dtype=bool)
    table = regulator_enrichment(scores, labels, everything, universe=UNIVERSE, k=15)
    found = pooled_enrichment(table)
    assert found.hits == table["hits"].sum()
    assert found.fold == pytest.approx(table["hits"].sum() / table["expected"].sum())
    drawn = sum(
        hypergeom(80, positives, 15).rvs(200_000, random_state=rng) for positives in labels.sum(axis=1)
    )
    assert 0.001 < found.p < 0.5
    assert found.p == pytest.approx(np.mean(drawn >= found.hits), rel=0.1)
    assert (found.num_regulators, found.num_enriched) == (6, int((table["fdr"] < 0.05).sum()))


def test_no_hit_is_no_evidence():
    labels = np.zeros(UNIVERSE.shape, dtype=bool)
    labels[:, :3] = True
    scores = 1.0 - labels
    everything = np.ones(UNIVERSE.shape, dtype=bool)
    found = pooled_enrichment(regulator_enrichment(scores, labels, everything, universe=UNIVERSE, k=10))
    assert (found.hits, found.p, found.num_enriched) == (0, 1, 0)
