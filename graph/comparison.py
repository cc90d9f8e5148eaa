"""Two networks side by side, regulator by regulator: neither of them is held."""

import heapq
from collections.abc import Collection, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.cypher import comparison as statements
from graph.cypher import exports
from graph.errors import ConflictError, InputError
from graph.pages import require_regulator
from graph.questions import EdgeQuestion, Scope
from graph.reader import GraphReader
from graph.store import Row

MAX_DIFFERENCES = 50
ROWS_AHEAD = 20
TIMEOUT_S = 600.0

Indices = npt.NDArray[np.int64]
Places = Mapping[str, tuple[str, str]]
"""By what a context is called: run and context."""


@dataclass(frozen=True)
class Group:
    """The edges of one regulator in one context; all arrays have one length.

    Parameters
    ----------
    targets
        Ids of genes, as text.
    signs
        -1, 0 or 1.
    """

    targets: npt.NDArray[Any]  # of text
    scores: npt.NDArray[np.float64]
    signs: npt.NDArray[np.int64]


NOBODY = Group(np.empty(0, dtype="U1"), np.empty(0), np.empty(0, dtype=np.int64))


@dataclass
class Counts:
    """Numbers of edges of two networks in one context."""

    num_a: int = 0
    num_b: int = 0
    num_common: int = 0
    num_same_sign: int = 0
    num_opposite_sign: int = 0


@dataclass
class _Best:
    """The edges with the greatest value; ties by regulator, target and context."""

    rows: list[tuple[float, tuple[str, str, str], Row]] = field(default_factory=list)

    def add(self, values: npt.NDArray[np.float64], rows: Iterator[Row]) -> None:
        for value, row in zip(values, rows, strict=True):
            self.rows.append((-float(value), (row["source"], row["target"], row["context"]), row))
        if len(self.rows) > 20 * MAX_DIFFERENCES:
            self.rows = heapq.nsmallest(MAX_DIFFERENCES, self.rows)

    def told(self) -> list[Row]:
        return [row for _, _, row in heapq.nsmallest(MAX_DIFFERENCES, self.rows)]


@dataclass
class Differences:
    """What two networks share by context, what only one has, and where their scores differ most."""

    counts: dict[str, Counts] = field(default_factory=dict)
    only_a: _Best = field(default_factory=_Best)
    only_b: _Best = field(default_factory=_Best)
    changed: _Best = field(default_factory=_Best)

    def add(self, source: str, context: str, a: Group, b: Group) -> None:
        """Take in the edges of one regulator in one context."""
        _, in_a, in_b = np.intersect1d(a.targets, b.targets, assume_unique=True, return_indices=True)
        signs = a.signs[in_a] * b.signs[in_b]
        counts = self.counts.setdefault(context, Counts())
        told = (len(a.targets), len(b.targets), len(in_a), int((signs == 1).sum()), int((signs == -1).sum()))
        for each, number in zip(fields(Counts), told, strict=True):
            setattr(counts, each.name, getattr(counts, each.name) + number)
        for best, group, shared in ((self.only_a, a, in_a), (self.only_b, b, in_b)):
            alone = _greatest(group.scores, np.setdiff1d(np.arange(len(group.scores)), shared))
            best.add(group.scores[alone], _edges(source, context, group, alone))
        differences = a.scores[in_a] - b.scores[in_b]
        most = _greatest(np.abs(differences), np.flatnonzero(differences))
        self.changed.add(
            np.abs(differences[most]), _changes(source, context, (a, in_a[most]), (b, in_b[most]))
        )


async def compare_runs(reader: GraphReader, first: str, second: str, *, context: str | None) -> Row:
    """Return what two runs share, by the name of the context, and where they differ.

    Parameters
    ----------
    first, second
        Ids of runs, or of data sets whose default runs are meant.

    Raises
    ------
    NotFoundError
        If one of the runs is not complete, or lacks the context.
    ConflictError
        If one of them predicted no edges, or they have no context of the same name.
    """
    datasets = {row["dataset_id"] for row in await reader.datasets()}
    a, b = [await reader.scope(_of_run(name, datasets, context)) for name in (first, second)]
    places_a, places_b = (_places(scope) for scope in (a, b))
    shared = sorted(places_a.keys() & places_b.keys())
    if not shared:
        raise ConflictError(
            f"runs {first} and {second} share no context",
            hint="`/v1/contexts` lists them; contexts are compared by their name",
        )
    found = await _differences(
        reader,
        {name: places_a[name] for name in shared},
        {name: places_b[name] for name in shared},
        gene_ids=await _all_regulators(reader),
    )
    classes = [a.run["licence_class"], b.run["licence_class"]]
    runs = {"a": a.run["run_id"], "b": b.run["run_id"]}
    return {**await _told(reader, found), **runs, "licence_classes": classes}


def _places(scope: Scope) -> Places:
    run_id = scope.run["run_id"]
    return {each["name"]: (run_id, each["context_id"]) for each in scope.contexts}


def _of_run(name: str, datasets: Collection[str], context: str | None) -> EdgeQuestion:
    if name in datasets:
        return EdgeQuestion("", context=context, dataset_id=name)
    return EdgeQuestion("", context=context, run_id=name)


async def compare_contexts(reader: GraphReader, question: EdgeQuestion, other: str) -> Row:
    """Return what a run predicts in two contexts, and where they differ.

    Parameters
    ----------
    question
        `context` is the first one; `gene` a regulator, or empty for all of them.
    other
        Name or id of the second context, of the same data set.

    Raises
    ------
    NotFoundError
        If a regulator, run or context is not in the graph.
    ConflictError
        If several data sets could answer.
    InputError
        If the two are one context.
    """
    scope = await reader.scope(question)
    second = await reader.scope(replace(question, context=other, run_id=scope.run["run_id"], dataset_id=None))
    (a,), (b,) = scope.contexts, second.contexts
    if a == b:
        raise InputError(f"expected two contexts, found {a['name']} twice")
    gene_ids = await _all_regulators(reader)
    if question.gene:
        regulator = await reader.gene(question.gene)
        require_regulator(regulator)
        gene_ids = [regulator["gene_id"]]
    label = f"{a['name']} | {b['name']}"
    run_id = scope.run["run_id"]
    places = ({label: (run_id, each["context_id"])} for each in (a, b))
    found = await _differences(reader, *places, gene_ids=gene_ids)
    told = await _told(reader, found)
    for name, context in (("only_a", a), ("only_b", b)):
        told[name] = [{**row, "context": context["name"]} for row in told[name]]
    return {**told, "run": scope.run, "a": a, "b": b}


async def _differences(reader: GraphReader, a: Places, b: Places, *, gene_ids: list[str]) -> Differences:
    found = Differences({label: Counts() for label in a})
    places = {*a.values(), *b.values()}
    rows = reader.stream(
        statements.GROUPS,
        rows_ahead=ROWS_AHEAD,
        timeout_s=TIMEOUT_S,
        parameters={
            "gene_ids": gene_ids,
            "run_ids": sorted({run_id for run_id, _ in places}),
            "context_ids": sorted({context_id for _, context_id in places}),
        },
    )
    async with aclosing(rows):
        async for row in rows:
            groups = {(group["run_id"], group["context_id"]): _group(group) for group in row["groups"]}
            for label in a:
                found.add(row["source"], label, groups.get(a[label], NOBODY), groups.get(b[label], NOBODY))
    return found


def _group(row: Row) -> Group:
    signs = np.array(row["signs"], dtype=np.int64)
    return Group(np.array(row["targets"]), np.array(row["scores"]), signs)


async def _all_regulators(reader: GraphReader) -> list[str]:
    return [row["gene_id"] for row in await reader.rows(exports.REGULATOR_IDS)]


async def _told(reader: GraphReader, found: Differences) -> Row:
    lists = {"only_a": found.only_a.told(), "only_b": found.only_b.told(), "changed": found.changed.told()}
    ids = {row[end] for rows in lists.values() for row in rows for end in ("source", "target")}
    named = await reader.rows(statements.SYMBOLS, gene_ids=sorted(ids))
    symbols = {row["gene_id"]: row["symbol"] for row in named}
    for row in (row for rows in lists.values() for row in rows):
        row.update({f"{end}_symbol": symbols[row[end]] for end in ("source", "target")})
    contexts = [{"context": name, **vars(found.counts[name])} for name in sorted(found.counts)]
    return {**lists, "contexts": contexts}


def _greatest(values: npt.NDArray[np.float64], places: Indices) -> Indices:
    """Return those of some places with the greatest values, `MAX_DIFFERENCES` at most, ties included."""
    if len(places) <= MAX_DIFFERENCES:
        return places
    least = np.partition(values[places], -MAX_DIFFERENCES)[-MAX_DIFFERENCES]
    greatest: Indices = places[values[places] >= least]
    return greatest


def _edges(source: str, context: str, group: Group, places: Indices) -> Iterator[Row]:
    told = (group.targets[places], group.scores[places], group.signs[places])
    for target, score, sign in zip(*(values.tolist() for values in told), strict=True):
        yield {"context": context, "source": source, "target": target, "score": score, "sign": sign}


def _changes(source: str, context: str, a: tuple[Group, Indices], b: tuple[Group, Indices]) -> Iterator[Row]:
    for one, other in zip(_edges(source, context, *a), _edges(source, context, *b), strict=True):
        names = {name: one[name] for name in ("context", "source", "target")}
        scores = {"score_a": one["score"], "score_b": other["score"]}
        yield {**names, **scores, "sign_a": one["sign"], "sign_b": other["sign"]}
