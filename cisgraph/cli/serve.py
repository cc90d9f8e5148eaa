"""``cisgraph serve``: the API on this machine."""

from typing import Annotated

import typer
from pydantic import SecretStr

from api.serving import serve as run_service
from api.settings import ApiSettings
from cisgraph.cli.progress import shown_progress
from cisgraph.connection import connect_settings
from cisgraph.settings import load_settings
from graph.local import Connection


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at; loopback only unless told.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8000,
) -> None:
    """Serve the API and its documentation (/docs) until interrupted; starts the local Neo4j if need be."""
    with shown_progress() as progress:
        connection = connect_settings(load_settings(), progress)
    typer.echo(
        f"cisgraph serves http://{host}:{port}/v1, with its documentation at http://{host}:{port}/docs"
    )
    run_service(api_settings(connection), host=host, port=port)


def api_settings(connection: Connection) -> ApiSettings:
    """Return the API's settings for a database; what they do not tell comes from the environment."""
    return ApiSettings(
        neo4j_uri=connection.uri,
        neo4j_user=connection.user,
        neo4j_password=SecretStr(connection.password),
        neo4j_database=connection.database,
    )
