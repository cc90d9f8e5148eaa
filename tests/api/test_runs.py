"""Runs, validation and what else is in the graph, over HTTP."""


def test_complete_runs_are_listed_newest_first(ask):
    runs = ask("/v1/runs").json()["runs"]
    assert [run["run_id"] for run in runs] == ["degree", "run-times", "run-new", "run-old", "run-open"]
    assert [run["is_default"] for run in runs] == [True, True, True, False, False]


def test_a_run_tells_its_configuration_sources_and_metrics(ask):
    run = ask("/v1/runs/run-new").json()
    assert run["config"] == {"epochs": 3}
    assert (run["source_ids"], run["licence_class"], run["num_edges"]) == (["dorothea"], "academic", 6)
    assert run["metrics"]["table"][0]["swap_auroc"] == 0.71


def test_validation_is_the_stored_metrics_with_baselines_and_intervals(ask):
    answer = ask("/v1/validation", run="run-new").json()
    model, random = answer["metrics"]["table"]
    assert model == {"method": "cisgraph", "swap_auroc": 0.71, "low": 0.69, "high": 0.73}
    assert random["low"] is None  # NaN, which JSON does not know
    assert answer["licence_class"] == "academic"
    assert "not proof of causation" in answer["notice"]


def test_validation_without_a_run_is_that_of_the_default_run(ask):
    assert ask("/v1/validation", dataset="lines").json()["run_id"] == "run-new"
    response = ask("/v1/validation")
    assert (response.status_code, response.json()["candidates"]) == (409, ["lines", "times"])
    assert ask("/v1/validation", dataset="nowhere").status_code == 404


def test_contexts_tell_their_data_set_and_its_default_run(ask):
    contexts = {c["context_id"]: c for c in ask("/v1/contexts").json()["contexts"]}
    assert set(contexts) == {"lines/A549", "lines/GM12878", "lines/K562", "times/A549", "times/H1"}
    assert contexts["lines/K562"]["default_run_ids"] == ["run-new"]


def test_data_sets_do_not_tell_where_the_server_keeps_its_files(ask):
    response = ask("/v1/datasets")
    assert [d["contexts"] for d in response.json()["datasets"]] == [
        ["A549", "GM12878", "K562"],
        ["A549", "H1"],
    ]
    assert "/secret" not in response.text


def test_sources_tell_licence_and_rejected_rows_and_half_ingested_ones_are_not_shown(ask):
    sources = {s["source_id"]: s for s in ask("/v1/sources").json()["sources"]}
    assert set(sources) == {"annotation", "dorothea", "encode", "trrust"}
    trrust = sources["trrust"]
    assert (trrust["licence_class"], trrust["rows_rejected"]) == ("share-alike", 1)
    assert trrust["rejected"] == {"no such gene": 1}
