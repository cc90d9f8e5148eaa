"""Finding, within one transaction, what a question names: a gene, a run, contexts."""

from typing import LiteralString

from neo4j import AsyncManagedTransaction

from graph.cypher import catalogue, read
from graph.errors import NotFoundError
from graph.gene_names import (
    lucene_fuzzy,
    lucene_phrase,
    nearest,
    only_gene,
    stable_gene_id,
    unknown_gene,
)
from graph.questions import EdgeQuestion, Scope, no_answer, scope_of_defaults, scope_of_run
from graph.store import Row


async def fetch(
    transaction: AsyncManagedTransaction, statement: LiteralString, **parameters: object
) -> list[Row]:
    """Return the rows of a statement, as dictionaries; our statements return no nodes, only their values."""
    return [dict(record) async for record in await transaction.run(statement, parameters)]


async def find_gene(transaction: AsyncManagedTransaction, name: str) -> Row:
    """Return the gene that a name means; `matched_by` tells which kind of name it is.

    Raises
    ------
    NotFoundError
        If no gene has this name; the nearest ones are suggested.
    ConflictError
        If several have it.
    """
    asked = name.strip()
    rows = await fetch(transaction, read.GENE, gene_id=stable_gene_id(asked), name=asked)
    gene = only_gene(asked, [row["gene"] for row in rows])
    return gene if gene is not None else await _gene_by_other_name(transaction, asked)


async def _gene_by_other_name(transaction: AsyncManagedTransaction, name: str) -> Row:
    found = await fetch(transaction, read.GENE_IDS_BY_OTHER_NAME, name=name, phrase=lucene_phrase(name))
    known_by = only_gene(name, found)
    if known_by is None:
        fuzzy = lucene_fuzzy(name)
        known = await fetch(transaction, read.NEAREST_NAMES, fuzzy=fuzzy) if fuzzy else []
        raise unknown_gene(name, [row["symbol"] for row in known])
    (row,) = await fetch(transaction, read.GENE, gene_id=known_by["gene_id"], name=known_by["gene_id"])
    return {**row["gene"], "matched_by": known_by["matched_by"]}


async def find_scope(transaction: AsyncManagedTransaction, question: EdgeQuestion) -> Scope:
    """Return the run and the contexts that a question is about.

    Raises
    ------
    NotFoundError
        If there is no such complete run, data set or context.
    ConflictError
        If several data sets could answer, or the run contradicts the rest of the question.
    """
    run_id = question.after.run_id if question.after else question.run_id
    if run_id is not None:
        rows = await fetch(transaction, read.RUN_AND_CONTEXTS, run_id=run_id)
        if not rows:
            raise await unknown_run(transaction, run_id)
        return scope_of_run(question, rows[0])
    if question.context is None:
        rows = await fetch(
            transaction,
            read.DEFAULT_RUNS,
            dataset_id=question.dataset_id,
            licence_classes=question.licence_classes,
        )
    else:
        rows = await fetch(
            transaction,
            read.DEFAULT_RUNS_OF_CONTEXT,
            context=question.context,
            dataset_id=question.dataset_id,
            licence_classes=question.licence_classes,
        )
    scope = scope_of_defaults(question, rows)
    if scope is None:
        contexts = await fetch(transaction, read.CONTEXTS)
        raise no_answer(question, [row["context"] for row in contexts])
    return scope


async def find_load(transaction: AsyncManagedTransaction, source_id: str | None) -> str | None:
    """Return the load that readers of a source see, None for None.

    Raises
    ------
    NotFoundError
        If no source of this id was ingested.
    """
    if source_id is None:
        return None
    loads = {row["source_id"]: row["load_id"] for row in await fetch(transaction, catalogue.LOADS)}
    if source_id not in loads:
        raise NotFoundError(
            f"no source {source_id!r} in the graph", suggestions=nearest(source_id, sorted(loads))
        )
    return str(loads[source_id])


async def unknown_run(transaction: AsyncManagedTransaction, run_id: str) -> NotFoundError:
    """Return the error for a run that is not in the graph, or not complete."""
    known = await fetch(transaction, read.RUN_IDS)
    return NotFoundError(
        f"no complete run {run_id!r} in the graph", suggestions=nearest(run_id, [r["run_id"] for r in known])
    )
