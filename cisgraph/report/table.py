"""Tables of the report: text cells, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cisgraph.report.material import Material
from graph.cypher import report as statements
from graph.cypher import training
from graph.schema import LICENCE_CLASSES
from graph.store import GraphStore
from graph.validation.report_card import MODEL

NUM_NOVEL = 20
SIGNS = {1: "+", -1: "-", 0: "?"}
NONE = "n/a"


@dataclass(frozen=True)
class Table:
    """Rows of text under a header.

    Attributes
    ----------
    numeric
        Columns that are set flush right.
    marked
        Rows that are set in bold.
    """

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    numeric: frozenset[int] = field(default_factory=frozenset)
    marked: frozenset[int] = field(default_factory=frozenset)
    note: str = ""


def source_table(store: GraphStore, materials: Sequence[Material]) -> Table:
    """Return all sources, how many of their rows were kept, and which ones trained a reported run."""
    used = {source_id for material in materials for source_id in material.run["source_ids"]}
    rows = [
        (
            row["name"],
            row["version"],
            row["licence"],
            row["licence_class"],
            _count(row["rows_read"]),
            _count(row["rows_kept"]),
            _count(row["rows_rejected"]),
            "trains" if row["source_id"] in used else "evidence, judge",
        )
        for row in store.read(training.SOURCES)
    ]
    header = ("source", "version", "licence", "class", "rows read", "kept", "rejected", "part in these runs")
    return Table("Sources", header, rows, numeric=frozenset({4, 5, 6}))


def run_table(materials: Sequence[Material]) -> Table:
    """Return the reported runs, and the seconds that they took where they were written down."""
    rows = [
        (
            material.run_id,
            material.dataset["name"],
            str(material.config.get("source_id", NONE)),
            _count(material.run["num_edges"]),
            _count(material.run["num_links"]),
            str(material.run["seed"]),
            material.run["code_version"],
            _seconds(material.metrics.get("seconds")),
            material.run["licence_class"],
        )
        for material in materials
    ]
    header = ("run", "data set", "trained on", "edges", "links", "seed", "code", "seconds", "licence class")
    return Table("Runs", header, rows, numeric=frozenset({3, 4, 5, 7}))


def context_table(store: GraphStore, material: Material) -> Table:
    """Return how many edges each context keeps."""
    rows = [
        (
            row["context"],
            *(_count(row[name]) for name in ("num_cells", "num_edges", "num_regulators", "num_targets")),
            f"{row['num_novel'] / row['num_edges']:.1%}",
            material.cell_types.get(row["context"], NONE),
        )
        for row in store.read(statements.CONTEXT_EDGES, run_id=material.run_id)
    ]
    header = ("context", "cells", "edges", "regulators", "targets", "novel", "matched ChIP-seq")
    return Table("Edges in the graph", header, rows, numeric=frozenset(range(1, 6)))


def novel_tables(store: GraphStore, material: Material) -> list[Table]:
    """Return, of each context with matched ChIP-seq, the best novel edges that it supports."""
    return [
        _novel_table(
            store, material, context_id=context["context_id"], name=context["name"], cell_type=cell_type
        )
        for context, cell_type in material.matched
    ]


def _novel_table(
    store: GraphStore, material: Material, *, context_id: str, name: str, cell_type: str
) -> Table:
    where = {"run_id": material.run_id, "context_id": context_id, "cell_type": cell_type}
    (counts,) = store.read(statements.NUM_NOVEL_BOUND_EDGES, **where)
    rows = [
        (
            str(number),
            row["regulator"],
            row["target"],
            f"{row['score']:.3f}",
            NONE if row["uncertainty"] is None else f"{row['uncertainty']:.3f}",
            _count(row["rank"]),
            SIGNS[row["sign"]],
            _count(row["num_experiments"]),
        )
        for number, row in enumerate(store.read(statements.NOVEL_BOUND_EDGES, **where, limit=NUM_NOVEL), 1)
    ]
    header = ("", "regulator", "target", "score", "± (sd)", "rank in its regulon", "sign", "experiments")
    note = (
        f"{counts['num_bound']:,} of the {counts['num_novel']:,} novel edges of this context have ChIP-seq "
        f"in {cell_type}; the best by score are shown."
    )
    title = f"{name}: novel edges that ChIP-seq in {cell_type} supports"
    return Table(title, header, rows, numeric=frozenset({0, 3, 4, 5, 7}), note=note)


def exam_table(exam: Mapping[str, Any]) -> Table:
    """Return one exam in numbers, one row a network, best swap AUROC first."""
    figures = {
        "swap AUROC": ("swap_auroc", "swap_interval"),
        "macro swap": ("macro_swap", ""),
        "AUROC": ("auroc", "auroc_interval"),
        "AUPRC ratio": ("ratio", ""),
        "precision at 100": ("precision_at_100", ""),
        "top-100 enrichment": ("top100_enrichment", "top100_interval"),
        "ties": ("tie_rate", ""),
    }
    rows = [
        (row["name"], *(_figure(row, metric, interval) for metric, interval in figures.values()))
        for row in exam["rows"]
    ]
    marked = frozenset(number for number, row in enumerate(exam["rows"]) if row["name"] == MODEL)
    numeric = frozenset(range(1, len(figures) + 1))
    return Table(f"{exam['name']} ({exam['context']})", ("network", *figures), rows, numeric, marked)


def licence_table(store: GraphStore, materials: Sequence[Material]) -> Table:
    """Return which licences bind what each run predicts, strictest first."""
    sources = {row["source_id"]: row for row in store.read(training.SOURCES)}
    rows = []
    for material in materials:
        used = [sources[source_id] for source_id in material.run["source_ids"] if source_id in sources]
        used.sort(key=lambda row: LICENCE_CLASSES.index(row["licence_class"]), reverse=True)
        named = "; ".join(f"{row['name']} ({row['licence']})" for row in used)
        dataset = f"{material.dataset['name']}: {material.dataset['licence'] or 'not stated'}"
        rows.append((material.run_id, material.run["licence_class"], named or NONE, dataset))
    return Table("Licences", ("run", "class of its edges", "trained on", "cells"), rows)


def _figure(row: Mapping[str, Any], metric: str, interval: str) -> str:
    if row.get(metric) is None:
        return NONE
    low, high = row.get(f"{interval}_low"), row.get(f"{interval}_high")
    text = f"{row[metric]:.3f}"
    return text if low is None or high is None else f"{text} ({low:.3f}, {high:.3f})"


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else NONE


def _seconds(value: object) -> str:
    """Return seconds of a run, which may be written down by stage."""
    stages = value.values() if isinstance(value, Mapping) else [value]
    known = [float(each) for each in stages if isinstance(each, int | float)]
    return f"{sum(known):,.0f}" if known else NONE
