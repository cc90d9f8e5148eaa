import json

import numpy as np
import pandas as pd
import pytest

from graph.errors import ConflictError, InputError
from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.naming import NamedNetwork
from graph.validation.universe import Universe
from graph.validation.user_network import OWN_FAME, Question, judge_network, universe_of

GENES = [f"g{i}" for i in range(300)]
UNIVERSE = Universe.of(GENES[:25], GENES)
SETS = {f"s{k}": GENES[20 * k : 20 * k + 20] for k in range(15)}


def claims(codes, sign=1):
    rows = {
        "code": codes,
        "sign": np.full(len(codes), sign, np.int8),
        "pmids": [[f"p{c % 50}"] for c in codes],
    }
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def evidence():
    rng = np.random.default_rng(3)
    chance = np.outer(np.ones(25), rng.pareto(1.5, 300) + 0.1).ravel()
    chance[UNIVERSE.self_codes()] = 0
    draw = [np.sort(rng.choice(7500, 400, replace=False, p=chance / chance.sum())) for _ in range(3)]
    judge = np.union1d(draw[0], draw[1][:100])
    twice = pd.concat([claims(draw[1]), claims(judge[:5], sign=-1)], ignore_index=True)
    chip = {"encode": BoundPairs(draw[2], np.ones(400))}
    return Evidence(UNIVERSE, {"judge": claims(judge), "other": twice}, chip)


def network(codes, weights, signs=None):
    frame = UNIVERSE.decode(np.asarray(codes)).assign(weight=weights)
    frame = frame if signs is None else frame.assign(sign=signs)
    names = {"num_names": 1, "num_found": 1, "how": {"matched": 1}, "not_understood": []}
    return NamedNetwork(frame, {"source": names, "target": names}, len(frame), ())


@pytest.fixture(scope="module")
def good(evidence):
    """Half of the judge's pairs on top of 2,000 random ones."""
    rng = np.random.default_rng(4)
    noise = np.setdiff1d(rng.choice(7500, 2000, replace=False), UNIVERSE.self_codes())
    right = rng.permutation(evidence.codes("judge"))[:250]
    codes = np.union1d(noise, right)
    weights = rng.random(len(codes)) + 2 * np.isin(codes, right)
    return network(codes, weights, np.ones(len(codes), int))


def figures_of(network, evidence, **more):
    return judge_network(network, evidence, Question(**{"name": "mine", "judges": ("judge",)} | more))


def row(figures, name, table=0):
    return next(each for each in figures["validation"][table]["rows"] if each["name"] == name)


@pytest.fixture(scope="module")
def figures(evidence, good):
    return figures_of(good, evidence, judges=("judge", "encode"), gene_sets=SETS)


def test_a_network_that_knows_beats_all_baselines_and_fame_stays_at_one_half(figures):
    mine = row(figures, "mine")
    for name in ("random", OWN_FAME, "degree", "neighbourhood", "chip"):
        assert row(figures, name)["is_baseline"]
        assert row(figures, name)["swap_auroc"] < mine["swap_auroc"] - 0.1
    assert row(figures, OWN_FAME)["swap_auroc"] == pytest.approx(0.5, abs=1e-9)
    assert row(figures, "degree")["swap_auroc"] == pytest.approx(0.5, abs=1e-9)


def test_other_databases_stand_beside_it_as_references_and_never_where_they_judge(figures):
    assert not row(figures, "database:other")["is_baseline"]
    names = [each["name"] for each in figures["validation"][0]["rows"]]
    assert "database:judge" not in names
    assert "chip" not in [each["name"] for each in figures["validation"][1]["rows"]]


def test_all_figures_are_json(figures):
    assert json.loads(json.dumps(figures, allow_nan=False)) == json.loads(json.dumps(figures))


def test_coverage_counts_what_each_judge_knows(figures, evidence, good):
    told = figures["network"]["judges"][0]
    returned = UNIVERSE.row_codes(good.frame)
    assert told["num_pairs"] == len(evidence.codes("judge"))
    assert told["num_returned"] == len(np.intersect1d(evidence.codes("judge"), returned))


def test_details_hold_curves_cutoffs_regulators_and_p_values(figures):
    detail = figures["details"][0]
    assert {"mine", "random", "degree"} <= set(detail["curves"])
    assert detail["cutoffs"][0]["hits"] > 90
    assert len(detail["by_regulator"]) == figures["validation"][0]["num_regulators"]
    p = {test["keeps"]: test["p"] for test in detail["randomisation"]}
    assert p["both"] < 0.02
    assert detail["calibration"]["observed"][-1] > detail["calibration"]["observed"][0]


def test_signs_conflicts_coherence_and_circularity_are_told(figures, evidence):
    signs = {each["source_id"]: each for each in figures["signs"]}
    assert signs["judge"]["rate"] == 1
    assert figures["conflicts"]["num_conflicts"] <= 5
    assert figures["coherence"]["num_sets"] == 15
    shared = {(each["source_id"], each["judge"]): each for each in figures["circularity"]}
    overlap = len(np.intersect1d(evidence.codes("other"), evidence.codes("judge")))
    assert shared["other", "judge"]["num_shared"] == overlap


def test_pairs_that_trained_are_no_candidates(evidence, good):
    free, told = figures_of(good, evidence), figures_of(good, evidence, trained_on=("other",))
    num = [each["validation"][0]["num_candidates"] for each in (free, told)]
    known = evidence.codes("other")
    assert num[0] - num[1] == len(known)
    assert told["validation"][0]["num_shared"] == len(np.intersect1d(known, evidence.codes("judge")))


def test_a_judge_that_trained_is_refused(evidence, good):
    with pytest.raises(ConflictError, match="judges that the run did not read, found judge"):
        figures_of(good, evidence, trained_on=("judge",))


def test_equal_weights_are_judged_by_membership_alone(evidence):
    codes = evidence.codes("judge")[:200]
    mine = row(figures_of(network(codes, np.ones(200)), evidence), "mine")
    assert mine["precision_at_100"] == pytest.approx(1)
    assert mine["tie_rate"] > 0.4


def test_one_regulator_has_no_swaps_but_an_auroc(evidence):
    codes = np.arange(300 * 3 + 100, 300 * 3 + 200)
    only = Universe.of([GENES[3]], GENES)
    rng = np.random.default_rng(5)
    told = np.sort(rng.choice(np.setdiff1d(np.arange(300), only.self_codes()), 40, replace=False))
    frame = UNIVERSE.decode(codes).assign(weight=rng.random(100))
    single = NamedNetwork(frame, network(codes, 1).coverage, 100, ())
    mine = row(figures_of(single, Evidence(only, {"judge": claims(told)})), "mine")
    assert mine["swap_auroc"] is None
    assert 0 < mine["auroc"] < 1


def test_a_network_that_shares_nothing_with_its_judges_is_told_so(good):
    nobody = Evidence(UNIVERSE, {"judge": claims(np.array([5, 6])), "other": claims(np.arange(30, 90))})
    with pytest.raises(
        InputError, match=r"(?s)no judge lists 20 pairs of the network's 25 regulators.*judge: 2 pairs"
    ):
        figures_of(good, nobody)


def test_a_negative_weight_needs_a_meaning(evidence):
    codes = evidence.codes("judge")[:50]
    weights = np.linspace(-1, 1, 50)
    with pytest.raises(InputError, match="is negative"):
        figures_of(network(codes, weights), evidence)
    told = figures_of(network(codes, weights), evidence, negative_weights="magnitude")
    assert told["signs"][0]["rate"] == pytest.approx(0.5)


def test_the_universe_is_the_network_regulators_by_expressed_or_known_genes():
    frame = pd.DataFrame({"source": ["t2", "t1"], "target": ["a", "b"]})
    known = {"x": pd.DataFrame({"source": ["t1"], "target": ["c"]})}
    assert universe_of(frame, known, genes=None) == Universe(("t1", "t2"), ("a", "b", "c"))
    assert universe_of(frame, known, genes=["b", "a"]) == Universe(("t1", "t2"), ("a", "b"))


def test_a_judge_with_few_pairs_is_named_beside_those_that_judge(evidence, good):
    few = evidence.codes("judge")[:12]
    known = Evidence(UNIVERSE, {**evidence.claims, "small": claims(few)})
    figures = figures_of(good, known, judges=("judge", "small"))
    assert [table["judge"] for table in figures["validation"]] == ["judge"]
    assert figures["not_judged"] == [
        {
            "name": "pairs of small",
            "judge": "small",
            "cell_type": "",
            "num_positives": 12,
            "min_positives": 20,
        }
    ]


def test_expression_levels_give_matched_figures_and_without_them_there_are_none(evidence, good):
    rng = np.random.default_rng(6)
    told = figures_of(good, evidence, levels=dict(zip(GENES, rng.random(300), strict=True)))["details"][0]
    assert 0 < told["matched"]["matched_auroc_low"] < told["matched"]["matched_auroc"] < 1
    assert figures_of(good, evidence)["details"][0]["matched"] is None


def test_auprc_has_an_interval_that_holds_it(figures):
    mine = row(figures, "mine")
    assert mine["ratio_interval_low"] < mine["ratio"] < mine["ratio_interval_high"]
    assert mine["auprc_interval_low"] < mine["auprc"] < mine["auprc_interval_high"]


def test_an_edge_alone_is_judged_without_coherence_of_regulons(evidence):
    one = evidence.codes("judge")[:1]
    found = figures_of(network(one, np.ones(1), np.ones(1, int)), evidence, gene_sets=SETS)
    assert found["coherence"] is None
    assert row(found, "mine")["num_positives"] > 0
