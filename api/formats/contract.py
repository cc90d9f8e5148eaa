"""What a writer gets, and what it gives back: bytes, a part at a time."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from graph.exports import Columns, Gene
from graph.store import Row


@dataclass(frozen=True)
class Network:
    """A network on its way out.

    Parameters
    ----------
    parts
        Edges, at most a thousand at a time, as columns of `graph.exports.COLUMNS`.
    about
        Run, licence class and notice.
    genes
        All nodes by id, for formats that name them first; None if the format does not ask for them.
    num_edges
        Known where `genes` are.
    regions
        Asks for the bound and linked peaks of a part; None where there are none to be told.
    """

    parts: AsyncGenerator[Columns]
    about: Row
    genes: Sequence[Gene] | None = None
    num_edges: int = 0
    regions: Callable[[Columns], Awaitable[list[Row]]] | None = None


Writer = Callable[[Network], AsyncIterator[bytes]]


@dataclass(frozen=True)
class Format:
    """A way to write networks.

    Parameters
    ----------
    needs_genes
        Whether all nodes are told before the first edge, or their names must be unique.
    one_a_pair
        Whether two contexts of one pair would be a mistake in it.
    """

    name: str
    media_type: str
    suffix: str
    write: Writer
    needs_genes: bool = False
    one_a_pair: bool = False


def display_names(genes: Sequence[Gene]) -> dict[str, str]:
    """Return the symbol of each gene by id; the id itself without a symbol, or where two genes share it."""
    counts: dict[str, int] = {}
    for gene in genes:
        if gene.symbol:
            counts[gene.symbol] = counts.get(gene.symbol, 0) + 1
    return {
        gene.gene_id: gene.symbol if gene.symbol and counts[gene.symbol] == 1 else gene.gene_id
        for gene in genes
    }


def rows_of(part: Columns) -> list[Row]:
    """Return the edges of a part as dictionaries."""
    return [dict(zip(part, values, strict=True)) for values in zip(*part.values(), strict=True)]
