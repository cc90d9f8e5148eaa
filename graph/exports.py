"""All edges of a run, streamed: what is held is one part of one regulator's edges, not the network."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, LiteralString

from graph.cypher import exports
from graph.questions import EdgeQuestion, Scope
from graph.reader import GraphReader
from graph.store import Row

PART = 1000
"""Edges of one part."""

PARTS_AHEAD = 4
"""Parts that the driver asks for at once; up to two such lots wait in its buffer."""

TIMEOUT_S = 1800.0

TOLD = (
    "target", "target_symbol", "context_id", "score", "uncertainty", "rank", "sign", "lag", "lag_unit",
    "lag_sign", "lag_fdr", "chromatin_lag", "evidence_count", "novel",
)  # fmt: skip
"""In the order of `graph.cypher.exports.EDGES`."""

COLUMNS = ("source", "source_symbol", *TOLD[:2], "run_id", "context", *TOLD[2:])

Columns = dict[str, list[Any]]
"""Values by column, all lists of one length: what JSON, Arrow and text are made of."""


@dataclass(frozen=True)
class Gene:
    """A node of an exported network."""

    gene_id: str
    symbol: str | None
    is_regulator: bool


class NetworkExport:
    """The network of one run, and how to read it part by part.

    Parameters
    ----------
    question
        Run, context, score, sign of the lag, novelty and licence; its gene and limit are not used.
    one_a_pair
        Of several contexts, only the one with the best score.
    """

    def __init__(
        self, reader: GraphReader, scope: Scope, question: EdgeQuestion, *, one_a_pair: bool = False
    ) -> None:
        self._reader = reader
        self._question = question
        self._one_a_pair = one_a_pair
        self.scope = scope

    async def genes(self) -> tuple[list[Gene], int]:
        """Return all genes of the network by id, and its number of edges over all contexts."""
        rows = [row async for row in self._stream(exports.GENES, rows_ahead=10_000)]
        genes = [Gene(row["gene_id"], row["symbol"], row["is_regulator"]) for row in rows]
        (counted,) = [row async for row in self._stream(exports.NUM_EDGES, rows_ahead=1)]
        return genes, counted["num_edges"]

    async def parts(self) -> AsyncGenerator[Columns]:
        """Yield the edges, by regulator and best first, at most `PART` at a time."""
        ids = [row["gene_id"] for row in await self._reader.rows(exports.REGULATOR_IDS)]
        rows = self._stream(
            exports.EDGES, rows_ahead=PARTS_AHEAD, gene_ids=ids, part=PART, one_a_pair=self._one_a_pair
        )
        names = {context["context_id"]: context["name"] for context in self.scope.contexts}
        async with aclosing(rows):  # who takes no more parts leaves no transaction open
            async for row in rows:
                yield _columns(row, run_id=self.scope.run["run_id"], names=names)

    async def regions(self, part: Columns) -> list[Row]:
        """Return the peaks that are linked to the targets of a part and bound by its regulator."""
        pairs = [
            {"target": target, "context_id": context_id}
            for target, context_id in zip(part["target"], part["context_id"], strict=True)
        ]
        return await self._reader.rows(
            exports.REGIONS,
            source=part["source"][0],
            pairs=pairs,
            run_id=self.scope.run["run_id"],
            licence_classes=self._question.licence_classes,
        )

    def _stream(self, statement: LiteralString, *, rows_ahead: int, **more: object) -> AsyncGenerator[Row]:
        asked = self._question
        return self._reader.stream(
            statement,
            rows_ahead=rows_ahead,
            timeout_s=TIMEOUT_S,
            parameters={
                "run_id": self.scope.run["run_id"],
                "context_ids": [context["context_id"] for context in self.scope.contexts],
                "min_score": asked.min_score,
                "novel": asked.novel,
                "licence_classes": asked.licence_classes,
                "lag_sign": asked.lag_sign,
                **more,
            },
        )


async def export_of(
    reader: GraphReader, question: EdgeQuestion, *, one_a_pair: bool = False
) -> NetworkExport:
    """Return the export of the run that a question means.

    Raises
    ------
    NotFoundError
        If there is no such complete run or context.
    ConflictError
        If the run predicted no edges, or is of a stricter licence than asked.
    """
    return NetworkExport(reader, await reader.scope(question), question, one_a_pair=one_a_pair)


def columns_of(edges: Sequence[Row]) -> Columns:
    """Return edges as the reader tells them, such as a page of targets, as columns of an export."""
    return {name: [edge[name] for edge in edges] for name in COLUMNS}


def _columns(row: Row, *, run_id: str, names: dict[str, str]) -> Columns:
    told = dict(zip(TOLD, map(list, zip(*row["edges"], strict=True)), strict=True))
    size = len(row["edges"])
    whole: Columns = {
        **told,
        "source": [row["source"]] * size,
        "source_symbol": [row["source_symbol"]] * size,
        "run_id": [run_id] * size,
        "context": [names[context_id] for context_id in told["context_id"]],
    }
    return {name: whole[name] for name in COLUMNS}
