"""Hashes of what a user gives: a file, or a folder with all that is in it."""

import hashlib
from pathlib import Path

from graph.errors import InputError
from ingest.hashing import file_sha256


def path_sha256(path: Path) -> str:
    """Return the hash of a file's bytes, or of the names and bytes of all files in a folder.

    Raises
    ------
    InputError
        If it is missing or empty.
    """
    if not path.is_dir():
        return file_sha256(path)
    files = sorted(each for each in path.rglob("*") if each.is_file())
    if not files:
        raise InputError(f"{path}: an empty folder", hint="download or copy it again")
    whole = hashlib.sha256()
    for each in files:
        whole.update(f"{each.relative_to(path).as_posix()}\0".encode())
        with each.open("rb") as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()
