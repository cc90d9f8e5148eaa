"""The whole OpenAPI document against the service: nothing that is generated from it finds a defect."""

import contextlib
import os
import threading

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.settings import ApiSettings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NUM_EXAMPLES = int(os.environ.get("CISGRAPH_OPENAPI_EXAMPLES", "4"))
"""For each operation; 100 make more than 2,000 requests, some minutes."""

NAMES = {"gene": "GATA1", "regulator": "GATA1", "target": "HBG1", "run": "run-new", "run_id": "run-new"}


@pytest.fixture(scope="module")
def served(blood_graph):
    """The address of a service on the hand-made graph."""
    app = create_app(
        ApiSettings(
            neo4j_uri=blood_graph.uri,
            neo4j_user=blood_graph.user,
            neo4j_password=blood_graph.password,
            rate=0,
        )
    )
    config = uvicorn.Config(app, log_config=None)
    server = uvicorn.Server(config)
    with contextlib.closing(config.bind_socket()) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


def operations():
    """Every operation of the document by name."""
    app = create_app(ApiSettings(neo4j_uri="bolt://127.0.0.1:1", neo4j_password="x"))
    schema = schemathesis.openapi.from_dict(app.openapi())
    return {each.ok().label: each.ok() for each in schema.get_all_operations()}


OPERATIONS = operations()


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_of_the_document_finds_a_server_error_or_an_undocumented_answer(served, label):
    @settings(
        max_examples=NUM_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=OPERATIONS[label].as_strategy(), known=st.booleans())
    def ask(case, known):
        if known:
            told = case.path_parameters or {}
            case.path_parameters = {key: NAMES.get(key, value) for key, value in told.items()}
        case.validate_response(case.call(base_url=served, timeout=60), checks=CHECKS)

    ask()


def test_the_document_is_served_for_people_too(served):
    assert "cisgraph" in httpx.get(f"{served}/docs").text
