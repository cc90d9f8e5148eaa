"""One thing that `cisgraph doctor` looked for."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "later", "missing"]


@dataclass(frozen=True)
class Finding:
    """Whether one thing is there, and how to get it.

    Attributes
    ----------
    state
        ``ok``; ``later`` when cisgraph fetches it itself or does without; ``missing`` when it is needed now.
    found
        What there is.
    remedy
        How to get it; empty when it is there.
    """

    name: str
    state: State
    found: str
    remedy: str = ""
