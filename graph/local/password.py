"""The password of the local Neo4j, kept in a file that only its owner can read."""

import os
import secrets

from graph.errors import LocalServerError
from graph.local.home import Home

USER = "neo4j"


def read_password(home: Home) -> str:
    """The password of this server.

    Raises
    ------
    LocalServerError
        The file is missing or empty.
    """
    text = home.password.read_text().strip() if home.password.is_file() else ""
    if not text:
        raise LocalServerError(
            f"the local Neo4j's password is expected in {home.password}: no such file, or it is empty",
            hint=f"put the file back from a copy, or move {home.path} away to begin with an empty database",
        )
    return text


def make_password(home: Home) -> str:
    """Write a new random password, mode 0600 from the first byte, and return it."""
    text = secrets.token_urlsafe(24)
    # A leading dash would look like an option to neo4j-admin.
    text = f"k{text}"
    home.password.unlink(missing_ok=True)
    descriptor = os.open(home.password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(f"{text}\n")
    return text
