"""How much of what the graph holds, and which releases it held."""

import json

from graph.cypher import catalogue
from graph.reader import GraphReader
from graph.store import Row


async def releases(reader: GraphReader) -> list[Row]:
    """Return the releases, newest first; `contents` is what each source had."""
    rows = await reader.rows(catalogue.RELEASES)
    return [{**row, "contents": json.loads(row["contents"] or "{}")} for row in rows]


async def stats(reader: GraphReader) -> Row:
    """Return the numbers of nodes and relationships by kind."""
    (row,) = await reader.rows(catalogue.STATS)
    return row
