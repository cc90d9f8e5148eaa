"""Pages of predicted edges, and facts of a pair, within one transaction."""

from dataclasses import dataclass
from typing import LiteralString

from neo4j import AsyncManagedTransaction

from graph.errors import NotFoundError
from graph.lookup import fetch, find_load, find_scope
from graph.questions import EdgeQuestion, Scope
from graph.store import Row


@dataclass(frozen=True)
class EdgePage:
    """Predicted edges of one gene, best first.

    Parameters
    ----------
    gene
        The gene that was asked for, with `matched_by`.
    edges
        Each with its evidence of all sources, nested.
    has_more
        Whether edges follow after the last one.
    """

    gene: Row
    scope: Scope
    edges: tuple[Row, ...]
    has_more: bool


@dataclass(frozen=True)
class PairFacts:
    """All that is known of one regulator and one target; `facts` holds predictions, priors and chip."""

    source: Row
    target: Row
    facts: Row


def require_regulator(gene: Row) -> None:
    """Raise NotFoundError for a gene that no source calls a regulator."""
    if not gene["is_regulator"]:
        raise NotFoundError(
            f"{gene['symbol'] or gene['gene_id']} is a gene of the graph but not a known regulator",
            hint="ask who regulates it: `cisgraph query gene`, or /v1/genes/{gene}/regulators",
        )


async def edge_page(
    transaction: AsyncManagedTransaction, statement: LiteralString, *, gene: Row, question: EdgeQuestion
) -> EdgePage:
    """Return the edges of a gene that a statement finds in the run and contexts of a question."""
    scope = await find_scope(transaction, question)
    after = question.after
    rows = await fetch(
        transaction,
        statement,
        gene_id=gene["gene_id"],
        run_id=scope.run["run_id"],
        context_ids=[context["context_id"] for context in scope.contexts],
        min_score=question.min_score,
        novel=question.novel,
        lag_sign=question.lag_sign,
        after_score=after.score if after else None,
        after_gene_id=after.gene_id if after else None,
        source_load_id=await find_load(transaction, question.source_id),
        licence_classes=question.licence_classes,
        limit=question.limit + 1,  # one more tells whether another page follows
    )
    edges = tuple(row["edge"] for row in rows[: question.limit])
    return EdgePage(gene=gene, scope=scope, edges=edges, has_more=len(rows) > question.limit)
