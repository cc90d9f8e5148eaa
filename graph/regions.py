"""Questions about peaks and lags of genes, in one read transaction each."""

from dataclasses import dataclass
from typing import LiteralString

from neo4j import AsyncManagedTransaction

from graph.cypher import regions
from graph.errors import InputError
from graph.lookup import fetch, find_gene, find_scope
from graph.pages import require_regulator
from graph.questions import EdgeQuestion, Scope
from graph.reader import GraphReader
from graph.store import Row


@dataclass(frozen=True)
class GeneFacts:
    """What was asked of a gene in the contexts of one run; `has_more` tells that the limit cut it off."""

    gene: Row
    scope: Scope
    rows: tuple[Row, ...]
    has_more: bool


@dataclass(frozen=True)
class TripletQuestion:
    """Which regulator - peak - gene triplets are wanted; at least one end is named.

    Parameters
    ----------
    about
        Run, context, licence and limit; its gene is not used.
    """

    regulator: str | None
    target: str | None
    about: EdgeQuestion

    def __post_init__(self) -> None:
        if self.regulator is None and self.target is None:
            raise InputError("expected a regulator, a target or both, found neither", hint="name one of them")


async def peaks(reader: GraphReader, question: EdgeQuestion) -> GeneFacts:
    """Return the candidate peaks of a gene, nearest first, with learned links and what binds them."""
    return await _facts_of_gene(reader, regions.PEAKS, question, name="peak")


async def regulons(reader: GraphReader, question: EdgeQuestion) -> GeneFacts:
    """Return the regulons that a gene is a member of, best score first."""
    return await _facts_of_gene(reader, regions.REGULONS, question, name="regulon")


async def lags(reader: GraphReader, question: EdgeQuestion) -> tuple[Row, list[Row]]:
    """Return a gene, and its chromatin lag by run and context, newest run first."""

    async def work(transaction: AsyncManagedTransaction) -> tuple[Row, list[Row]]:
        gene = await find_gene(transaction, question.gene)
        rows = await fetch(
            transaction,
            regions.LAGS,
            gene_id=gene["gene_id"],
            context=question.context,
            run_id=question.run_id,
            licence_classes=question.licence_classes,
        )
        return gene, [row["told"] for row in rows]

    return await reader.read(work)


async def triplets(reader: GraphReader, question: TripletQuestion) -> tuple[Scope, list[Row], bool]:
    """Return triplets whose peak is linked to the gene and bound by the regulator, and whether more follow.

    Raises
    ------
    NotFoundError
        If a gene, context or run is not in the graph, or the regulator is none.
    ConflictError
        If several data sets could answer.
    """

    async def work(transaction: AsyncManagedTransaction) -> tuple[Scope, list[Row], bool]:
        ends = {}
        for side, name in (("source", question.regulator), ("target", question.target)):
            found = None if name is None else await find_gene(transaction, name)
            if side == "source" and found is not None:
                require_regulator(found)
            ends[side] = None if found is None else found["gene_id"]
        scope = await find_scope(transaction, question.about)
        of_target = ends["source"] is None
        rows = await fetch(
            transaction,
            regions.TRIPLETS_OF_TARGET if of_target else regions.TRIPLETS_OF_REGULATOR,
            **ends,
            **_of_scope(scope, question.about),
        )
        limit = question.about.limit
        return scope, [row["triplet"] for row in rows[:limit]], len(rows) > limit

    return await reader.read(work)


async def _facts_of_gene(
    reader: GraphReader, statement: LiteralString, question: EdgeQuestion, *, name: str
) -> GeneFacts:
    async def work(transaction: AsyncManagedTransaction) -> GeneFacts:
        gene = await find_gene(transaction, question.gene)
        scope = await find_scope(transaction, question)
        rows = await fetch(
            transaction,
            statement,
            gene_id=gene["gene_id"],
            dataset_id=scope.run["dataset_id"],
            **_of_scope(scope, question),
        )
        told = tuple(row[name] for row in rows[: question.limit])
        return GeneFacts(gene=gene, scope=scope, rows=told, has_more=len(rows) > question.limit)

    return await reader.read(work)


def _of_scope(scope: Scope, question: EdgeQuestion) -> Row:
    return {
        "run_id": scope.run["run_id"],
        "context_ids": [context["context_id"] for context in scope.contexts],
        "licence_classes": question.licence_classes,
        "after": question.after_values,
        "limit": question.limit + 1,  # one more tells whether the limit cut something off
    }
