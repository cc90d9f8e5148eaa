"""From a network of the graph to a streamed response."""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import StreamingResponse

from api.formats.contract import Format, Network
from api.models.edges import NOTICE
from graph.exports import Columns, Gene, columns_of, export_of
from graph.pages import EdgePage
from graph.questions import EdgeQuestion
from graph.reader import GraphReader
from graph.store import Row

UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


async def network_of(reader: GraphReader, question: EdgeQuestion, format_: Format) -> Network:
    """Return the network of a run; what is held is a part of one regulator's edges and the ids of genes.

    The first part is read before anything is written, so that an error is still an error and no torn file.
    """
    export = await export_of(reader, question, one_a_pair=format_.one_a_pair)
    genes, num_edges = await export.genes() if format_.needs_genes else (None, 0)
    parts = await _begun(export.parts())
    return Network(parts, _about(export.scope.run), genes, num_edges, export.regions)


async def whole_run(reader: GraphReader, question: EdgeQuestion, format_: Format) -> StreamingResponse:
    """Return the network of a run as a file that is streamed."""
    network = await network_of(reader, question, format_)
    return response(network, format_, name=network.about["run_id"])


def page(found: EdgePage, format_: Format) -> StreamingResponse:
    """Return one page of edges in a format of networks; as NDJSON each with its nested evidence."""
    edges = found.edges
    run = found.scope.run
    columns = columns_of(edges)
    name = f"{run['run_id']}-{found.gene['symbol'] or found.gene['gene_id']}"

    async def parts() -> AsyncGenerator[Columns]:
        if edges:
            yield columns

    genes: dict[str, Gene] = {}
    for edge in edges:
        genes[edge["source"]] = Gene(edge["source"], edge["source_symbol"], is_regulator=True)
        genes.setdefault(edge["target"], Gene(edge["target"], edge["target_symbol"], is_regulator=False))
    network = Network(parts(), _about(run), list(genes.values()), len(edges))
    if format_.name == "ndjson":
        lines = (json.dumps(edge) + "\n" for edge in edges)
        return StreamingResponse(iter(lines), media_type=format_.media_type)
    return response(network, format_, name=name)


def response(network: Network, format_: Format, *, name: str) -> StreamingResponse:
    """Return a network as a file of a format."""
    safe = UNSAFE.sub("_", name)
    return StreamingResponse(
        format_.write(network),
        media_type=format_.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{safe}.{format_.suffix}"',
            "X-Licence-Class": network.about["licence_class"],
        },
    )


def _about(run: Row) -> Row:
    told = ("run_id", "dataset_id", "licence_class")
    return {**{name: run[name] for name in told}, "notice": NOTICE}


async def _begun(parts: AsyncGenerator[Columns]) -> AsyncGenerator[Columns]:
    first = await anext(parts, None)

    async def all_parts() -> AsyncGenerator[Columns]:
        async with aclosing(parts):
            if first is not None:
                yield first
                async for part in parts:
                    yield part

    return all_parts()
