"""The graph as it is, written into files to be carried into the new store."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from neo4j.time import DateTime

from graph.bulk.csv_files import TYPES, CsvFile, write_csv
from graph.bulk.keys import KEYS, key_label
from graph.cypher import bulk as statements
from graph.errors import ConflictError, InputError
from graph.rows import Row
from graph.schema import Label
from graph.store import GraphStore

MAX_CARRIED = 1_000_000
"""Nodes and relationships; they pass through this process, at about 50,000 a second and 1 kB each."""

_SCALARS: Mapping[type, str] = {
    str: TYPES["string"],
    int: TYPES["integer"],
    float: TYPES["float"],
    bool: TYPES["boolean"],
}
_HINT = "load by Bolt: a bulk import is for a first load into a graph that only cisgraph wrote to"


@dataclass(frozen=True)
class Present:
    """What was carried.

    Attributes
    ----------
    ids
        Keys of the nodes by label; `Regulator` is a label of its own here.
    """

    nodes: Sequence[CsvFile]
    relationships: Sequence[CsvFile]
    ids: Mapping[str, pd.Series]

    @property
    def num_nodes(self) -> int:
        """Number of nodes."""
        return sum(file.num_rows for file in self.nodes)

    @property
    def num_relationships(self) -> int:
        """Number of relationships."""
        return sum(file.num_rows for file in self.relationships)


def num_present(store: GraphStore) -> int:
    """Return how many nodes and relationships a graph has."""
    counts = (statements.COUNT_NODES, statements.COUNT_RELATIONSHIPS)
    return sum(int(store.read(statement)[0]["number"]) for statement in counts)


def can_carry(store: GraphStore) -> bool:
    """Whether a graph is small enough to be carried along, and holds nothing but ours."""
    if num_present(store) > MAX_CARRIED:
        return False
    labels = [*map(str, KEYS), str(Label.SCHEMA)]
    return int(store.read(statements.COUNT_STRANGE, labels=labels)[0]["number"]) == 0


def carry(store: GraphStore, folder: Path) -> Present:
    """Write all nodes and relationships into files; schema versions stay behind, as the schema does.

    Raises
    ------
    ConflictError
        If there are too many of them, or some that cisgraph did not write.
    """
    try:
        return _carry(store, folder)
    except InputError as error:
        raise ConflictError(f"the graph cannot be carried: {error.message}", hint=_HINT) from error


def _carry(store: GraphStore, folder: Path) -> Present:
    number = num_present(store)
    if number > MAX_CARRIED:
        raise ConflictError(
            f"the graph holds {number:,} nodes and relationships, a bulk import carries {MAX_CARRIED:,}",
            hint=_HINT,
        )
    nodes = _nodes(store)
    node_files = [_write_nodes(folder, str(label), part) for label, part in nodes.groupby("label")]
    edge_files = list(_write_relationships(store, folder, nodes.set_index("id")))
    ids = {str(label): part["key"] for label, part in nodes.groupby("label")}
    is_regulator = nodes["labels"].map(lambda labels: Label.REGULATOR in labels).astype(bool)
    return Present(node_files, edge_files, {**ids, Label.REGULATOR: nodes["key"][is_regulator]})


def _nodes(store: GraphStore) -> pd.DataFrame:
    """Return one row a node: id, labels, properties, and the label and value of its key."""
    nodes = store.read_frame(statements.NODES)
    nodes = nodes[nodes["labels"].map(lambda labels: Label.SCHEMA not in labels).astype(bool)]
    labels = nodes["labels"].map(key_label)
    pairs = zip(labels, nodes["properties"], strict=True)
    keys = [properties.get(KEYS[label]) if label else None for label, properties in pairs]
    nodes = nodes.assign(label=labels, key=pd.Series(keys, index=nodes.index, dtype=object))
    strange = nodes[nodes["key"].isna()]
    if len(strange):
        raise ConflictError(
            f"{len(strange):,} nodes are none of ours, such as {strange['labels'].iloc[0]} "
            f"{strange['properties'].iloc[0]}",
            hint=_HINT,
        )
    return nodes


def _write_nodes(folder: Path, label: str, nodes: pd.DataFrame) -> CsvFile:
    key = KEYS[label]
    columns = {
        f"{key}:ID({label})": pa.array(nodes["key"], type=pa.string()),
        ":LABEL": pa.array(nodes["labels"], type=pa.list_(pa.string())),
        **_properties([{k: v for k, v in row.items() if k != key} for row in nodes["properties"]]),
    }
    return write_csv(folder / f"present-{label}.csv", columns, name=label)


def _write_relationships(store: GraphStore, folder: Path, nodes: pd.DataFrame) -> Iterator[CsvFile]:
    edges = store.read_frame(statements.RELATIONSHIPS)
    for end in ("source", "target"):
        edges[f"{end}_label"] = edges[end].map(nodes["label"])
        edges[f"{end}_key"] = edges[end].map(nodes["key"])
    groups = edges.groupby(["type", "source_label", "target_label"], dropna=False)
    for number, ((name, source, target), part) in enumerate(groups):
        columns = {
            f":START_ID({source})": pa.array(part["source_key"], type=pa.string()),
            f":END_ID({target})": pa.array(part["target_key"], type=pa.string()),
            **_properties(list(part["properties"])),
        }
        yield write_csv(folder / f"present-{number}-{name}.csv", columns, name=str(name))


def _properties(rows: Sequence[Row]) -> dict[str, pa.Array]:
    """Return the properties of some nodes or relationships as columns, each of one type.

    Raises
    ------
    ConflictError
        If values of one property are of several types, or of one that cisgraph does not write.
    """
    names = sorted({name for row in rows for name in row})
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        try:
            type_name, array = _typed(values)
        except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
            raise ConflictError(
                f"the property {name!r} has values that cannot be carried: {error}", hint=_HINT
            ) from error
        if not re.fullmatch(r"\w+", name):
            raise ConflictError(f"the property {name!r} has a name that cannot be carried", hint=_HINT)
        columns[f"{name}:{type_name}"] = array
    return columns


def _typed(values: Sequence[Any]) -> tuple[str, pa.Array]:  # Any: a property of a graph
    """Return the import's name of the type of some values, and the values."""
    (kind,) = {type(value) for value in values if value is not None} or {str}
    if kind is list:
        elements = {type(element) for value in values if value is not None for element in value} or {str}
        (element,) = elements
        return f"{_SCALARS[element]}[]", pa.array(values)
    if kind is DateTime:
        texts = [None if value is None else value.iso_format() for value in values]
        return "datetime", pa.array(texts, type=pa.string())
    return _SCALARS[kind], pa.array(values)
