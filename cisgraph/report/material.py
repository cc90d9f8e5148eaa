"""What a run left in the graph, read once for all sections of the report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph import runs
from graph.cypher import report as statements
from graph.cypher import training
from graph.errors import InputError
from graph.store import GraphStore, Row


@dataclass(frozen=True)
class Material:
    """A complete run, its data set and what the data set's contexts are judged by.

    Attributes
    ----------
    config, metrics
        The JSON objects of the run.
    dataset, contexts
        Properties of the data set and of its contexts, by name.
    cell_types
        Cell type of the ChIP-seq that matches a context, by the context's name.
    """

    run: Row
    config: Mapping[str, Any]  # JSON
    metrics: Mapping[str, Any]  # JSON
    dataset: Row
    contexts: Sequence[Row]
    cell_types: Mapping[str, str]

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return str(self.run["run_id"])

    @property
    def exams(self) -> list[dict[str, Any]]:
        """Exams that the run sat, empty before it was validated."""
        return list(self.metrics.get("validation", []))

    @property
    def matched(self) -> list[tuple[Row, str]]:
        """Contexts with ChIP-seq of their cell type, and that cell type."""
        return [(c, self.cell_types[c["name"]]) for c in self.contexts if c["name"] in self.cell_types]


def read_material(store: GraphStore, run_ids: Sequence[str]) -> list[Material]:
    """Return the material of some runs, in this order.

    Raises
    ------
    InputError
        If no run is named, or one is not complete.
    NotFoundError
        If a run is not in the graph.
    """
    if not run_ids:
        raise InputError("a report needs at least one run, none was named", hint="name a complete run")
    found = [runs.get(store, run_id) for run_id in dict.fromkeys(run_ids)]
    faults = [f"{run['run_id']} is {run['state']}" for run in found if run["state"] != "complete"]
    if faults:
        raise InputError("only complete runs can be reported", faults=faults, hint="train again")
    chip_cell_types = {row["cell_type"] for row in store.read(statements.CHIP_CELL_TYPES)}
    return [_material(store, run, chip_cell_types) for run in found]


def _material(store: GraphStore, run: Row, chip_cell_types: set[str]) -> Material:
    rows = store.read(training.DATASET, dataset_id=run["dataset_id"])
    if not rows:
        raise InputError(
            f"data set {run['dataset_id']} of run {run['run_id']} is not whole in the graph",
            hint="`cisgraph ingest dataset` loads it again",
        )
    metrics = json.loads(run["metrics"])
    contexts = rows[0]["contexts"]
    judged = {
        exam["context"]: exam["cell_type"] for exam in metrics.get("validation", []) if exam["cell_type"]
    }
    same_name = {c["name"]: c["name"] for c in contexts if c["name"] in chip_cell_types}
    return Material(
        run=run,
        config=json.loads(run["config"]),
        metrics=metrics,
        dataset=rows[0]["dataset"],
        contexts=contexts,
        cell_types={**same_name, **judged},
    )
