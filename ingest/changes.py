"""What a new version of a source would change: edges added, removed and changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from graph.cypher import ingest as statements
from graph.store import GraphStore
from graph.tables import Table

SHOWN = 5


@dataclass(frozen=True)
class Change:
    """Difference between two versions of one table.

    Parameters
    ----------
    num_added, num_removed, num_changed
        Edges by key; changed are those whose other properties differ.
    examples
        Keys of some of them, by kind of change.
    """

    num_added: int
    num_removed: int
    num_changed: int
    examples: Mapping[str, Sequence[str]]

    @property
    def num_all(self) -> int:
        """Number of differences."""
        return self.num_added + self.num_removed + self.num_changed


def changes(
    store: GraphStore, tables: Sequence[tuple[Table, pd.DataFrame]], *, load_id: str
) -> dict[str, Change]:
    """Return by table what these rows change about the load `load_id` in the graph; relationships only.

    Genes of the examples are told by symbol and id, `MYC (ENSG00000136997)`.
    """
    found = {
        str(table.name): compared(table, written(store, table, load_id=load_id), frame)
        for table, frame in tables
        if table.name in statements.EDGES
    }
    examples = [text for change in found.values() for texts in change.examples.values() for text in texts]
    words = {word for text in examples for word in text.split(" ")}
    rows = store.read(statements.SYMBOLS, gene_ids=sorted(words))
    symbols = {row["gene_id"]: f"{row['symbol']} ({row['gene_id']})" for row in rows}
    return {name: _spoken(change, symbols) for name, change in found.items()}


def _spoken(change: Change, symbols: Mapping[str, str]) -> Change:
    """Return a change with other words for some of its examples' words."""
    examples = {
        kind: [" ".join(symbols.get(word, word) for word in text.split(" ")) for text in texts]
        for kind, texts in change.examples.items()
    }
    return replace(change, examples=examples)


def written(store: GraphStore, table: Table, *, load_id: str) -> pd.DataFrame:
    """Return the rows of a table that a load wrote."""
    rows = store.read(statements.EDGES[table.name], load_id=load_id)
    flat = [
        {**edge, "source": row["source"], "target": target}
        for row in rows
        for target, edge in zip(row["targets"], row["edges"], strict=True)
    ]
    return pd.DataFrame(flat, columns=pd.Index(table.columns))


def compared(table: Table, old: pd.DataFrame, new: pd.DataFrame) -> Change:
    """Return the difference between two versions of a table's rows."""
    before, after = _by_key(table, old), _by_key(table, new)
    added = after.index.difference(before.index)
    removed = before.index.difference(after.index)
    both = after.index.intersection(before.index)
    changed = both[(after[both] != before[both]).to_numpy()]
    return Change(
        num_added=len(added),
        num_removed=len(removed),
        num_changed=len(changed),
        examples={
            name: [" ".join(str(part) for part in json.loads(key)) for key in keys[:SHOWN]]
            for name, keys in (("added", added), ("removed", removed), ("changed", changed))
            if len(keys)
        },
    )


def _by_key(table: Table, rows: pd.DataFrame) -> pd.Series:
    """Return the text of each row's other properties by the text of its key, `load_id` left out."""
    rows = rows.reindex(columns=[name for name in table.columns if name != "load_id"])
    others = [name for name in rows.columns if name not in table.key]
    keys = _text(rows[list(table.key)])
    values = _text(_uniform(rows[others], table))
    return pd.Series(values, index=pd.Index(keys, dtype=object), dtype=object)


def _uniform(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return rows in which equal values have equal texts, whether they come from a file or the graph."""
    floats = [name for name in rows.columns if table.columns[name] == "float"]
    lists = [name for name in rows.columns if table.columns[name] == "strings"]
    return rows.assign(
        **{name: pd.to_numeric(rows[name]).astype("float64") for name in floats},
        **{name: rows[name].map(lambda value: list(value) if _is_list(value) else []) for name in lists},
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | np.ndarray)


def _text(rows: pd.DataFrame) -> list[str]:
    columns = [
        [None if not isinstance(value, list) and pd.isna(value) else value for value in rows[name].tolist()]
        for name in rows.columns
    ]
    return [json.dumps(values, default=str) for values in zip(*columns, strict=True)]
