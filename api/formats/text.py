"""JSON, NDJSON, TSV, SIF, decoupler and SCENIC+: formats of lines."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping

from api.formats.contract import Network, display_names, rows_of
from graph.exports import COLUMNS
from graph.store import Row

INTERACTIONS: Mapping[int, str] = {1: "activates", -1: "represses", 0: "regulates"}
SCENICPLUS = (
    "Region", "Gene", "importance_R2G", "TF", "is_extended", "eRegulon_name", "Gene_signature_name",
    "Region_signature_name", "importance_TF2G", "regulation",
)  # fmt: skip


async def json_document(network: Network) -> AsyncIterator[bytes]:
    """Yield one JSON object: what is known of the run, then `edges`."""
    head = json.dumps(network.about)[:-1]
    yield f'{head}, "edges": ['.encode()
    separator = ""
    async for part in network.parts:
        yield (separator + ",\n".join(map(json.dumps, rows_of(part)))).encode()
        separator = ",\n"
    yield b"]}\n"


async def ndjson(network: Network) -> AsyncIterator[bytes]:
    """Yield one JSON object a line and edge."""
    async for part in network.parts:
        yield "".join(json.dumps(row) + "\n" for row in rows_of(part)).encode()


async def tsv(network: Network) -> AsyncIterator[bytes]:
    """Yield a header and one line an edge; what is not known is empty."""
    yield _line(COLUMNS)
    async for part in network.parts:
        yield b"".join(_line(row.values()) for row in rows_of(part))


async def sif(network: Network) -> AsyncIterator[bytes]:
    """Yield `regulator <tab> activates / represses / regulates <tab> gene`."""
    names = display_names(network.genes or ())
    async for part in network.parts:
        yield b"".join(
            _line((names[row["source"]], INTERACTIONS[row["sign"]], names[row["target"]]))
            for row in rows_of(part)
        )


async def decoupler(network: Network) -> AsyncIterator[bytes]:
    """Yield decoupler's `source,target,weight`: the score with its sign, one edge a pair.

    An edge without a sign counts as activation, which is how decoupler takes unsigned networks.
    """
    names = display_names(network.genes or ())
    yield b"source,target,weight\n"
    async for part in network.parts:
        yield "".join(
            f"{names[row['source']]},{names[row['target']]},{row['score'] * (row['sign'] or 1)!r}\n"
            for row in rows_of(part)
        ).encode()


async def scenicplus(network: Network) -> AsyncIterator[bytes]:
    """Yield eRegulons as SCENIC+ tabulates them, one line a regulator, region and gene.

    `Region` and `importance_R2G` are empty where no peak of the gene is known that the regulator binds.
    """
    names = display_names(network.genes or ())
    yield _line(SCENICPLUS)
    async for part in network.parts:
        told = await network.regions(part) if network.regions else []
        regions = defaultdict(list)
        for row in told:
            place = f"{row['chrom']}:{row['start']}-{row['end']}"
            regions[row["target"], row["context_id"]].append((place, row["weight"]))
        lines = (
            _eregulon(row, names, region)
            for row in rows_of(part)
            for region in regions.get((row["target"], row["context_id"]), [(None, None)])
        )
        yield b"".join(lines)


def _eregulon(row: Row, names: Mapping[str, str], region: tuple[str | None, float | None]) -> bytes:
    factor = names[row["source"]]
    name = f"{factor}_direct_{'-' if row['sign'] < 0 else '+'}/+"
    place, weight = region
    cells = (place, names[row["target"]], weight, factor, False, name, f"{name}_(g)", f"{name}_(r)")
    return _line((*cells, row["score"], row["sign"]))


def _line(values: Iterable[object]) -> bytes:
    return ("\t".join("" if value is None else str(value) for value in values) + "\n").encode()
