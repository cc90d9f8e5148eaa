"""Keys, rates, sizes and times of requests; what is logged and measured."""

import asyncio
import contextlib
import json
import logging
import threading
from http import HTTPStatus

import httpx
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.keys import KeyRing, new_key
from api.logs import LOGGER, JsonLines
from api.rates import RateLimit
from api.settings import ApiSettings
from graph.errors import InputError
from graph.local import Connection

RUNS = "/v1/runs"


def settings_of(connection, **more):
    return ApiSettings(
        neo4j_uri=connection.uri,
        neo4j_user=connection.user,
        neo4j_password=connection.password,
        **more,
    )


@pytest.fixture
def keys(tmp_path):
    key, line = new_key("lab")
    path = tmp_path / "keys"
    path.write_text(f"# who may ask\n{line}\n")
    return key, path


def test_a_key_is_kept_as_a_hash_and_known_by_name(keys):
    key, path = keys
    assert key not in path.read_text()
    ring = KeyRing.read(path)
    assert (ring.owner(key), ring.owner(key + "x"), ring.owner("")) == ("lab", None, None)


@pytest.mark.parametrize("line", ["lab", "lab abc", f"lab {'G' * 64}", f"my lab {'a' * 64}"])
def test_a_line_that_is_no_key_is_refused(tmp_path, line):
    (tmp_path / "keys").write_text(line)
    with pytest.raises(InputError, match="line 1"):
        KeyRing.read(tmp_path / "keys")


def test_wrong_keys_are_401_and_missing_ones_where_a_key_is_required(blood_graph, asking, keys):
    key, path = keys
    with asking(create_app(settings_of(blood_graph, keys_file=path, require_key=True))) as ask:
        missing, wrong = ask(RUNS), ask(RUNS, headers={"X-API-Key": "cg_guess"})
        assert [missing.status_code, wrong.status_code] == [401, 401]
        assert missing.headers["WWW-Authenticate"] == "Bearer"
        assert ask(RUNS, headers={"Authorization": f"Bearer {key}"}).status_code == 200
        assert ask(RUNS, headers={"X-API-Key": key}).status_code == 200
        assert ask("/health/ready").status_code == 200


def test_a_wrong_key_is_refused_where_none_is_needed(ask):
    assert ask(RUNS, headers={"X-API-Key": "cg_guess"}).status_code == 401


def test_who_asks_too_often_is_told_when_to_come_back(blood_graph, asking):
    with asking(create_app(settings_of(blood_graph, rate=0.1, burst=3))) as ask:
        responses = [ask("/v1/nothing") for _ in range(5)]
        assert [r.status_code for r in responses] == [404, 404, 404, 429, 429]
        assert 1 <= int(responses[-1].headers["Retry-After"]) <= 10
        assert ask("/health/live").status_code == 200


@given(st.lists(st.floats(0, 5), max_size=60), st.floats(0.5, 5), st.integers(1, 5))
def test_never_more_than_burst_and_rate_allow(pauses, rate, burst):
    now, taken = 0.0, 0
    limit = RateLimit(rate, burst=burst, clock=lambda: now)
    for pause in pauses:
        now += pause
        taken += limit.wait_s("a") == 0
    assert taken <= burst + now * rate + 1e-6
    assert limit.wait_s("b") == 0


def test_bodies_that_are_too_long_are_413_with_and_without_a_length(blood_graph, asking):
    body = json.dumps({"names": ["GATA1" * 30] * 50}).encode()

    async def parts():
        for start in range(0, len(body), 500):
            yield body[start : start + 500]

    with asking(create_app(settings_of(blood_graph, max_body=2000))) as ask:
        for content in (body, parts()):
            response = ask("/v1/genes:resolve", method="POST", content=content)
            assert response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            assert "2,000 bytes" in response.json()["detail"]


def test_an_answer_that_does_not_begin_in_time_is_given_up(asking):
    app = create_app(settings_of(Connection("bolt://127.0.0.1:1", "neo4j", "x"), timeout_s=0.05))

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.Event().wait()

    with asking(app) as ask:
        response = ask("/slow")
    assert (response.status_code, "Retry-After" in response.headers) == (503, True)


def test_each_request_has_an_id_and_a_line_without_key_or_query(ask):
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonLines().format(record))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    given_id = ask(RUNS, headers={"X-Request-ID": "mine-1"}).headers["X-Request-ID"]
    made_id = ask("/v1/genes/GATA1", secret="x", headers={"X-Request-ID": "a b\n"}).headers["X-Request-ID"]
    LOGGER.removeHandler(handler)
    first, second = map(json.loads, lines)
    assert (given_id, first["request_id"], first["status"]) == ("mine-1", "mine-1", 200)
    assert (len(made_id), second["request_id"]) == (32, made_id)
    assert second["route"] == "/v1/genes/{gene}"
    assert "secret" not in lines[1]


def test_metrics_count_by_route_and_not_by_address(ask):
    for path in ("/v1/genes/GATA1", "/v1/genes/SPI1", "/v1/wp-login.php", "/v1/admin"):
        ask(path)
    text = ask("/metrics").text
    assert 'cisgraph_requests_total{method="GET",route="/v1/genes/{gene}",status="200"}' in text
    assert 'route="unmatched",status="404"' in text
    assert "wp-login" not in text


def test_service_info_is_that_of_ga4gh(ask):
    info = ask("/service-info").json()
    assert info["type"] == {"group": "org.cisgraph", "artifact": "cisgraph", "version": "1"}
    assert {"id", "name", "organization", "version"} <= set(info)
    assert ask("/v1/service-info").json() == info


class Door:
    """A way to a server that can be shut and opened again, and counts nothing else."""

    def __init__(self, uri):
        self._host, _, port = uri.removeprefix("bolt://").rpartition(":")
        self._port = int(port)
        self._writers = set()

    async def open(self, port=0):
        self._server = await asyncio.start_server(self._let_through, "127.0.0.1", port)
        return self._server.sockets[0].getsockname()[1]

    async def shut(self):
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _let_through(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))

    async def _copy(self, reader, writer):
        with contextlib.suppress(ConnectionError):
            while content := await reader.read(65536):
                writer.write(content)
                await writer.drain()
        writer.transport.abort()
        self._writers.discard(writer)


def test_a_database_that_goes_away_is_503_and_back_without_a_restart(blood_graph):
    async def story():
        door = Door(blood_graph.uri)
        port = await door.open()
        connection = Connection(f"bolt://127.0.0.1:{port}", blood_graph.user, blood_graph.password)
        app = create_app(settings_of(connection))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://cisgraph.test") as client,
        ):
            found = [await client.get("/v1/genes/GATA1")]
            await door.shut()
            found += await asyncio.gather(*(client.get(f"/v1/genes/{n}") for n in ("GATA1", "SPI1")))
            await door.open(port)
            found.append(await client.get("/v1/genes/GATA1"))
            await door.shut()
        return found

    before, *away, after = asyncio.run(story())
    assert [before.status_code, after.status_code] == [200, 200]
    assert [(r.status_code, "Retry-After" in r.headers) for r in away] == [(503, True)] * 2


def test_what_is_being_answered_when_the_service_stops_is_answered():
    app = create_app(settings_of(Connection("bolt://127.0.0.1:1", "neo4j", "x")))
    asked, may_answer = threading.Event(), threading.Event()

    @app.get("/long")
    async def long() -> str:
        asked.set()
        await asyncio.to_thread(may_answer.wait, 20)
        return "done"

    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=20)
    server = uvicorn.Server(config)
    with contextlib.closing(config.bind_socket()) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        found = []
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/long"
        client = threading.Thread(target=lambda: found.append(httpx.get(address, timeout=20)))
        client.start()
        assert asked.wait(20)
        server.should_exit = True
        may_answer.set()
        client.join(20)
        thread.join(20)
    assert found[0].json() == "done"
    assert not thread.is_alive()
