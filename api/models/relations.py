"""Disagreeing sources, shared regulators, and two networks side by side."""

from pydantic import BaseModel

from api.models.edges import NOTICE, AnsweringRun
from api.models.regions import RunContext
from graph.schema import LicenceClass, Sign


class SignConflict(BaseModel):
    """A pair of which some sources say activation and some repression; a source may say both."""

    source: str
    source_symbol: str | None
    target: str
    target_symbol: str | None
    activating: list[str]
    repressing: list[str]


class ConflictAnswer(BaseModel):
    """Pairs on whose sign sources disagree, by the end that was not asked for."""

    conflicts: list[SignConflict]
    has_more: bool
    next_cursor: str | None


class SharedRegulator(BaseModel):
    """A regulator of several genes of a list; scores are those of the best context of each pair.

    `num_targets`: all its targets there: a regulator of everything shares everything.
    """

    regulator: str
    symbol: str | None
    num_shared: int
    mean_score: float
    targets: list[str]
    target_symbols: list[str]
    num_targets: int


class SharedAnswer(BaseModel):
    """Who regulates several genes of a list, those of most genes first."""

    run: AnsweringRun
    contexts: list[RunContext]
    regulators: list[SharedRegulator]
    has_more: bool
    licence_class: LicenceClass
    notice: str = NOTICE


class Overlap(BaseModel):
    """What two networks predict, in numbers of edges."""

    num_a: int
    num_b: int
    num_common: int
    num_same_sign: int
    num_opposite_sign: int
    jaccard: float | None


class SharedContext(Overlap):
    """What two runs predict in the context of one name."""

    context: str


class OnlyEdge(BaseModel):
    """An edge that one of two networks has among its best and the other has not."""

    context: str
    source: str
    source_symbol: str | None
    target: str
    target_symbol: str | None
    score: float
    sign: Sign


class ChangedEdge(BaseModel):
    """An edge that both have, with the score and sign that each gives it."""

    context: str
    source: str
    source_symbol: str | None
    target: str
    target_symbol: str | None
    score_a: float
    score_b: float
    sign_a: Sign
    sign_b: Sign


class Differences(BaseModel):
    """The best 50 edges that the other lacks, and the 50 common ones whose scores differ most."""

    only_a: list[OnlyEdge]
    only_b: list[OnlyEdge]
    changed: list[ChangedEdge]
    licence_class: LicenceClass
    notice: str = NOTICE


class Comparison(Differences):
    """Two runs side by side."""

    a: str
    b: str
    contexts: list[SharedContext]


class ContextDifference(Overlap, Differences):
    """Two contexts of one run side by side."""

    a: RunContext
    b: RunContext
    run: AnsweringRun
