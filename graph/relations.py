"""Questions about many pairs at once: where sources disagree, who regulates the genes of a list."""

from collections.abc import Sequence

from neo4j import AsyncManagedTransaction

from graph.cypher import comparison as statements
from graph.errors import InputError
from graph.lookup import fetch, find_gene, find_scope
from graph.pages import require_regulator
from graph.questions import EdgeQuestion, Scope
from graph.reader import GraphReader
from graph.store import Row

MAX_GENES = 200


async def sign_conflicts(
    reader: GraphReader, regulator: str | None, target: str | None, *, question: EdgeQuestion
) -> tuple[list[Row], bool]:
    """Return the pairs of which some source tells activation and some repression, and whether more follow.

    Parameters
    ----------
    question
        Licence, limit and position; nothing else of it is used.

    Raises
    ------
    InputError
        If neither end is named.
    NotFoundError
        If a gene is not in the graph, or the regulator is none.
    """
    if regulator is None and target is None:
        raise InputError("expected a regulator, a target or both, found neither", hint="name one of them")

    async def work(transaction: AsyncManagedTransaction) -> list[Row]:
        source = None if regulator is None else await find_gene(transaction, regulator)
        end = None if target is None else await find_gene(transaction, target)
        if source is not None:
            require_regulator(source)
        of_regulator = statements.SIGN_CONFLICTS_OF_REGULATOR
        rows = await fetch(
            transaction,
            of_regulator if source is not None else statements.SIGN_CONFLICTS_OF_TARGET,
            source=source and source["gene_id"],
            target=end and end["gene_id"],
            after=question.after_values,
            licence_classes=question.licence_classes,
            limit=question.limit + 1,  # one more tells whether the limit cut something off
        )
        return [row["conflict"] for row in rows]

    found = await reader.read(work)
    return found[: question.limit], len(found) > question.limit


async def shared_regulators(
    reader: GraphReader, genes: Sequence[str], question: EdgeQuestion, *, min_shared: int
) -> tuple[Scope, list[Row], bool]:
    """Return who regulates at least `min_shared` of some genes, those of most genes first.

    Raises
    ------
    InputError
        If there are fewer than two different genes, or more than 200.
    NotFoundError
        If one of the genes, the context or the run is not in the graph.
    ConflictError
        If a name means several genes, or several data sets could answer.
    """
    names = list(dict.fromkeys(genes))
    if not 2 <= len(names) <= MAX_GENES:
        raise InputError(f"genes: expected 2 to {MAX_GENES} names, found {len(names)}")

    async def work(transaction: AsyncManagedTransaction) -> tuple[Scope, list[Row]]:
        found = [await find_gene(transaction, name) for name in names]
        scope = await find_scope(transaction, question)
        rows = await fetch(
            transaction,
            statements.SHARED_REGULATORS,
            gene_ids=sorted({gene["gene_id"] for gene in found}),
            run_id=scope.run["run_id"],
            context_ids=[context["context_id"] for context in scope.contexts],
            min_score=question.min_score,
            min_shared=min_shared,
            limit=question.limit + 1,
        )
        return scope, [row["regulator"] for row in rows]

    scope, rows = await reader.read(work)
    return scope, rows[: question.limit], len(rows) > question.limit
