"""What an analyst's statement may not hold: the first of the layers before it is run.

It reads words, not grammar, and refuses too much rather than too little: the layers behind it (`EXPLAIN`, a
READ transaction that is always rolled back, limits of time and memory) do not trust it.
"""

import re
from dataclasses import dataclass

from graph.errors import InputError

MAX_CHARACTERS = 10_000
MAX_DEPTH = 40
"""Brackets within brackets: a parser's stack is the server's."""

FORBIDDEN = frozenset(
    {
        "ALTER", "ASSERT", "COMMIT", "CREATE", "CSV", "CYPHER", "DEALLOCATE", "DELETE", "DENY", "DETACH",
        "DROP", "DRYRUN", "ENABLE", "EXPLAIN", "FOREACH", "GRANT", "IMPERSONATE", "INSERT", "LOAD", "MERGE",
        "PERIODIC", "PROFILE", "REALLOCATE", "REMOVE", "RENAME", "REVOKE", "SET", "SHOW", "TERMINATE",
        "TRANSACTION", "TRANSACTIONS", "USE",
    }
)  # fmt: skip
"""Words that a read does not need; a name that is one of them cannot be asked for, except behind a dot."""

GROWING = frozenset({"REDUCE", "REPLACE"})
"""Functions with which a value grows beyond what the server counts: its limit of memory does not see it."""

MAX_PLUS = 8
"""`x + x` doubles a text or a list each time."""

MAX_RANGE = 100_000
MAX_COMPREHENSIONS = 1
"""Lists made of lists: one within another multiplies."""

PROCEDURES = frozenset(
    {
        "db.labels",
        "db.relationshiptypes",
        "db.propertykeys",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
        "db.schema.visualization",
        "db.index.fulltext.querynodes",
    }
)
"""Procedures that read the graph and nothing else, in lower case."""

NAMESPACES = ("apoc.", "dbms.", "db.", "genai.", "gds.", "graph.", "tx.")
"""Functions of these are those of procedures, or change which graph is read."""

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n\r]*|/\*.*?\*/)
    |(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<quoted>`[^`]*`)
    |(?P<word>\$?[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>\d[\w.]*)
    |(?P<space>\s+)
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_MARKS = frozenset("(){}[]<>=+-*/%^|&!.,:;~?$")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def check_read_only(statement: str) -> str:
    """Return a statement without its last semicolon if nothing in it looks like more than a read.

    Raises
    ------
    InputError
        If it is too long, hides something, or holds a word, procedure or mark that a read does not need.

    Examples
    --------
    >>> check_read_only("MATCH (g:Gene) RETURN g.symbol LIMIT 3;")
    'MATCH (g:Gene) RETURN g.symbol LIMIT 3'
    """
    _check_text(statement)
    tokens = [
        _Token(kind, found.group())
        for found in _TOKEN.finditer(statement)
        if (kind := str(found.lastgroup)) not in {"comment", "space"}
    ]
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    _check_marks(tokens)
    _check_words(tokens)
    _check_calls(tokens)
    _check_growth(tokens)
    return statement.rstrip().rstrip(";").rstrip()


def _check_text(statement: str) -> None:
    if len(statement) > MAX_CHARACTERS:
        raise _refused(f"it is longer than {MAX_CHARACTERS:,} characters")
    if re.search(r"\\+[uU]", statement):
        raise _refused("it has a Unicode escape, which is read before all else")
    hidden = [each for each in statement if not (each.isprintable() or each in "\n\r\t")]
    if hidden:
        raise _refused(f"it has a character that is not seen: U+{ord(hidden[0]):04X}")


def _check_marks(tokens: list[_Token]) -> None:
    depth = 0
    for token in tokens:
        if token.kind == "mark" and token.text not in _MARKS:
            raise _refused(f"{token.text!r} stands outside a text, or a text does not end")
        if token.kind == "mark" and token.text == ";":
            raise _refused("it holds more than one statement")
        depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "mark" else 0
        if depth > MAX_DEPTH:
            raise _refused(f"its brackets are more than {MAX_DEPTH} deep")


def _check_words(tokens: list[_Token]) -> None:
    words = [token.text.upper() for token in tokens if token.kind == "word"]
    if "RETURN" not in words and "YIELD" not in words:
        raise _refused("it returns nothing")
    for index, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() in FORBIDDEN and not _is_property(tokens, index):
            raise _refused(f"it holds {token.text.upper()}")


def _is_property(tokens: list[_Token], index: int) -> bool:
    """Whether a word is a property, as `start` in `p.start`."""
    return (
        index >= 2 and tokens[index - 1].text == "." and tokens[index - 2].kind in {"word", "quoted"}
    )  # `1.` and `..` are numbers and ranges


def _check_calls(tokens: list[_Token]) -> None:
    for index, token in enumerate(tokens):
        if token.kind != "word":
            continue
        name = _dotted(tokens, index)
        if token.text.upper() == "CALL":
            called = _dotted(tokens, index + 1)
            is_subquery = index + 1 < len(tokens) and tokens[index + 1].text in {"{", "("}
            if not is_subquery and called not in PROCEDURES:
                raise _refused(f"it calls {called or 'something'}, which is none of {', '.join(PROCEDURES)}")
        elif name.startswith(NAMESPACES) and not _is_called(tokens, index) and _opens(tokens, index):
            raise _refused(f"it asks {name}()")


def _check_growth(tokens: list[_Token]) -> None:
    """Refuse what makes large values of small ones; the server would fall over, not the statement."""
    if sum(token.text == "+" for token in tokens) > MAX_PLUS:
        raise _refused(f"it adds more than {MAX_PLUS} times")
    num_lists = 0
    for index, token in enumerate(tokens):
        word = token.text.upper()
        opens = index + 1 < len(tokens) and tokens[index + 1].text == "("
        if word in GROWING and opens:
            raise _refused(f"it asks {word}()")
        if word == "RANGE" and opens:
            _check_range(tokens, index + 2)
        is_list = token.text == "[" and [each.text.upper() for each in tokens[index + 2 : index + 3]] == [
            "IN"
        ]
        num_lists += is_list
    if num_lists > MAX_COMPREHENSIONS:
        raise _refused(f"it makes more than {MAX_COMPREHENSIONS} list of a list")


def _check_range(tokens: list[_Token], index: int) -> None:
    """Refuse a range that does not tell its length, or a long one."""
    told = [token.text for token in tokens[index : index + 4]]
    is_told = (
        len(told) == 4 and told[0].isdecimal() and told[1] == "," and told[2].isdecimal() and told[3] == ")"
    )
    if not is_told or int(told[2]) - int(told[0]) > MAX_RANGE:
        raise _refused(f"its range is not of two numbers at most {MAX_RANGE:,} apart")


def _dotted(tokens: list[_Token], index: int) -> str:
    """Return the name with dots that begins at a token, in lower case; quoted parts count as unknown."""
    parts: list[str] = []
    while index < len(tokens) and (tokens[index].kind == "word" or tokens[index].text == "."):
        if tokens[index].kind == "word" and parts and parts[-1] != ".":
            break
        parts.append(tokens[index].text.lower())
        index += 1
    ends_quoted = index < len(tokens) and tokens[index].kind == "quoted" and parts[-1:] == ["."]
    return "" if ends_quoted else "".join(parts)


def _is_called(tokens: list[_Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text.upper() == "CALL"


def _opens(tokens: list[_Token], index: int) -> bool:
    """Whether the dotted name that begins here is asked as a function."""
    while index < len(tokens) and (tokens[index].kind == "word" or tokens[index].text == "."):
        index += 1
    return index < len(tokens) and tokens[index].text == "("


def _refused(reason: str) -> InputError:
    return InputError(
        f"the statement is refused: {reason}",
        hint="send one statement that reads: MATCH, WHERE, WITH, UNWIND, RETURN; values as parameters",
    )
