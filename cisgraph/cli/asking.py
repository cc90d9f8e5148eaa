"""Questions of commands to the graph of the settings, and answers as JSON."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer
from pydantic import BaseModel

from cisgraph.cli.progress import shown_progress
from cisgraph.connection import connect_settings
from cisgraph.settings import load_settings
from graph.local import Connection
from graph.reader import GraphReader

T = TypeVar("T")


def connected() -> Connection:
    """Return how to reach the server of the settings; the local one is started and left running."""
    with shown_progress() as progress:
        return connect_settings(load_settings(), progress)


def ask(asked: Callable[[GraphReader], Awaitable[T]]) -> T:
    """Return what a reader of the graph of the settings finds."""
    return asyncio.run(_read(connected(), asked))


async def _read(connection: Connection, asked: Callable[[GraphReader], Awaitable[T]]) -> T:
    async with GraphReader.connect(
        connection.uri,
        user=connection.user,
        password=connection.password,
        database=connection.database,
    ) as reader:
        return await asked(reader)


def print_json(answer: BaseModel) -> None:
    """Print what the API answers."""
    typer.echo(answer.model_dump_json(indent=2))
