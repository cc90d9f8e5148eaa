"""API keys: made once, kept as hashes, told apart by name."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from graph.errors import InputError

PREFIX = "cg_"
BYTES = 32
"""Random bytes of a key: too many to be guessed, so a fast hash is enough (no dictionary holds them)."""

_HASH_LENGTH = 64


def new_key(name: str) -> tuple[str, str]:
    """Return a new key, which is shown once, and the line of the key file that knows it.

    Raises
    ------
    InputError
        If the name is empty or has blanks.
    """
    if not name or name.split() != [name]:
        raise InputError(f"expected a name without blanks for a key, found {name!r}")
    key = PREFIX + secrets.token_urlsafe(BYTES)
    return key, f"{name} {_hashed(key)}"


class KeyRing:
    """Who may ask: names by the hash of their keys.

    Parameters
    ----------
    names
        Name by SHA-256 (hex) of the key.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)

    def __len__(self) -> int:
        return len(self._names)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the keys of a file with a line `name hash` each; `#` begins a comment.

        Raises
        ------
        InputError
            If the file cannot be read, or a line is none of ours.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise InputError(f"the file of API keys cannot be read: {error}") from error
        told = [(number, line.split()) for number, line in enumerate(lines, 1) if _is_told(line)]
        faults = [f"line {number}" for number, parts in told if not _is_entry(parts)]
        if faults:
            raise InputError(f"{path.name}: expected `name hash` in each line", faults=faults)
        return cls({parts[1]: parts[0] for _, parts in told})

    def owner(self, key: str) -> str | None:
        """Return whose key this is; takes as long for a wrong one."""
        asked = _hashed(key)
        found = None
        for known, name in self._names.items():
            if hmac.compare_digest(known, asked):
                found = name
        return found


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _is_told(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _is_entry(parts: list[str]) -> bool:
    return len(parts) == 2 and len(parts[1]) == _HASH_LENGTH and not set(parts[1]) - set("0123456789abcdef")
