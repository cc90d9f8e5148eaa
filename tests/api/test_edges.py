"""Predicted edges over HTTP: exact answers for a graph that was made by hand."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GATA1, SPI1, HBG1, HBB, KLF1, TAL1 = (f"ENSG0000000000{n}" for n in range(1, 7))


def targets_of(response):
    assert response.status_code == 200, response.text
    return [edge["target"] for edge in response.json()["edges"]]


def test_targets_come_best_first_and_ties_by_target_id(ask):
    assert targets_of(ask("/v1/regulators/GATA1/targets", context="K562")) == [HBG1, HBB, KLF1, TAL1]


def test_an_edge_tells_all_that_is_known_of_it(ask):
    edge = ask("/v1/regulators/GATA1/targets", context="K562").json()["edges"][0]
    dorothea = {"source_id": "dorothea", "sign": 1, "confidence": "A", "pmids": ["1", "2"]}
    trrust = {"source_id": "trrust", "sign": -1, "confidence": None, "pmids": ["3"]}
    matched = {"source_id": "encode", "experiment": "E1", "cell_type": "K562", "score": 7.0}
    other = {"source_id": "encode", "experiment": "E2", "cell_type": "GM12878", "score": None}
    assert edge == {
        "source": GATA1,
        "source_symbol": "GATA1",
        "target": HBG1,
        "target_symbol": "HBG1",
        "run_id": "run-new",
        "context_id": "lines/K562",
        "context": "K562",
        "score": 0.9,
        "uncertainty": 0.1,
        "rank": 1,
        "sign": 1,
        "lag": 1.5,
        "lag_unit": "h",
        "lag_sign": 1,
        "lag_fdr": 0.01,
        "chromatin_lag": 0.5,
        "evidence_count": 3,
        "novel": False,
        "source_detection": {"num_cells": 12, "detection_rate": 12 / 198, "mean_count": 0.07},
        "target_detection": {"num_cells": 150, "detection_rate": 150 / 198, "mean_count": 4.0},
        "other_contexts": [],
        "evidence": {
            "priors": [
                {**dorothea, "complex": None, "licence_class": "academic"},
                {**trrust, "complex": None, "licence_class": "share-alike"},
            ],
            "chip": [{**matched, "licence_class": "open"}, {**other, "licence_class": "open"}],
            "matched_chip": True,
        },
    }


def test_the_answer_tells_detection_run_licence_and_that_nothing_is_proven(ask):
    answer = ask("/v1/regulators/GATA1/targets", context="K562").json()
    (context,) = answer["contexts"]
    assert (context["num_cells"], context["detection"]["num_cells"]) == (198, 12)
    assert (answer["run"]["run_id"], answer["run"]["is_default"]) == ("run-new", True)
    assert answer["licence_class"] == "academic"
    assert "not proof of causation" in answer["notice"]


def test_chip_of_another_cell_type_is_not_matched(ask):
    by_target = {e["target"]: e for e in ask("/v1/regulators/GATA1/targets", context="K562").json()["edges"]}
    assert [x["cell_type"] for x in by_target[KLF1]["evidence"]["chip"]] == ["GM12878"]
    assert by_target[KLF1]["evidence"]["matched_chip"] is False


def test_lag_sign_null_zero_plus_and_minus_are_kept_apart(ask):
    edges = ask("/v1/regulators/GATA1/targets", context="K562").json()["edges"]
    assert {e["target"]: e["lag_sign"] for e in edges} == {HBG1: 1, KLF1: 0, HBB: None, TAL1: -1}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"lag_sign": "1"}, [HBG1]),
        ({"lag_sign": "0"}, [KLF1]),
        ({"lag_sign": "-1"}, [TAL1]),
        ({"lag_sign": "none"}, [HBB]),
        ({"novel": "true"}, [HBB, TAL1]),
        ({"novel": "false"}, [HBG1, KLF1]),
        ({"min_score": 0.8}, [HBG1, HBB, KLF1]),
        ({"min_score": 0.8, "novel": "true"}, [HBB]),
        ({"min_score": 2}, []),
        ({"limit": 1}, [HBG1]),
        ({"run": "run-old"}, [HBG1]),
        ({"dataset": "lines"}, [HBG1, HBB, KLF1, TAL1]),
        ({"source": "trrust"}, [HBG1, KLF1]),
        ({"source": "encode", "min_score": 0.85}, [HBG1]),
        ({"context": "lines/GM12878"}, [KLF1]),
    ],
)
def test_filters_keep_exactly_what_they_say(ask, filters, expected):
    assert targets_of(ask("/v1/regulators/GATA1/targets", **{"context": "K562", **filters})) == expected


def test_without_a_context_all_contexts_of_the_run_answer_with_one_edge_a_pair(ask):
    response = ask("/v1/regulators/GATA1/targets", dataset="lines")
    assert targets_of(response) == [KLF1, HBG1, HBB, TAL1]
    best, *others = response.json()["edges"]
    assert (best["context"], best["score"], best["sign"]) == ("GM12878", 0.95, -1)
    assert [(o["context"], o["score"], o["rank"]) for o in best["other_contexts"]] == [("K562", 0.8, 2)]
    assert [edge["other_contexts"] for edge in others] == [[], [], []]
    assert [c["name"] for c in response.json()["contexts"]] == ["A549", "GM12878", "K562"]


def test_a_gene_is_answered_with_its_regulators(ask):
    edges = ask("/v1/genes/HBG1/regulators", context="K562").json()["edges"]
    assert [(e["source"], e["target"], e["score"]) for e in edges] == [(GATA1, HBG1, 0.9), (SPI1, HBG1, 0.3)]


def test_a_half_written_run_is_never_seen(ask):
    seen = [
        ask("/v1/regulators/GATA1/targets", context="K562").text,
        ask("/v1/genes/SPI1/regulators", context="K562").text,
        ask("/v1/edges/GATA1/SPI1").text,
        ask("/v1/runs").text,
    ]
    assert not any("run-half" in text or "0.99" in text for text in seen)
    assert ask("/v1/runs/run-half").status_code == 404
    assert ask("/v1/validation", run="run-half").status_code == 404
    assert ask("/v1/regulators/GATA1/targets", run="run-half").status_code == 404


def test_a_context_of_several_data_sets_is_a_conflict_that_lists_them(ask):
    response = ask("/v1/regulators/GATA1/targets", context="A549")
    assert response.status_code == 409
    assert response.json()["candidates"] == ["lines", "times"]
    answered = ask("/v1/regulators/GATA1/targets", context="A549", dataset="times")
    assert targets_of(answered) == [HBB]
    assert targets_of(ask("/v1/regulators/GATA1/targets", context="times/A549")) == [HBB]


def test_a_baseline_is_no_answer_to_who_regulates(ask):
    assert ask("/v1/regulators/GATA1/targets", run="degree").status_code == 409


def test_a_run_of_another_data_set_is_a_conflict(ask):
    assert ask("/v1/regulators/GATA1/targets", run="run-new", dataset="times").status_code == 409


@pytest.mark.parametrize(
    ("params", "suggestion"),
    [
        ({"context": "K526"}, "K562"),
        ({"run": "run-new", "context": "k562"}, "K562"),
        ({"dataset": "line"}, "lines"),
        ({"run": "run-now"}, "run-new"),
    ],
)
def test_unknown_contexts_runs_and_data_sets_are_404_with_the_nearest(ask, params, suggestion):
    response = ask("/v1/regulators/GATA1/targets", **params)
    assert response.status_code == 404
    assert response.json()["suggestions"][0] == suggestion


def test_a_gene_that_is_no_regulator_has_no_targets(ask):
    response = ask("/v1/regulators/HBB/targets", context="K562")
    assert response.status_code == 404
    assert "not a known regulator" in response.json()["detail"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limits=st.lists(st.integers(1, 3), min_size=5, max_size=5), route=st.sampled_from(["targets", "gene"]))
def test_pages_of_any_size_show_each_edge_once_and_in_order(ask, limits, route):
    path = "/v1/regulators/GATA1/targets" if route == "targets" else "/v1/genes/HBG1/regulators"
    params = {"dataset": "lines"}
    whole, paged = ask(path, **params).json()["edges"], []
    for limit in limits:
        page = ask(path, limit=limit, **params).json()
        paged += page["edges"]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert paged == whole[: len(paged)]
    assert (page["next_cursor"] is None) == (len(paged) == len(whole))


def test_a_cursor_stays_in_its_run_and_its_question(ask):
    first = ask("/v1/regulators/GATA1/targets", context="K562", limit=2).json()
    more = {"cursor": first["next_cursor"], "context": "K562"}
    assert targets_of(ask("/v1/regulators/GATA1/targets", **more)) == [KLF1, TAL1]
    assert ask("/v1/regulators/GATA1/targets", **more, novel="true").status_code == 422
    assert ask("/v1/regulators/SPI1/targets", **more).status_code == 422
    assert ask("/v1/regulators/GATA1/targets", context="K562", cursor="é{}").status_code == 422


def test_a_pair_is_told_with_runs_baselines_evidence_and_conflicts(ask):
    answer = ask("/v1/edges/GATA1/HBG1").json()
    predictions = [(p["run_id"], p["context"], p["score"], p["is_default"]) for p in answer["predictions"]]
    assert predictions == [("run-new", "K562", 0.9, True), ("run-old", "K562", 0.2, False)]
    assert [(p["run_id"], p["kind"]) for p in answer["baselines"]] == [("degree", "baseline")]
    assert [(p["source_id"], p["sign"], p["pmids"]) for p in answer["priors"]] == [
        ("dorothea", 1, ["1", "2"]),
        ("trrust", -1, ["3"]),
    ]
    assert [x["experiment"] for x in answer["chip"]] == ["E1", "E2"]
    assert answer["conflicts"] == {
        "among_priors": True,
        "activating": ["dorothea"],
        "repressing": ["trrust"],
        "predictions_against_priors": [],
    }
    assert answer["licence_class"] == "academic"


def test_a_prediction_against_all_sources_is_a_conflict_of_sign(ask):
    conflicts = ask("/v1/edges/GATA1/KLF1").json()["conflicts"]
    against = [(c["run_id"], c["context_id"], c["sign"]) for c in conflicts["predictions_against_priors"]]
    assert against == [("run-new", "lines/GM12878", -1), ("run-new", "lines/K562", -1)]


def test_a_pair_that_nobody_lists_is_an_empty_answer(ask):
    answer = ask("/v1/edges/KLF1/HBB").json()
    assert [answer[part] for part in ("predictions", "baselines", "priors", "chip")] == [[], [], [], []]
