"""``neo4j-admin``, run on the jars of the local server."""

import os
import subprocess
from collections.abc import Sequence

from graph.errors import LocalServerError
from graph.local.home import Home
from graph.local.jars import default_cache, install_jars
from graph.local.java import find_java
from graph.progress import Progress, silent

ENTRY_POINT = "org.neo4j.cli.AdminTool"
_HEAP_MB = 512
_SHOWN_LINES = 15


def run_tool(
    home: Home,
    arguments: Sequence[str],
    *,
    what: str,
    progress: Progress = silent,
    heap_mb: int = _HEAP_MB,
) -> str:
    """Run one neo4j-admin command on a home and return what it said.

    Parameters
    ----------
    what
        What the command is for, as in "Neo4j could not ...".
    heap_mb
        Java heap in MB.

    Raises
    ------
    LocalServerError
        The command failed; with the end of what it said.
    """
    jars = install_jars(default_cache(), progress)
    java = [str(find_java().path), f"-Xmx{heap_mb}m", "-XX:+UseSerialGC"]
    command = [*java, "-cp", str(jars / "*"), ENTRY_POINT, *arguments]
    environment = {**os.environ, "NEO4J_HOME": str(home.path), "NEO4J_CONF": str(home.conf)}
    answer = subprocess.run(
        command,
        cwd=home.path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if answer.returncode != 0:
        said = "\n".join(answer.stdout.strip().splitlines()[-_SHOWN_LINES:])
        raise LocalServerError(f"Neo4j could not {what} (exit status {answer.returncode}):\n{said}")
    return answer.stdout
