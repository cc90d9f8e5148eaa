"""From what the reader found about many genes, or about regions, to what is answered."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from api import answers
from api.errors import problem_of
from api.models.networks import (
    Comparison,
    Found,
    ManyTargets,
    NamesToResolve,
    NetworkAnswer,
    OneOfMany,
    RegulatorsAsked,
    ResolvedNames,
)
from graph import networks
from graph.comparison import compare
from graph.errors import ConflictError, NotFoundError
from graph.questions import EdgeQuestion, Scope
from graph.reader import GraphReader
from graph.schema import strictest
from graph.store import Row

AT_ONCE = 4
"""Regulators of one question that are read at the same time."""

STATUS: Mapping[str, Found] = {
    "gene_id": "matched",
    "symbol": "matched",
    "symbol_in_other_case": "matched",
    "alias": "alias",
    "previous_symbol": "previous",
}


async def resolved(reader: GraphReader, asked: NamesToResolve) -> ResolvedNames:
    """Return what each name means."""
    found = await networks.resolve(reader, asked.names, species=asked.species)
    results = [_resolved_one(name, found[name]) for name in asked.names]
    counts = Counter(result["status"] for result in results)
    return ResolvedNames.model_validate({"results": results, "counts": counts})


async def targets_of_many(reader: GraphReader, asked: RegulatorsAsked, *, path: str) -> ManyTargets:
    """Return the targets of several regulators; one that cannot be answered does not spoil the others."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def answer(name: str) -> OneOfMany:
        async with gate:
            try:
                return OneOfMany(name=name, answer=await answers.targets(reader, _question(asked, name)))
            except (NotFoundError, ConflictError) as error:
                return OneOfMany(name=name, problem=problem_of(error, path=path))

    return ManyTargets(results=list(await asyncio.gather(*map(answer, asked.regulators))))


def picture(found: networks.SmallNetwork) -> NetworkAnswer:
    """Return a network as Cytoscape.js takes it."""
    nodes = [
        {
            "data": {
                "id": node["gene_id"],
                "label": node["symbol"] or node["gene_id"],
                "is_regulator": node["is_regulator"],
            }
        }
        for node in found.nodes
    ]
    edges = [{"data": {**edge, "id": f"{edge['source']}>{edge['target']}"}} for edge in found.edges]
    return NetworkAnswer.model_validate(
        {
            "elements": {"nodes": nodes, "edges": edges},
            "capped": found.capped,
            "run": found.scope.run,
            "licence_class": found.scope.run["licence_class"],
        }
    )


async def comparison(reader: GraphReader, a: str, b: str, *, context: str | None) -> Comparison:
    """Return two runs side by side."""
    found = await compare(reader, a, b, context=context)
    contexts = [{**row, "jaccard": _jaccard(row)} for row in found["contexts"]]
    return Comparison.model_validate(
        {**found, "a": a, "b": b, "contexts": contexts, "licence_class": strictest(found["licence_classes"])}
    )


def of_run(scope: Scope, *, has_more: bool) -> dict[str, Any]:  # fields of several models
    """Return what every answer from a run carries."""
    return {
        "run": scope.run,
        "contexts": scope.contexts,
        "has_more": has_more,
        "licence_class": scope.run["licence_class"],
    }


def _question(asked: RegulatorsAsked, name: str) -> EdgeQuestion:
    return EdgeQuestion(
        gene=name,
        context=asked.context,
        run_id=asked.run,
        dataset_id=asked.dataset,
        min_score=asked.min_score,
        lag_sign=asked.lag_sign,
        novel=asked.novel,
        limit=asked.limit,
        source_id=asked.source,
        licence=asked.licence,
    )


def _resolved_one(name: str, genes: Sequence[Row]) -> Row:
    only: Row = genes[0] if len(genes) == 1 else {"gene_id": None, "symbol": None, "species": None}
    if len(genes) > 1:
        status: Found = "ambiguous"
    else:
        status = STATUS[only["matched_by"]] if genes else "not_found"
    return {**only, "name": name, "status": status, "candidates": list(genes) if len(genes) > 1 else []}


def _jaccard(row: Row) -> float | None:
    union = row["num_a"] + row["num_b"] - row["num_common"]
    return row["num_common"] / union if union else None
