"""Where a page ended, as opaque text that a client hands back."""

import base64
import binascii
import hashlib
import json

from pydantic import BaseModel, StrictStr, ValidationError

from graph.errors import InputError
from graph.questions import EdgeQuestion, Position

_DIGEST_LENGTH = 12


class _Token(BaseModel):
    """What the text holds; `question` is the digest of the filters, which may not change between pages."""

    values: tuple[float | StrictStr, ...]
    run_id: str
    question: str


def encode(position: Position, question: EdgeQuestion, *, rows: str) -> str:
    """Return the cursor of the page after `position`; `rows` is what was asked for, such as targets."""
    token = _Token(values=position.values, run_id=position.run_id, question=_digest(question, rows))
    return base64.urlsafe_b64encode(token.model_dump_json().encode()).decode().rstrip("=")


def decode(text: str, question: EdgeQuestion, *, rows: str) -> Position:
    """Return where the next page begins.

    Raises
    ------
    InputError
        If the text is no cursor, or that of another question.
    """
    token = _token(text)
    if token.question != _digest(question, rows):
        raise InputError(
            "cursor: it belongs to another question",
            hint="keep all filters as they were, or leave the cursor out; only `limit` may change",
        )
    return Position(values=token.values, run_id=token.run_id)


def _token(text: str) -> _Token:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return _Token.model_validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeEncodeError, ValidationError) as error:
        raise InputError(
            "cursor: expected the `next_cursor` of an answer, found other text",
            hint="leave it out to begin at the first page",
        ) from error


def _digest(question: EdgeQuestion, rows: str) -> str:
    asked = [
        rows,
        question.gene,
        question.context,
        question.run_id,
        question.dataset_id,
        question.min_score,
        question.lag_sign,
        question.novel,
        question.source_id,
        question.licence,
        question.bound_in,
        question.min_chromatin_lag,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:_DIGEST_LENGTH]
