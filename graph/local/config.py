"""The configuration of the local Neo4j."""

import re

from graph.local.home import Home
from graph.local.memory import Memory
from graph.local.ports import HOST

TRANSACTION_TIMEOUT = "30m"


def write_config(home: Home, *, bolt_port: int, http_port: int, memory: Memory) -> None:
    """Write ``neo4j.conf``: loopback only, password on, memory stated, nothing sent home."""
    settings = {
        "server.default_listen_address": HOST,
        "server.default_advertised_address": HOST,
        "server.bolt.listen_address": f"{HOST}:{bolt_port}",
        "server.bolt.advertised_address": f"{HOST}:{bolt_port}",
        "server.http.enabled": "true",  # also serves Neo4j Browser
        "server.http.listen_address": f"{HOST}:{http_port}",
        "server.http.advertised_address": f"{HOST}:{http_port}",
        "server.https.enabled": "false",
        "server.memory.heap.initial_size": f"{min(memory.heap_mb, 512)}m",
        "server.memory.heap.max_size": f"{memory.heap_mb}m",
        "server.memory.pagecache.size": f"{memory.page_cache_mb}m",
        "db.memory.transaction.max": f"{memory.transaction_mb}m",
        "db.transaction.timeout": TRANSACTION_TIMEOUT,
        "db.tx_log.rotation.retention_policy": "1 days 512M",
        "db.tx_log.preallocate": "false",  # 256 MB for each of the two databases otherwise
        # Databases are closed by then: five seconds of every stop.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
        "dbms.security.auth_enabled": "true",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",  # Neo4j Browser would send what is clicked
    }
    head = "# Written by cisgraph at each start: changes made here are lost.\n"
    text = head + "".join(f"{name}={value}\n" for name, value in settings.items())
    home.config.write_text(text)


def read_config(home: Home) -> tuple[int, int, Memory] | None:
    """Bolt port, HTTP port and memory that `write_config` wrote; None without a whole configuration."""
    text = home.config.read_text() if home.config.is_file() else ""
    names = ("bolt.listen_address", "http.listen_address", "memory.heap.max_size", "memory.pagecache.size")
    found = [re.search(rf"^server\.{re.escape(name)}=(?:.*:)?(\d+)m?$", text, re.MULTILINE) for name in names]
    numbers = [int(match.group(1)) for match in found if match]
    if len(numbers) < len(names):
        return None
    bolt_port, http_port, heap_mb, page_cache_mb = numbers
    return bolt_port, http_port, Memory(heap_mb, page_cache_mb)
