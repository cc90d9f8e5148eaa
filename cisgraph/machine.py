"""What this machine offers to a local Neo4j, and whether the database answers."""

import platform
import shutil
import sys
from pathlib import Path

from cisgraph.connection import remote_connection
from cisgraph.finding import Finding
from cisgraph.settings import Settings
from graph.cypher.admin import SERVER_VERSION
from graph.errors import CisgraphError
from graph.local import Connection, LocalServer
from graph.local.artifacts import NEO4J_VERSION
from graph.local.jars import default_cache, missing_jars
from graph.local.java import find_java
from graph.local.memory import fit_memory, total_memory_mb
from graph.local.ports import choose_ports
from graph.store import GraphStore

MIN_PYTHON = (3, 11)
MIN_FREE_GB = 5.0
"""Jars, a store, and a run with its score matrices."""


def examine_machine(settings: Settings) -> list[Finding]:
    """Python, disk and database; for a local database also Java, memory, jars and ports."""
    findings = [_python(), _disk(settings.cisgraph_home)]
    if settings.neo4j_uri is None:
        findings += [_java(), _memory(), _jars(), _ports()]
    return [*findings, _database(settings)]


def _python() -> Finding:
    wanted = ".".join(map(str, MIN_PYTHON))
    if sys.version_info >= MIN_PYTHON:
        return Finding("Python", "ok", platform.python_version())
    return Finding("Python", "missing", platform.python_version(), f"install Python {wanted} or newer")


def _disk(home: Path) -> Finding:
    existing = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free_gb = shutil.disk_usage(existing).free / 1e9
    found = f"{free_gb:,.0f} GB free for {home}"
    if free_gb >= MIN_FREE_GB:
        return Finding("disk", "ok", found)
    remedy = f"free {MIN_FREE_GB:.0f} GB, or set CISGRAPH_HOME to a folder on a larger disk"
    return Finding("disk", "missing", found, remedy)


def _java() -> Finding:
    try:
        java = find_java()
    except CisgraphError as error:
        return _refusal("Java", error)
    return Finding("Java", "ok", f"Java {java.version} from {java.origin}: {java.path}")


def _memory() -> Finding:
    total_mb = total_memory_mb()
    try:
        memory = fit_memory(total_mb)
    except CisgraphError as error:
        return _refusal("memory", error)
    found = f"{total_mb:,} MB; Neo4j takes {memory.heap_mb:,} heap + {memory.page_cache_mb:,} page cache"
    return Finding("memory", "ok", found)


def _jars() -> Finding:
    missing = missing_jars(default_cache())
    if not missing:
        return Finding("Neo4j", "ok", f"{NEO4J_VERSION} in {default_cache()}")
    size_mb = sum(jar.size for jar in missing) / 1e6
    found = f"{len(missing)} jars ({size_mb:,.0f} MB) of {NEO4J_VERSION} to come"
    return Finding("Neo4j", "later", found, "cisgraph db start downloads them")


def _ports() -> Finding:
    try:
        ports = choose_ports((None, None))
    except OSError as error:
        return Finding("ports", "missing", str(error), "allow programs to listen on 127.0.0.1")
    return Finding("ports", "ok", f"free ones on 127.0.0.1, such as {ports[0]} and {ports[1]}")


def _database(settings: Settings) -> Finding:
    try:
        connection = remote_connection(settings) or LocalServer(settings.neo4j_home).connection()
        if connection is None:
            found = f"the local Neo4j in {settings.neo4j_home} does not run"
            return Finding("database", "later", found, "commands start it; or cisgraph db start")
        return _answer(connection)
    except CisgraphError as error:
        return _refusal("database", error)


def _answer(connection: Connection) -> Finding:
    store = GraphStore.connect(
        connection.uri,
        user=connection.user,
        password=connection.password,
        database=connection.database,
    )
    with store:
        row = store.read(SERVER_VERSION)
    return Finding("database", "ok", f"Neo4j {row[0]['version']} answers at {connection.uri}")


def _refusal(name: str, error: CisgraphError) -> Finding:
    return Finding(name, "missing", error.message, error.hint)
