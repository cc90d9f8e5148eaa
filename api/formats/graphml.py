"""GraphML, as networkx, igraph, Gephi and Cytoscape read it."""

from collections.abc import AsyncIterator
from xml.sax.saxutils import escape, quoteattr

from api.formats.contract import Network, rows_of
from graph.exports import COLUMNS
from graph.store import Row

ENDS = ("source", "source_symbol", "target", "target_symbol")
TYPES = {
    **dict.fromkeys(("score", "uncertainty", "lag", "lag_fdr", "chromatin_lag"), "double"),
    **dict.fromkeys(("rank", "sign", "lag_sign", "evidence_count"), "int"),
    "novel": "boolean",
}
ATTRIBUTES = tuple(name for name in COLUMNS if name not in ENDS)


async def graphml(network: Network) -> AsyncIterator[bytes]:
    """Yield the document; a gene comes right before its first edge: held are ids only."""
    keys = [_key(name, "edge", TYPES.get(name, "string")) for name in ATTRIBUTES]
    keys += [_key("symbol", "node", "string")]
    keys += [_key(name, "graph", "string") for name in network.about]
    told = "".join(_data(f"graph_{name}", value) for name, value in network.about.items())
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        f'{"".join(keys)}<graph edgedefault="directed">{told}\n'
    ).encode()
    seen: set[str] = set()
    async for part in network.parts:
        rows = rows_of(part)
        yield "".join(_nodes(rows, seen) + [_edge(row) for row in rows]).encode()
    yield b"</graph>\n</graphml>\n"


def _nodes(rows: list[Row], seen: set[str]) -> list[str]:
    """Return the nodes of genes that were not seen yet, which are seen from now on."""
    fresh = []
    for row in rows:
        for end in ("source", "target"):
            if row[end] not in seen:
                seen.add(row[end])
                symbol = _data("node_symbol", row[f"{end}_symbol"])
                fresh.append(f"<node id={quoteattr(row[end])}>{symbol}</node>\n")
    return fresh


def _edge(row: Row) -> str:
    data = "".join(_data(f"edge_{name}", row[name]) for name in ATTRIBUTES)
    return f"<edge source={quoteattr(row['source'])} target={quoteattr(row['target'])}>{data}</edge>\n"


def _key(name: str, of: str, kind: str) -> str:
    return f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'


def _data(key: str, value: object) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'<data key="{key}">{escape(text)}</data>'
