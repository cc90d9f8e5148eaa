"""A real Neo4j of one's own: installed, started, stopped, dumped and restored without Docker."""

from graph.local.connection import Connection
from graph.local.server import LocalServer
from graph.local.status import ServerStatus
from graph.progress import Progress

__all__ = ["Connection", "LocalServer", "Progress", "ServerStatus"]
