"""Load on the API: `python -P benchmarks/api.py --requests 10000 --clients 32 --stop-s 20`.

Lookups of targets (50 edges with all evidence) through the service against the bare asynchronous driver,
which runs the same statement, in rounds that take turns, on the graph of `CISGRAPH_HOME` (the demo).
Service, client and bare driver are processes of their own; what each costs is told. With `--stop-s`, Neo4j
is then stopped for so long under load: what is answered meanwhile, and when service is whole again.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
from neo4j import AsyncGraphDatabase

from cisgraph.connection import connect_settings
from cisgraph.settings import load_settings
from graph.cypher import edges
from graph.local import LocalServer
from graph.store import GraphStore

LIMIT = 50
LEAD_S = 5.0
WARM_UP = 600
REGULATORS = """
MATCH (run:Run {kind: 'prediction', is_default: true})
MATCH (r:Regulator)-[e:REGULATES]->(:Gene)
WHERE e.run_id = run.run_id
WITH run.run_id AS run_id, e.context_id AS context_id, r.gene_id AS gene_id, count(e) AS num_edges
WHERE num_edges > $limit
WITH run_id, context_id, collect(gene_id) AS gene_ids
RETURN run_id, context_id, gene_ids ORDER BY size(gene_ids) DESC, context_id LIMIT 1
"""


class Child:
    """A process of this program that makes load when it is told to."""

    def __init__(self, role: str, about: dict[str, Any]) -> None:
        command = [sys.executable, "-P", __file__, "--role", role]
        self._process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send(about)

    def run(self, num_requests: int, *, seconds: float | None = None) -> dict[str, Any]:
        """Return what so many requests, or so many seconds of them, came to."""
        self._send({"requests": num_requests, "seconds": seconds})
        return json.loads(self._process.stdout.readline())

    def _send(self, what: dict[str, Any]) -> None:
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)


async def be_child(role: str) -> None:
    """Make load as often as the standard input says, on the same connections."""
    about = json.loads(sys.stdin.readline())
    source = LightClient if role == "http" else BareDriver
    async with source(about) as ask:
        for line in iter(sys.stdin.readline, ""):
            told = json.loads(line)
            await asyncio.sleep(0.05)  # see which connections were closed while this process waited
            print(json.dumps(await loaded(ask, about, told)), flush=True)


async def loaded(ask: Callable[[int, str], Awaitable[int]], about: dict, told: dict) -> dict:
    """Return latencies (s), statuses by second and what this process spent."""
    genes, until = about["gene_ids"], told["seconds"]
    started, cpu = time.perf_counter(), time.process_time()
    latencies, by_second, left = [], [], iter(range(told["requests"] if until is None else 10**9))

    async def client(number: int) -> None:
        for place in left:
            begun = time.perf_counter()
            if until is not None and begun - started > until:
                return
            status = await ask(number, genes[place % len(genes)])
            ended = time.perf_counter()
            latencies.append(ended - begun)
            by_second.append((int(ended - started), status))

    await asyncio.gather(*(client(number) for number in range(about["clients"])))
    counts = Counter(by_second)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_s": time.process_time() - cpu,
        "latencies": latencies,
        "statuses": [[second, status, number] for (second, status), number in sorted(counts.items())],
    }


class BareDriver:
    """The driver alone: the statement behind the answer, its records as they come."""

    def __init__(self, about: dict) -> None:
        self._about = about

    async def __aenter__(self) -> Callable[[int, str], Awaitable[int]]:
        about = self._about
        self._driver = AsyncGraphDatabase.driver(about["uri"], auth=(about["user"], about["password"]))

        async def ask(_: int, gene_id: str) -> int:
            await self._driver.execute_query(
                edges.TARGETS,
                {**about["parameters"], "gene_id": gene_id},
                routing_="r",
            )
            return 200

        return ask

    async def __aexit__(self, *_: object) -> None:
        await self._driver.close()


class LightClient:
    """A client that does little: one open connection each, the head of an answer, and its bytes."""

    def __init__(self, about: dict) -> None:
        self._about = about
        self._open: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def __aenter__(self) -> Callable[[int, str], Awaitable[int]]:
        return self._ask

    async def _ask(self, number: int, gene_id: str) -> int:
        if number not in self._open or self._open[number][0].at_eof():  # idle ones are closed after 5 s
            self._open[number] = await asyncio.open_connection("127.0.0.1", self._about["port"])
        reader, writer = self._open[number]
        path = f"/v1/regulators/{gene_id}/targets?context={self._about['context_id']}&limit={LIMIT}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"
        )
        await reader.readexactly(length)
        status = int(head[9:12])
        if status == 503 and b"retry-after" not in head.lower():
            return 599
        return status

    async def __aexit__(self, *_: object) -> None:
        for _, writer in self._open.values():
            writer.close()


class Service:
    """`cisgraph serve` in a process of its own, without a limit of the rate."""

    def __init__(self, port: int) -> None:
        environment = {**os.environ, "CISGRAPH_RATE": "0"}
        command = [sys.executable, "-m", "cisgraph", "serve", "--port", str(port)]
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._seen = psutil.Process(self._process.pid)
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)

    def rss_mb(self) -> float:
        return self._seen.memory_info().rss / 2**20

    def cpu_s(self) -> float:
        times = self._seen.cpu_times()
        return times.user + times.system

    def close(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)


def measured(asked: argparse.Namespace) -> dict[str, Any]:
    """Return all figures."""
    settings = load_settings()
    connection = connect_settings(settings)
    with GraphStore.connect(connection.uri, user=connection.user, password=connection.password) as store:
        (about,) = store.read(REGULATORS, limit=LIMIT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    none = ("min_score", "novel", "lag_sign", "min_chromatin_lag", "bound_in", "after", "source_load_id")
    shared = {
        "uri": connection.uri,
        "user": connection.user,
        "password": connection.password,
        "port": port,
        "clients": asked.clients,
        **about,
        "parameters": {
            **dict.fromkeys((*none, "licence_classes")),
            "run_id": about["run_id"],
            "context_ids": [about["context_id"]],
            "limit": LIMIT + 1,
        },
    }
    with ExitStack() as stack:
        service = Service(port)
        stack.callback(service.close)
        http, bare = Child("http", shared), Child("bare", shared)
        stack.callback(http.close)
        stack.callback(bare.close)
        for each in (http, bare):
            each.run(WARM_UP)
        found = rounds(asked, http, bare, service)
        if asked.stop_s:
            found["outage"] = outage(asked, http, settings.neo4j_home, connection.uri)
        return {"context": about["context_id"], "regulators": len(about["gene_ids"]), **found}


def rounds(asked: argparse.Namespace, http: Child, bare: Child, service: Service) -> dict[str, Any]:
    """Return throughput, latencies, errors and memory; the two take turns."""
    each = asked.requests // asked.rounds
    through, alone, memory, cpu = [], [], [service.rss_mb()], service.cpu_s()
    for _ in range(asked.rounds):
        alone.append(bare.run(each))
        through.append(http.run(each))
        memory.append(service.rss_mb())
    cpu = service.cpu_s() - cpu
    ratios = [b["seconds"] / h["seconds"] for b, h in zip(alone, through, strict=True)]
    num = asked.rounds * each
    return {
        "num_requests": num,
        "clients": asked.clients,
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "per_s": {
            "api": [each / h["seconds"] for h in through],
            "bare": [each / b["seconds"] for b in alone],
        },
        "api_ms": percentiles(through),
        "bare_ms": percentiles(alone),
        "num_errors": sum(number for h in through for _, status, number in h["statuses"] if status != 200),
        "cpu_ms_a_request": {
            "service": 1000 * cpu / num,
            "client": 1000 * sum(h["cpu_s"] for h in through) / num,
            "bare": 1000 * sum(b["cpu_s"] for b in alone) / num,
        },
        "service_rss_mb": memory,
    }


def percentiles(found: list[dict[str, Any]]) -> dict[str, float]:
    """Return p50, p99 and their ratio, in milliseconds, over all rounds."""
    told = sorted(1000 * latency for each in found for latency in each["latencies"])
    p50, p99 = told[len(told) // 2], told[int(len(told) * 0.99)]
    return {"p50": p50, "p99": p99, "p99_to_p50": p99 / p50}


def outage(asked: argparse.Namespace, http: Child, home: Path, uri: str) -> dict[str, Any]:
    """Return the statuses of each second of a load in which Neo4j is stopped and started again."""
    times: dict[str, float] = {}

    def stop_and_start() -> None:
        began = time.perf_counter()
        time.sleep(LEAD_S)
        LocalServer(home).stop()
        times["stopped_at_s"] = time.perf_counter() - began
        time.sleep(asked.stop_s)
        times["start_begun_at_s"] = time.perf_counter() - began
        LocalServer(home, bolt_port=int(uri.rpartition(":")[2])).start()
        times["started_at_s"] = time.perf_counter() - began

    stopper = threading.Thread(target=stop_and_start)
    stopper.start()
    told = http.run(0, seconds=LEAD_S + asked.stop_s + 60)
    stopper.join()
    statuses: Counter[int] = Counter()
    for _, status, number in told["statuses"]:
        statuses[status] += number
    after = [(second, status, number) for second, status, number in told["statuses"]
             if second > times["started_at_s"]]  # fmt: skip
    return {
        **times,
        "statuses": statuses,
        "last_refusal_at_s": max((row[0] for row in told["statuses"] if row[1] != 200), default=None),
        "answers_after": sum(number for _, status, number in after if status == 200),
        "refusals_after": sum(number for _, status, number in after if status != 200),
        "by_second": told["statuses"],
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", choices=("http", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stop-s", type=float, default=0.0, help="Stop Neo4j for so long; 0: do not.")
    asked = parser.parse_args()
    if asked.role:
        asyncio.run(be_child(asked.role))
    else:
        print(json.dumps(measured(asked), indent=1))


if __name__ == "__main__":
    main()
