"""From what the reader found about many genes to what is answered."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

from api import answers
from api.errors import problem_of
from api.filters import PictureFilters
from api.models.edges import EdgeAnswer
from api.models.networks import (
    Found,
    ManyTargets,
    NamesToResolve,
    NetworkAnswer,
    OneOfMany,
    RegulatorsAsked,
    ResolvedNames,
)
from graph import networks
from graph.errors import ConflictError, NotFoundError
from graph.questions import EdgeQuestion
from graph.reader import GraphReader
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
                return OneOfMany(
                    name=name,
                    answer=EdgeAnswer.model_validate(await answers.targets(reader, _question(asked, name))),
                )
            except (NotFoundError, ConflictError) as error:
                return OneOfMany(name=name, problem=problem_of(error, path=path))

    return ManyTargets(results=list(await asyncio.gather(*map(answer, asked.regulators))))


async def picture(reader: GraphReader, asked: PictureFilters) -> NetworkAnswer:
    """Return the best edges of some regulators as Cytoscape.js takes them; raises as `answers.targets`."""
    found = await networks.small_network(reader, asked.names(), asked.question(), max_nodes=asked.max_nodes)
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
