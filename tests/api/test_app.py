"""What holds for the application as a whole: health, errors, documentation."""

import json
import socket

import pytest
from pydantic import SecretStr

from api.app import create_app
from api.errors import MEDIA_TYPE, STATUS, status_of
from api.settings import ApiSettings
from graph import errors
from graph.local import Connection
from graph.schema import SCHEMA_VERSION
from graph.store import GraphStore


@pytest.fixture(scope="module")
def ask_nobody(app_for, asking):
    """Asks an application whose database is away: its port is bound here, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        uri = f"bolt://127.0.0.1:{taken.getsockname()[1]}"
        with asking(app_for(Connection(uri, "neo4j", "secret-word"))) as ask:
            yield ask


def test_the_process_lives_although_the_database_is_away(ask_nobody):
    assert ask_nobody("/health/live").status_code == 200
    assert ask_nobody("/v1/health/live").status_code == 200


@pytest.mark.parametrize("path", ["/v1/health/ready", "/v1/regulators/GATA1/targets"])
def test_a_database_that_is_away_is_503_with_retry_after_and_no_trace(ask_nobody, path):
    response = ask_nobody(path)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Content-Type"] == MEDIA_TYPE
    assert "Traceback" not in response.text
    assert "secret-word" not in response.text


def test_ready_tells_the_schema_version(ask):
    assert ask("/health/ready").json() == {"status": "ready", "schema_version": SCHEMA_VERSION}


def test_a_graph_of_a_newer_schema_is_not_ready(ask, blood_graph):
    auth = {"user": blood_graph.user, "password": blood_graph.password}
    with GraphStore.connect(blood_graph.uri, **auth) as store:
        store.write("CREATE (:SchemaVersion {version: 99})")
        response = ask("/health/ready")
        store.write("MATCH (n:SchemaVersion {version: 99}) DELETE n")
    assert response.status_code == 503
    assert "99" in response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "asked", "meant"),
    [
        ("/v1/regulators/GATA1/targets", {"contxt": "K562"}, "did you mean context?"),
        ("/v1/contexts:compare", {"a": "K562", "b": "H1", "regulators": "GATA1"}, "did you mean regulator?"),
        ("/v1/exports/run-new", {"min-score": 1, "licens": "open"}, "did you mean min_score, licence?"),
    ],
)
def test_an_unknown_filter_is_answered_with_the_nearest_of_its_route(ask, path, asked, meant):
    response = ask(path, **asked)
    assert (response.status_code, meant in response.json()["hint"]) == (422, True), response.text


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"limit": 0}, "#/query/limit"),
        ({"limit": 1001}, "#/query/limit"),
        ({"min_score": "high"}, "#/query/min_score"),
        ({"min_score": "nan"}, "#/query/min_score"),
        ({"lag_sign": 2}, "#/query/lag_sign"),
        ({"novel": "perhaps"}, "#/query/novel"),
        ({"colour": "red"}, "#/query/colour"),
    ],
)
def test_a_bad_filter_is_422_that_points_to_it(ask, params, pointer):
    response = ask("/v1/regulators/GATA1/targets", context="K562", **params)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == MEDIA_TYPE
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_all_bad_filters_are_told_at_once(ask):
    response = ask("/v1/regulators/GATA1/targets", limit=0, novel="perhaps")
    assert len(response.json()["errors"]) == 2


def test_an_address_that_is_not_served_is_a_problem_too(ask):
    response = ask("/v1/nothing")
    assert (response.status_code, response.headers["Content-Type"]) == (404, MEDIA_TYPE)
    assert response.json()["instance"] == "/v1/nothing"


def test_a_defect_is_told_without_its_trace(app_for, asking):
    app = app_for(Connection("bolt://127.0.0.1:1", "neo4j", "x"))

    @app.get("/defect")
    async def defect() -> None:
        raise RuntimeError("the secret of the house")

    with asking(app) as ask:
        response = ask("/defect")
    assert (response.status_code, response.headers["Content-Type"]) == (500, MEDIA_TYPE)
    assert "secret" not in response.text


def test_every_error_of_ours_has_a_status():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    statuses = {kind: status_of(kind("m")) for kind in kinds if issubclass(kind, errors.CisgraphError)}
    assert statuses[errors.DatabaseAwayError] == 503
    assert statuses[errors.JavaMissingError] == 500
    assert set(STATUS.values()) == set(statuses.values())


def test_the_openapi_document_builds_and_names_every_route():
    app = create_app(ApiSettings(neo4j_uri="bolt://127.0.0.1:1", neo4j_password=SecretStr("x")))
    document = json.loads(json.dumps(app.openapi()))
    assert set(document["paths"]) == {
        "/v1/conflicts",
        "/v1/contexts",
        "/v1/contexts:compare",
        "/v1/datasets",
        "/v1/edges/{regulator}/{target}",
        "/v1/exports/{run}",
        "/v1/genes/{gene}",
        "/v1/genes/{gene}/lags",
        "/v1/genes/{gene}/peaks",
        "/v1/genes/{gene}/regulators",
        "/v1/genes/{gene}/regulons",
        "/v1/genes:resolve",
        "/v1/health/live",
        "/v1/health/ready",
        "/v1/jobs/{job_id}",
        "/v1/metrics",
        "/v1/network",
        "/v1/regulators/{regulator}/targets",
        "/v1/regulators:shared",
        "/v1/regulators:targets",
        "/v1/releases",
        "/v1/runs",
        "/v1/runs/{run_id}",
        "/v1/runs/{a}:compare/{b}",
        "/v1/service-info",
        "/v1/sources",
        "/v1/stats",
        "/v1/triplets",
        "/v1/validation",
    }
    asked = document["paths"]["/v1/regulators/{regulator}/targets"]["get"]
    names = {parameter["name"] for parameter in asked["parameters"]}
    assert names >= {"context", "run", "dataset", "min_score", "lag_sign", "novel", "limit", "cursor"}
    assert set(asked["responses"]) >= {"200", "404", "409", "422", "503"}


def test_settings_come_from_the_environment_and_hide_the_password(monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "neo4j://graph.test")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret-word")
    monkeypatch.setenv("CISGRAPH_QUERY_TIMEOUT_S", "3")
    settings = ApiSettings()
    assert (settings.neo4j_uri, settings.neo4j_user, settings.query_timeout_s) == (
        "neo4j://graph.test",
        "neo4j",
        3.0,
    )
    assert "secret-word" not in repr(settings)
