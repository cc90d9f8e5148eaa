"""Hashes of files, and of everything that decides what a load writes."""

import hashlib
import json
from pathlib import Path

from ingest.tables import require_file

LOADER_VERSION = "2"
"""Raised when the same files would be written differently; all sources are then loaded anew."""


def file_sha256(path: Path) -> str:
    """Return the hash of a file's bytes.

    Raises
    ------
    InputError
        If the file is missing or empty.
    """
    with require_file(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(*parts: object) -> str:
    """Return a hash over parts that JSON can hold, and the version of the loader."""
    text = json.dumps([LOADER_VERSION, *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
