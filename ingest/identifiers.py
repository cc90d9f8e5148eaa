"""Ids that users give: they name files and folders, and end the claims of a source on a regulator."""

import re

from graph.errors import InputError

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def require_identifier(given: str, *, of: str) -> None:
    """Refuse an id that cannot name a file.

    Raises
    ------
    InputError
        If it has other than letters, digits, _ . - or more than 64 of them, or begins with a mark.
    """
    if not _IDENTIFIER.fullmatch(given):
        raise InputError(
            f"the id of a {of} names its folder or file: expected letters, digits, _ . - "
            f"and at most 64 of them, found {given!r}",
            hint="such as pbmc_2026",
        )
