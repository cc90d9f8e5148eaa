"""Cytoscape's CX2.

References
----------
CX2 specification of the Cytoscape consortium, version 2.0.
"""

import json
from collections.abc import AsyncIterator

from api.formats.contract import Network, display_names, rows_of
from graph.exports import COLUMNS
from graph.store import Row

ENDS = ("source", "source_symbol", "target", "target_symbol")
TYPES = {
    **dict.fromkeys(("score", "uncertainty", "lag", "lag_fdr", "chromatin_lag"), "double"),
    **dict.fromkeys(("rank", "sign", "lag_sign", "evidence_count"), "integer"),
    "novel": "boolean",
}
ATTRIBUTES = tuple(name for name in COLUMNS if name not in ENDS)


async def cx2(network: Network) -> AsyncIterator[bytes]:
    """Yield the document: nodes are numbered first, then edges follow as they come; held are the genes."""
    genes = network.genes or ()
    number = {gene.gene_id: index for index, gene in enumerate(genes)}
    names = display_names(genes)
    counts = [("attributeDeclarations", 1), ("networkAttributes", 1), ("nodes", len(genes))]
    counts.append(("edges", network.num_edges))
    metadata = [{"name": name, "elementCount": count} for name, count in counts]
    nodes = [
        {
            "id": number[gene.gene_id],
            "v": {"name": names[gene.gene_id], "gene_id": gene.gene_id, "is_regulator": gene.is_regulator},
        }
        for gene in genes
    ]
    head = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": metadata},
        {"attributeDeclarations": [_declared(network)]},
        {"networkAttributes": [{key: str(value) for key, value in network.about.items()}]},
        {"nodes": nodes},
    ]
    yield (json.dumps(head)[:-1] + ', {"edges": [').encode()
    first = 0
    async for part in network.parts:
        rows = rows_of(part)
        edges = [_edge(row, number, first + index) for index, row in enumerate(rows)]
        yield ((", " if first else "") + ", ".join(map(json.dumps, edges))).encode()
        first += len(rows)
    yield b']}, {"status": [{"success": true, "error": ""}]}]\n'


def _edge(row: Row, number: dict[str, int], index: int) -> Row:
    told = {name: row[name] for name in ATTRIBUTES if row[name] is not None}
    return {"id": index, "s": number[row["source"]], "t": number[row["target"]], "v": told}


def _declared(network: Network) -> Row:
    return {
        "networkAttributes": {key: {"d": "string"} for key in network.about},
        "nodes": {"name": {"d": "string"}, "gene_id": {"d": "string"}, "is_regulator": {"d": "boolean"}},
        "edges": {name: {"d": TYPES.get(name, "string")} for name in ATTRIBUTES},
    }
