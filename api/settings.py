"""Where the database of one API process is."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ApiSettings(BaseSettings):
    """Settings of the API, from `NEO4J_URI`, `NEO4J_USER`, `NEO4J_PASSWORD` and `NEO4J_DATABASE`.

    Parameters
    ----------
    query_timeout_s
        After this many seconds a question is given up (`CISGRAPH_QUERY_TIMEOUT_S`).
    """

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    neo4j_uri: str
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr
    neo4j_database: str = "neo4j"
    query_timeout_s: float = Field(default=10.0, gt=0, validation_alias="CISGRAPH_QUERY_TIMEOUT_S")
