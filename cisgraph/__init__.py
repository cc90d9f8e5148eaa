"""Gene regulation on Neo4j. In a notebook: ``import cisgraph as cg; db = cg.connect()``."""

from cisgraph.notebook.connecting import connect
from graph.errors import (
    CisgraphError,
    ConflictError,
    DatabaseAwayError,
    DatabaseError,
    InputError,
    NotFoundError,
)

__all__ = [
    "CisgraphError",
    "ConflictError",
    "DatabaseAwayError",
    "DatabaseError",
    "InputError",
    "NotFoundError",
    "connect",
]
