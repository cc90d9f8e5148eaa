"""How people write genes: accessions with a version, symbols, retired names, typing errors.

Whatever somebody types ends up in a full-text query, so nothing here lets a character act as Lucene syntax.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from graph.errors import ConflictError, NotFoundError
from graph.store import Row

NUM_SUGGESTIONS = 5
MAX_WORDS = 8
"""Words of a name that take part in the search for the nearest ones."""

_VERSIONED = re.compile(r"(ENS[A-Z]*G\d+)\.\d+", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def stable_gene_id(name: str) -> str:
    """Return an Ensembl id without its version, any other name as it is.

    >>> stable_gene_id("ENSG00000102145.14")
    'ENSG00000102145'
    """
    versioned = _VERSIONED.fullmatch(name)
    return versioned[1].upper() if versioned else name


def lucene_phrase(name: str) -> str:
    r"""Return a full-text query that matches the words of a name in their order, and has no syntax.

    >>> lucene_phrase('PU.1 "x')
    '"PU.1 \\"x"'
    """
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def lucene_fuzzy(name: str) -> str:
    """Return a full-text query for names within two edits of any word; empty if there is no word.

    Words are lower case, so that none of them is an operator.

    >>> lucene_fuzzy("GATA11 OR x:*")
    'gata11~2 or~2 x~2'
    """
    return " ".join(f"{word}~2" for word in _WORD.findall(name.lower())[:MAX_WORDS])


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """Return the known names that look most like a name, best first, five at most."""
    asked = name.upper()
    ranked = sorted(known, key=lambda other: -SequenceMatcher(None, asked, other.upper()).ratio())
    return ranked[:NUM_SUGGESTIONS]


def only_gene(name: str, found: Sequence[Row]) -> Row | None:
    """Return the one gene that a name means, None if it means none.

    Raises
    ------
    ConflictError
        If several genes have this name; its `candidates` are their ids.
    """
    by_id = {row["gene_id"]: row for row in found}
    if len(by_id) > 1:
        told = "; ".join(f"{row['gene_id']} ({row['symbol']}, {row['species']})" for row in by_id.values())
        raise ConflictError(
            f"{name!r} is a name of {len(by_id)} genes: {told}",
            hint="ask with one of their ids",
            candidates=sorted(by_id),
        )
    return next(iter(by_id.values()), None)


def unknown_gene(name: str, known: Sequence[str]) -> NotFoundError:
    """Return the error for a name that no gene has."""
    return NotFoundError(f"no gene {name!r} in the graph", suggestions=nearest(name, known))
