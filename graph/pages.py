"""Pages of predicted edges, and facts of a pair."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import NotFoundError
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


def seen_in(gene: Row, scope: Scope) -> Row:
    """Return a gene with what it is seen in of a scope, not of all contexts of the graph."""
    ids = {context["context_id"] for context in scope.contexts}
    return {**gene, "detections": [row for row in gene["detections"] if row["context_id"] in ids]}


def parameters_of(gene: Row, scope: Scope, question: EdgeQuestion, *, source_load_id: str | None) -> Row:
    """Return what `graph.cypher.edges.TARGETS` and `REGULATORS` are asked with."""
    return {
        "gene_id": gene["gene_id"],
        "run_id": scope.run["run_id"],
        "context_ids": [context["context_id"] for context in scope.contexts],
        "min_score": question.min_score,
        "novel": question.novel,
        "lag_sign": question.lag_sign,
        "min_chromatin_lag": question.min_chromatin_lag,
        "bound_in": question.bound_in,
        "after": question.after_values,
        "source_load_id": source_load_id,
        "licence_classes": question.licence_classes,
        "limit": question.limit + 1,  # one more tells whether another page follows
    }


def page_of(rows: Sequence[Row], gene: Row, scope: Scope, *, limit: int) -> EdgePage:
    """Return rows, of which one may be too many, as a page."""
    edges = tuple(row["edge"] for row in rows[:limit])
    return EdgePage(gene=gene, scope=scope, edges=edges, has_more=len(rows) > limit)
