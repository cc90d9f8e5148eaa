"""Two runs side by side, regulator by regulator: neither network is held."""

import heapq
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.errors import ConflictError
from graph.exports import Columns, NetworkExport, export_of
from graph.questions import EdgeQuestion
from graph.reader import GraphReader
from graph.store import Row

MAX_DIFFERENCES = 50

TOLD = ("context", "source", "source_symbol", "target", "target_symbol", "score", "sign")

Edges = Mapping[tuple[str, str], Row]
"""Edges of one regulator by target and the name of the context."""


@dataclass
class _Counts:
    num_a: int = 0
    num_b: int = 0
    num_common: int = 0
    num_same_sign: int = 0
    num_opposite_sign: int = 0


@dataclass
class _Best:
    """The best edges that only one run has; ties by regulator, target and context."""

    rows: list[tuple[float, tuple[str, ...], Row]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        key = (row["source"], row["target"], row["context"])
        self.rows.append((-row["score"], key, row))
        if len(self.rows) > 2 * MAX_DIFFERENCES:
            self.rows = heapq.nsmallest(MAX_DIFFERENCES, self.rows)

    def told(self) -> list[Row]:
        return [row for _, _, row in heapq.nsmallest(MAX_DIFFERENCES, self.rows)]


async def compare(reader: GraphReader, first: str, second: str, *, context: str | None) -> Row:
    """Return what two runs share, by the name of the context, and the best edges that one of them lacks.

    Raises
    ------
    NotFoundError
        If one of the runs is not complete, or lacks the context.
    ConflictError
        If one of them predicted no edges, or they have no context of the same name.
    """
    a, b = [await export_of(reader, EdgeQuestion("", context=context, run_id=run)) for run in (first, second)]
    names_a, names_b = ({each["name"] for each in export.scope.contexts} for export in (a, b))
    if not names_a & names_b:
        raise ConflictError(
            f"runs {first} and {second} share no context",
            hint="`/v1/contexts` lists them; contexts are compared by their name",
        )
    counts: dict[str, _Counts] = defaultdict(_Counts)
    only_a, only_b = _Best(), _Best()
    async for edges_a, edges_b in _side_by_side(a, b):
        for key in edges_a.keys() | edges_b.keys():
            if key[1] in names_a & names_b:
                _count(counts[key[1]], edges_a.get(key), edges_b.get(key))
                _keep(only_a, only_b, edges_a.get(key), edges_b.get(key))
    contexts = [{"context": name, **vars(counts[name])} for name in sorted(counts)]
    return {
        "contexts": contexts,
        "only_a": only_a.told(),
        "only_b": only_b.told(),
        "licence_classes": [a.scope.run["licence_class"], b.scope.run["licence_class"]],
    }


def _count(counts: _Counts, a: Row | None, b: Row | None) -> None:
    counts.num_a += a is not None
    counts.num_b += b is not None
    if a is not None and b is not None:
        counts.num_common += 1
        counts.num_same_sign += a["sign"] * b["sign"] == 1
        counts.num_opposite_sign += a["sign"] * b["sign"] == -1


def _keep(only_a: _Best, only_b: _Best, a: Row | None, b: Row | None) -> None:
    if b is None and a is not None:
        only_a.add(a)
    if a is None and b is not None:
        only_b.add(b)


async def _side_by_side(a: NetworkExport, b: NetworkExport) -> AsyncIterator[tuple[Edges, Edges]]:
    """Yield the edges of each regulator in both runs; both come in the order of the regulators."""
    left, right = _by_regulator(a), _by_regulator(b)
    one, other = await anext(left, None), await anext(right, None)
    while one is not None or other is not None:
        source = min(each[0] for each in (one, other) if each is not None)
        mine: Edges = {}
        theirs: Edges = {}
        if one is not None and one[0] == source:
            mine, one = one[1], await anext(left, None)
        if other is not None and other[0] == source:
            theirs, other = other[1], await anext(right, None)
        yield mine, theirs


async def _by_regulator(export: NetworkExport) -> AsyncIterator[tuple[str, Edges]]:
    source = ""
    edges: dict[tuple[str, str], Row] = {}
    async for part in export.parts():
        if part["source"][0] != source and edges:
            yield source, edges
            edges = {}
        source = part["source"][0]
        edges.update(_edges(part))
    if edges:
        yield source, edges


def _edges(part: Columns) -> dict[tuple[str, str], Row]:
    columns: list[list[Any]] = [part[name] for name in TOLD]
    rows = (dict(zip(TOLD, values, strict=True)) for values in zip(*columns, strict=True))
    return {(row["target"], row["context"]): row for row in rows}
