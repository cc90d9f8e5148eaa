"""The jars of Neo4j, as pinned in ``neo4j-jars.txt``: which, how large, and with which hash.

The list was resolved once from `COORDINATES`, so that a start needs no dependency resolution (300 small
requests), takes the same files everywhere, and takes no file that was changed on its way.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from jgo.maven import Artifact, MavenContext
from jgo.parse import Coordinate

NEO4J_VERSION = "5.26.16"
BROWSER_VERSION = "5.24.0"
COORDINATES = (
    f"org.neo4j:neo4j:{NEO4J_VERSION}",
    f"org.neo4j.client:neo4j-browser:{BROWSER_VERSION}",
)
LIST_PATH = Path(__file__).with_name("neo4j-jars.txt")


@dataclass(frozen=True, order=True)
class Jar:
    """One jar of the class path.

    Attributes
    ----------
    coordinate
        ``group:artifact:version`` or ``group:artifact:version:classifier``.
    size
        Bytes.
    sha256
        Of the file, in hexadecimal.
    """

    coordinate: str
    size: int
    sha256: str

    @property
    def filename(self) -> str:
        """Name of the file, unique in the list."""
        return "-".join(self.coordinate.split(":")[1:]) + ".jar"

    def artifact(self, context: MavenContext) -> Artifact:
        """The artifact that jgo downloads."""
        return context.create_dependency(self.coordinate).artifact


def read_jars(path: Path = LIST_PATH) -> tuple[Jar, ...]:
    """All jars in the list, in its order."""
    rows = (line.split() for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return tuple(Jar(coordinate, int(size), sha256) for coordinate, size, sha256 in rows)


def resolve_jars(repository: Path, *, coordinates: Iterable[str] = COORDINATES) -> tuple[Jar, ...]:
    """Resolve the coordinates with jgo and hash what they need: how the list is renewed.

    Parameters
    ----------
    repository
        Folder for the downloads (150 MB).
    """
    context = MavenContext(repo_cache=repository, timeout=60)
    parsed = [replace(Coordinate.parse(coordinate), scope="compile") for coordinate in coordinates]
    wanted = [context.create_dependency(coordinate) for coordinate in parsed]
    inputs, transitive = context.resolver.resolve(wanted)
    needed = [*inputs, *(each for each in transitive if each.scope in {"compile", "runtime"})]
    return tuple(sorted({_describe(each.artifact) for each in needed}))


def write_jars(jars: Iterable[Jar], path: Path = LIST_PATH) -> None:
    """Write the list that `read_jars` reads."""
    head = f"# {' + '.join(COORDINATES)}\n# coordinate, bytes, sha256\n"
    path.write_text(head + "".join(f"{jar.coordinate} {jar.size} {jar.sha256}\n" for jar in jars))


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _describe(artifact: Artifact) -> Jar:
    path = Path(artifact.resolve())
    parts = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier]
    return Jar(":".join(part for part in parts if part), path.stat().st_size, hash_file(path))
