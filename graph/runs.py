"""Begin, publish, sweep and delete runs: what makes predictions visible, whole or not at all."""

import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import psutil

from graph.cypher import runs as statements
from graph.errors import ConflictError, InputError, NotFoundError
from graph.schema import Run
from graph.store import GraphStore, Row, RowCount
from graph.tables import LINKS, Table

MAX_EDGES_PER_CONTEXT = 100_000
"""Rows of one transaction that were measured to fit a heap of 2 GB."""

CLOCK_STEP_S = 30
"""Start times are told from the time of boot, which moves when the clock is set."""

ABANDONED_AFTER_S = 24 * 3600
"""A run of another machine that is still writing after a day is taken for dead."""


def begin(store: GraphStore, run: Run, *, source_ids: Sequence[str]) -> None:
    """Write the node of a run in the state `writing`; readers do not see it.

    A dead or failed run of the same id is removed first.

    Raises
    ------
    ConflictError
        If a complete run, or one that another living process writes, has this id.
    NotFoundError
        If a source or the data set is not in the graph.
    """
    _clear_the_way(store, run.run_id)
    wanted = sorted(set(source_ids))
    if not store.write(statements.BEGIN, **asdict(run), writer=this_writer(), source_ids=wanted):
        raise NotFoundError(
            f"run {run.run_id}: its data set {run.dataset_id} or one of its sources {wanted} "
            "is not in the graph",
            hint="`cisgraph ingest` loads them",
        )


def write_context(store: GraphStore, table: Table, edges: pd.DataFrame) -> int:
    """Write the edges of one run and one context in one transaction; return their number.

    Raises
    ------
    InputError
        If the edges are of several contexts or runs, or more than 100,000.
    """
    if edges[["run_id", "context_id"]].drop_duplicates().shape[0] > 1:
        raise InputError(f"{table.name}: one transaction holds one context of one run")
    if len(edges) > MAX_EDGES_PER_CONTEXT:
        raise InputError(
            f"{table.name}: {len(edges):,} edges for one context, at most {MAX_EDGES_PER_CONTEXT:,}",
            hint="raise the score threshold or keep fewer targets for each regulator",
        )
    return store.write_atomic([(table, edges)])


def write_links(store: GraphStore, links: pd.DataFrame, *, on_batch: RowCount | None = None) -> int:
    """Write gene-peak links in batches; they show when their run is complete."""
    return store.write_table(LINKS, links, on_batch=on_batch)


def publish(
    store: GraphStore, run_id: str, *, metrics: Mapping[str, Any], num_edges: int, num_links: int
) -> None:
    """Turn a run complete, and the default of its data set: from now on readers see it.

    Raises
    ------
    ConflictError
        If the run is not being written.
    """
    rows = store.write(
        statements.PUBLISH,
        run_id=run_id,
        metrics=json.dumps(metrics, sort_keys=True),
        num_edges=num_edges,
        num_links=num_links,
    )
    if not rows:
        raise ConflictError(f"run {run_id} is not being written, so it cannot be published")


def set_metrics(store: GraphStore, run_id: str, metrics: Mapping[str, Any]) -> None:
    """Replace the metrics of a run."""
    if not store.write(statements.SET_METRICS, run_id=run_id, metrics=json.dumps(metrics, sort_keys=True)):
        raise NotFoundError(f"no run {run_id}")


def get(store: GraphStore, run_id: str) -> Row:
    """Return the properties of a run and the ids of the sources that it used.

    Raises
    ------
    NotFoundError
        If there is none; the newest ones are suggested.
    """
    rows = store.read(statements.GET, run_id=run_id)
    if not rows:
        known = [row["run_id"] for row in listed(store, limit=5)]
        raise NotFoundError(f"no run {run_id!r} in the graph", suggestions=known)
    return {**rows[0]["run"], "source_ids": sorted(rows[0]["source_ids"])}


def default(store: GraphStore, dataset_id: str, *, kind: str = "prediction") -> str:
    """Return the id of the complete run that a question without a run means.

    Raises
    ------
    NotFoundError
        If the data set has no complete run.
    """
    rows = store.read(statements.DEFAULT, dataset_id=dataset_id, kind=kind)
    if not rows:
        raise NotFoundError(
            f"data set {dataset_id!r} has no complete {kind} run", hint="`cisgraph train` makes one"
        )
    return str(rows[0]["run_id"])


def make_default(store: GraphStore, run_id: str) -> None:
    """Make a complete run the one that a question about its data set without a run means.

    Raises
    ------
    NotFoundError
        If there is no such run.
    ConflictError
        If it is not complete.
    """
    if not store.write(statements.MAKE_DEFAULT, run_id=run_id):
        state = get(store, run_id)["state"]
        raise ConflictError(f"run {run_id} is {state}, only a complete run can be the default")


def listed(store: GraphStore, *, all_states: bool = False, limit: int = 1000) -> list[Row]:
    """Return the runs, newest first; only complete ones unless `all_states`."""
    return store.read(statements.LIST, all_states=all_states, limit=limit)


def delete(store: GraphStore, run_id: str) -> None:
    """Delete a run and all that it wrote, in batches; a killed deletion is finished by the next sweep."""
    store.write(statements.SET_STATE, run_id=run_id, state="deleting")
    for statement in statements.DELETE_ALL:
        store.write_autocommit(statement, run_id=run_id)


def sweep(store: GraphStore) -> list[str]:
    """Delete what dead runs left; return their ids. Runs of living processes stay."""
    dead = [row["run_id"] for row in store.read(statements.UNFINISHED) if not _is_alive(row)]
    for run_id in dead:
        delete(store, run_id)
    return dead


def this_writer() -> str:
    """Return who is writing: host, process id and its start time, so that a reused id is told apart."""
    return f"{socket.gethostname()}|{os.getpid()}|{psutil.Process().create_time():.2f}"


def _clear_the_way(store: GraphStore, run_id: str) -> None:
    rows = store.read(statements.GET, run_id=run_id)
    if not rows:
        return
    state = rows[0]["run"]["state"]
    if state == "complete":
        raise ConflictError(
            f"run {run_id} is already complete", hint=f"`cisgraph runs delete {run_id}` removes it"
        )
    if run_id not in sweep(store):
        raise ConflictError(f"run {run_id} is being written by another process", hint="wait for it to end")


def _is_alive(row: Row) -> bool:
    if row["state"] != "writing":
        return False
    host, pid, created = str(row["writer"]).split("|")
    if host != socket.gethostname():
        return bool(row["age_s"] < ABANDONED_AFTER_S)
    try:
        started = psutil.Process(int(pid)).create_time()
    except psutil.NoSuchProcess:
        return False
    return bool(abs(started - float(created)) < CLOCK_STEP_S)
