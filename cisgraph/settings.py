"""Where the database is and where cisgraph keeps its files: from the environment and a ``.env`` file."""

from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import InputError

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


class Settings(BaseSettings):
    """Settings of one command: ``NEO4J_*`` and ``CISGRAPH_HOME``; an empty variable counts as unset.

    Attributes
    ----------
    neo4j_uri
        A server to use; None starts a local one when it is needed.
    neo4j_password
        Needed with `neo4j_uri` only: the local server has a password of its own.
    cisgraph_home
        Folder of the local server and of what runs leave behind; absolute.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    neo4j_uri: str | None = None
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_database: str = "neo4j"
    cisgraph_home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("cisgraph")))

    @field_validator("neo4j_uri")
    @classmethod
    def _known_scheme(cls, uri: str | None) -> str | None:
        if uri is not None and urlsplit(uri).scheme not in _SCHEMES:
            raise ValueError(f"expected an address such as neo4j://host:7687, found {uri!r}")
        return uri

    @field_validator("cisgraph_home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @property
    def neo4j_home(self) -> Path:
        """Folder of the local Neo4j."""
        return self.cisgraph_home / "neo4j"

    @property
    def runs_dir(self) -> Path:
        """Folder of checkpoints, score matrices and reports: one folder a run."""
        return self.cisgraph_home / "runs"

    @property
    def reads_dir(self) -> Path:
        """Folder of what was read of the graph; it may be deleted at any time."""
        return self.cisgraph_home / "reads"


def load_settings() -> Settings:
    """Settings of this process.

    Raises
    ------
    InputError
        A variable has a value that means nothing; all of them are listed.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors()]
        raise InputError(
            "settings in the environment or .env are not valid",
            faults=faults,
            hint="correct or unset them",
        ) from error
