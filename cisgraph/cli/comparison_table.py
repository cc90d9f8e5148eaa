"""Two networks side by side, as tables for the terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from api.models.relations import ChangedEdge, OnlyEdge, SharedContext
from cisgraph.evidence import ARROWS

SHOWN = 10


def context_table(contexts: Sequence[SharedContext]) -> Table:
    """Return numbers of edges by context."""
    table = Table("context", "edges of a", "edges of b", "common", "same sign", "opposite sign", "Jaccard")
    for each in contexts:
        table.add_row(
            escape(each.context),
            *(f"{number:,}" for number in (each.num_a, each.num_b, each.num_common)),
            f"{each.num_same_sign:,}",
            f"{each.num_opposite_sign:,}",
            "-" if each.jaccard is None else f"{each.jaccard:.3f}",
        )
    return table


def only_table(edges: Sequence[OnlyEdge], *, title: str) -> Table:
    """Return the best edges that only one of two networks has."""
    columns = ("context", "regulator", "target", "score", "sign")
    table = Table(*columns, title=escape(title), title_justify="left")
    for each in edges[:SHOWN]:
        ends = (each.source_symbol or each.source, each.target_symbol or each.target)
        table.add_row(escape(each.context), *map(escape, ends), f"{each.score:.3f}", ARROWS[each.sign])
    return table


def changed_table(edges: Sequence[ChangedEdge], *, names: tuple[str, str]) -> Table:
    """Return the common edges whose scores differ most."""
    headings = [escape(f"score in {name}") for name in names]
    table = Table("context", "regulator", "target", *headings, title="largest changes", title_justify="left")
    for each in edges[:SHOWN]:
        ends = (each.source_symbol or each.source, each.target_symbol or each.target)
        scores = (f"{each.score_a:.3f}", f"{each.score_b:.3f}")
        table.add_row(escape(each.context), *map(escape, ends), *scores)
    return table
