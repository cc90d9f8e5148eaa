"""Questions about many genes at once: names, a network to be drawn."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neo4j import AsyncManagedTransaction

from graph.cypher import networks
from graph.gene_names import lucene_phrase, stable_gene_id
from graph.lookup import fetch, find_gene, find_scope
from graph.pages import require_regulator
from graph.questions import EdgeQuestion, Scope
from graph.reader import GraphReader
from graph.store import Row

EDGES_A_NODE = 5
"""Edges of a picture, by the number of its nodes: more of them is a hairball."""


@dataclass(frozen=True)
class SmallNetwork:
    """The best edges among at most so many genes; `capped`: there were more."""

    scope: Scope
    nodes: tuple[Row, ...]
    edges: tuple[Row, ...]
    capped: bool


async def resolve(reader: GraphReader, names: Sequence[str], *, species: str | None) -> dict[str, list[Row]]:
    """Return the genes that each name means; several for one that is ambiguous, none for an unknown one.

    An exact id or symbol goes before an alias, a previous symbol or a symbol in another case.
    """
    asked = [
        {"name": name, "gene_id": stable_gene_id(name.strip()), "phrase": lucene_phrase(name.strip())}
        for name in dict.fromkeys(names)
    ]

    async def work(transaction: AsyncManagedTransaction) -> dict[str, list[Row]]:
        exact = await fetch(transaction, networks.RESOLVE, names=_stripped(asked), species=species)
        found = _by_name(exact)
        left = [each for each in _stripped(asked) if each["name"] not in found]
        other = await fetch(transaction, networks.RESOLVE_OTHER, names=left, species=species) if left else []
        return found | _by_name(other)

    by_name = await reader.read(work)
    return {name: by_name.get(name.strip(), []) for name in names}


async def small_network(
    reader: GraphReader, regulators: Sequence[str], question: EdgeQuestion, *, max_nodes: int
) -> SmallNetwork:
    """Return the best predicted edges of some regulators, at most `max_nodes` genes; raises as `targets`."""

    async def work(transaction: AsyncManagedTransaction) -> SmallNetwork:
        genes = [await find_gene(transaction, name) for name in regulators]
        for gene in genes:
            require_regulator(gene)
        scope = await find_scope(transaction, question)
        rows = await fetch(
            transaction,
            networks.BEST_EDGES,
            gene_ids=[gene["gene_id"] for gene in genes],
            run_id=scope.run["run_id"],
            context_ids=[context["context_id"] for context in scope.contexts],
            min_score=question.min_score,
            licence_classes=question.licence_classes,
            limit=max_nodes * EDGES_A_NODE + 1,
        )
        return _capped(scope, [row["edge"] for row in rows], genes, max_nodes=max_nodes)

    return await reader.read(work)


def _stripped(asked: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{**each, "name": each["name"].strip()} for each in asked]


def _by_name(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        found[row["name"]].setdefault(row["gene_id"], row)
    return {name: list(genes.values()) for name, genes in found.items()}


def _capped(scope: Scope, rows: Sequence[Row], genes: Sequence[Row], *, max_nodes: int) -> SmallNetwork:
    """Take edges best first; one that needs a gene too many is left out."""
    nodes = {
        g["gene_id"]: {"gene_id": g["gene_id"], "symbol": g["symbol"], "is_regulator": True} for g in genes
    }
    edges = []
    for row in rows[: max_nodes * EDGES_A_NODE]:
        if row["target"] not in nodes:
            if len(nodes) >= max_nodes:
                continue
            nodes[row["target"]] = {
                "gene_id": row["target"],
                "symbol": row["target_symbol"],
                "is_regulator": row["target_is_regulator"],
            }
        edges.append(row)
    return SmallNetwork(scope, tuple(nodes.values()), tuple(edges), capped=len(edges) < len(rows))
