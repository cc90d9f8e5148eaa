"""Where the database of one API process is, and what its clients may do."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ApiSettings(BaseSettings):
    """Settings of the API, from `NEO4J_URI`, `NEO4J_USER`, `NEO4J_PASSWORD` and `NEO4J_DATABASE`.

    Parameters
    ----------
    query_timeout_s
        After this many seconds a question is given up (`CISGRAPH_QUERY_TIMEOUT_S`).
    keys_file, require_key
        Hashes of API keys (`CISGRAPH_KEYS_FILE`), and whether everybody needs one (`CISGRAPH_REQUIRE_KEY`).
    rate, burst
        Requests a second of one key or address, and how many at once; 0 for no limit.
    timeout_s, upload_timeout_s
        Until an answer begins.
    max_body, max_upload
        Bytes of a request.
    uploads_dir, upload_hours
        Where uploaded networks lie, and for how long (and the reports on them); a temporary folder without.
    cypher
        Whether analysts may send Cypher (`CISGRAPH_CYPHER`), which also takes a key.
    cypher_uri, cypher_user, cypher_password
        A server (a copy) for statements of analysts, so that they cannot disturb the one of the API; the
        API's own without.
    cypher_timeout_s
        After which a statement of theirs is given up; below `timeout_s`, so that they are told.
    """

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    neo4j_uri: str
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr
    neo4j_database: str = "neo4j"
    query_timeout_s: float = Field(default=10.0, gt=0, validation_alias="CISGRAPH_QUERY_TIMEOUT_S")
    keys_file: Path | None = Field(default=None, validation_alias="CISGRAPH_KEYS_FILE")
    require_key: bool = Field(default=False, validation_alias="CISGRAPH_REQUIRE_KEY")
    rate: float = Field(default=100.0, ge=0, validation_alias="CISGRAPH_RATE")
    burst: float = Field(default=500.0, ge=1, validation_alias="CISGRAPH_BURST")
    timeout_s: float = Field(default=30.0, gt=0, validation_alias="CISGRAPH_REQUEST_TIMEOUT_S")
    upload_timeout_s: float = Field(default=300.0, gt=0, validation_alias="CISGRAPH_UPLOAD_TIMEOUT_S")
    max_body: int = Field(default=1_000_000, gt=0, validation_alias="CISGRAPH_MAX_BODY")
    max_upload: int = Field(default=50_000_000, gt=0, validation_alias="CISGRAPH_MAX_UPLOAD")
    uploads_dir: Path | None = Field(default=None, validation_alias="CISGRAPH_UPLOADS_DIR")
    upload_hours: float = Field(default=24.0, gt=0, validation_alias="CISGRAPH_UPLOAD_HOURS")
    cypher: bool = Field(default=False, validation_alias="CISGRAPH_CYPHER")
    cypher_uri: str | None = Field(default=None, validation_alias="CISGRAPH_CYPHER_URI")
    cypher_user: str | None = Field(default=None, validation_alias="CISGRAPH_CYPHER_USER")
    cypher_password: SecretStr | None = Field(default=None, validation_alias="CISGRAPH_CYPHER_PASSWORD")
    cypher_timeout_s: float = Field(default=15.0, gt=0, validation_alias="CISGRAPH_CYPHER_TIMEOUT_S")

    def cypher_environment(self) -> dict[str, str]:
        """Return what the process that runs analysts' statements is told about its database."""
        own = {
            "NEO4J_URI": self.cypher_uri,
            "NEO4J_USER": self.cypher_user,
            "NEO4J_PASSWORD": self.cypher_password and self.cypher_password.get_secret_value(),
        }
        return {**self.environment(), **{name: value for name, value in own.items() if value}}

    def environment(self) -> dict[str, str]:
        """Return what a process of ours is told about the database: it reads the same settings."""
        return {
            "NEO4J_URI": self.neo4j_uri,
            "NEO4J_USER": self.neo4j_user,
            "NEO4J_PASSWORD": self.neo4j_password.get_secret_value(),
            "NEO4J_DATABASE": self.neo4j_database,
        }
