"""Statements about the server itself."""

from typing import Final, LiteralString

SERVER_VERSION: Final[LiteralString] = """
CALL dbms.components() YIELD name, versions
RETURN name, versions[0] AS version
ORDER BY name
LIMIT 1
"""
"""Read: one row with the name and version of the server."""
