"""ETags from the state of the data."""

import pandas as pd

from graph import runs
from graph.data_state import state_of
from graph.schema import Run
from graph.store import GraphStore
from graph.tables import REGULATIONS

PATH = "/v1/regulators/GATA1/targets"


def test_an_answer_that_a_client_has_is_304_without_a_body(ask):
    first = ask(PATH, context="K562")
    again = ask(PATH, context="K562", headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_another_question_or_format_has_another_tag(ask):
    tags = {
        ask(PATH, context="K562").headers["ETag"],
        ask(PATH, context="GM12878").headers["ETag"],
        ask("/v1/genes/HBG1/regulators", context="K562").headers["ETag"],
        ask(PATH, context="K562", headers={"Accept": "application/x-ndjson"}).headers["ETag"],
    }
    assert len(tags) == 4


def test_a_release_changes_every_tag_and_is_told(blood_graph, app_for, asking):
    auth = {"user": blood_graph.user, "password": blood_graph.password}
    with GraphStore.connect(blood_graph.uri, **auth) as store:
        with asking(app_for(blood_graph)) as ask:
            before = ask("/v1/sources").headers["ETag"]
        store.write("CREATE (:Release {release_id: 'r1', created_at: datetime(), contents: '{}'})")
        with asking(app_for(blood_graph)) as ask:
            after = ask("/v1/sources", headers={"If-None-Match": before})
            assert ask("/v1/releases").json()["releases"][0]["release_id"] == "r1"
        store.write("MATCH (r:Release) DELETE r")
    assert (after.status_code, after.headers["X-Data-Release"]) == (200, "r1")


def test_a_run_that_was_deleted_this_second_is_not_answered_from_memory(ask, blood_graph):
    edge = {"source": "ENSG00000000001", "target": "ENSG00000000004", "run_id": "brief", "score": 0.5}
    more = {"context_id": "lines/K562", "rank": 1, "sign": 0, "evidence_count": 0, "novel": True}
    auth = {"user": blood_graph.user, "password": blood_graph.password}
    with GraphStore.connect(blood_graph.uri, **auth) as store:
        runs.begin(store, Run("brief", "prediction", "lines", "{}", 1, "0.1", "open"), source_ids=["encode"])
        runs.write_context(store, REGULATIONS, pd.DataFrame([{**edge, **more}]))
        runs.publish(store, "brief", metrics={}, num_edges=1, num_links=0)
        assert len(ask(PATH, run="brief").json()["edges"]) == 1
        runs.delete(store, "brief")
        runs.make_default(store, "run-new")
    assert ask(PATH, run="brief").status_code == 404


def test_errors_and_health_have_no_tag(ask):
    assert "ETag" not in ask("/v1/nothing").headers
    assert "ETag" not in ask("/v1/genes/NO").headers
    assert "ETag" not in ask("/v1/health/ready").headers


def test_any_change_of_what_answers_depend_on_changes_the_digest():
    row = {"releases": ["r"], "loads": ["a@1"], "datasets": ["d"], "runs": ["x"]}
    digests = {state_of(row | {key: ["other"]}).digest for key in row} | {state_of(row).digest}
    assert len(digests) == 5
