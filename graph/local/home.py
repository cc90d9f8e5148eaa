"""What lies where in the folder of one local server."""

from dataclasses import dataclass
from pathlib import Path

from graph.errors import LocalServerError
from graph.local.artifacts import NEO4J_VERSION

DATABASE = "neo4j"


@dataclass(frozen=True)
class Home:
    """Folder of one local server: configuration, data, logs, password and state.

    Attributes
    ----------
    path
        Absolute path, without symbolic links.
    """

    path: Path

    @property
    def lock(self) -> Path:
        """Held by a command while it starts, stops, dumps or restores."""
        return self.path / "command.lock"

    @property
    def state(self) -> Path:
        """JSON: process, ports and memory of the last start."""
        return self.path / "server.json"

    @property
    def password(self) -> Path:
        """The generated password, readable by its owner only."""
        return self.path / "password"

    @property
    def version(self) -> Path:
        """Version of the Neo4j that wrote the data last."""
        return self.path / "neo4j-version"

    @property
    def conf(self) -> Path:
        """Folder of ``neo4j.conf``."""
        return self.path / "conf"

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.conf / "neo4j.conf"

    @property
    def data(self) -> Path:
        """Folder of the stores and transaction logs."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says, and what Java says when it dies."""
        return self.path / "logs" / "neo4j.log"

    @property
    def stores(self) -> tuple[Path, Path]:
        """Folders of the graph: its store and its transaction logs."""
        return self.data / "databases" / DATABASE, self.data / "transactions" / DATABASE

    @property
    def replaced(self) -> Path:
        """The former stores, while others take their place."""
        return self.path / "replaced"

    def make(self) -> None:
        """Make the folder and those that Neo4j expects, for the owner only."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("conf", "data", "logs", "import", "plugins", "run"):
            (self.path / name).mkdir(exist_ok=True)

    def write_version(self) -> None:
        """Note that this version of Neo4j has written the data."""
        self.version.write_text(f"{NEO4J_VERSION}\n")

    def check_version(self) -> None:
        """Refuse data of a newer Neo4j.

        Raises
        ------
        LocalServerError
            The data were written by a newer Neo4j than the one that cisgraph starts.
        """
        written = self.version.read_text().strip() if self.version.is_file() else NEO4J_VERSION
        if _order(written) > _order(NEO4J_VERSION):
            raise LocalServerError(
                f"the data in {self.path} were written by Neo4j {written}; this cisgraph runs "
                f"Neo4j {NEO4J_VERSION}, which cannot read them",
                hint="use the newer cisgraph, or set CISGRAPH_HOME to another folder",
            )

    def log_tail(self, num_lines: int = 25) -> str:
        """Last lines of the log; empty when there is none."""
        if not self.log.is_file():
            return ""
        with self.log.open("rb") as stream:
            stream.seek(max(0, self.log.stat().st_size - 65_536))
            lines = stream.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-num_lines:])


def open_home(path: Path) -> Home:
    """Home at a path that may be relative or start with ``~``; nothing is made."""
    return Home(path.expanduser().resolve())


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
