"""Writes baselines as runs of their own kind: `BASELINE` relationships, and all scores to Parquet."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graph import runs
from graph.cypher import training as statements
from graph.errors import NotFoundError
from graph.progress import Progress, silent
from graph.schema import Run, context_id, strictest
from graph.store import GraphStore
from graph.tables import BASELINES
from graph.validation.score_files import EDGES_FILE, SCORES_FILE, score_column
from graph.validation.universe import Codes, Universe
from graph.validation.views import hidden_view, open_view
from model.baselines.contract import Baseline, Given, Scores, Signs
from model.baselines.reading import Bench
from model.data import ALL_CELLS
from model.edges.folds import split_edges
from model.edges.head import HeadConfig
from model.kept import best_pairs, eligible
from model.writeback import Evidence, edge_ranks, read_evidence


@dataclass(frozen=True)
class Plan:
    """How baselines are made; with the same seed their split is that of a prediction with default rates.

    Attributes
    ----------
    top_targets
        Targets that each regulator keeps in the graph; the file has all scores.
    """

    seed: int
    top_targets: int = 200
    test_rate: float = HeadConfig.test_rate
    validation_rate: float = HeadConfig.validation_rate


@dataclass(frozen=True)
class WrittenBaseline:
    """One baseline in the graph, and whether it was there before."""

    run_id: str
    name: str
    num_edges: int
    was_there: bool


@dataclass(frozen=True)
class _Parts:
    """Codes of the training source's edges, by what a run does with them."""

    train: Codes
    validation: Codes
    test: Codes


def write_baselines(
    store: GraphStore,
    bench: Bench,
    baselines: Sequence[Baseline],
    *,
    plan: Plan,
    runs_dir: Path,
    code_version: str,
    progress: Progress = silent,
) -> list[WrittenBaseline]:
    """Write each baseline as a run; one that is complete already, with its file, is left as it is.

    What is fitted sees training and validation edges only: test edges are removed from every source that
    carries them.

    Raises
    ------
    InputError
        If the training source has too few edges at measured genes.
    """
    parts = _split(bench, plan)
    shown = np.concatenate([parts.train, parts.validation])
    hiding = hidden_view(
        bench.evidence, training_source=bench.training_source, train=shown, hidden=parts.test
    )
    everything = open_view(bench.evidence, training_source=bench.training_source)
    evidence = read_evidence(store, bench.universe)
    written = []
    for number, baseline in enumerate(baselines):
        progress(f"baseline {baseline.name}", number / len(baselines))
        given = bench.given(hiding if baseline.learns else everything)
        run = _planned(store, bench, baseline, given, plan=plan)
        before = _complete(store, run)
        if before is not None:
            written.append(
                WrittenBaseline(run.run_id, baseline.name, int(before["num_edges"]), was_there=True)
            )
            continue
        folder = runs_dir / run.run_id
        runs.begin(
            store,
            _with_files(run, folder=folder, code_version=code_version),
            source_ids=sorted(baseline.sources(given)),
        )
        scores = baseline.score(given, plan.seed)
        write_files(folder, scores, bench.universe, parts)
        signs = np.zeros(scores.shape, np.int8) if baseline.signs is None else baseline.signs(given)
        edges = best_edges(bench, scores, signs, evidence=evidence, run_id=run.run_id, top=plan.top_targets)
        num_edges = runs.write_context(store, BASELINES, edges)
        runs.publish(store, run.run_id, metrics={"method": baseline.name}, num_edges=num_edges, num_links=0)
        written.append(WrittenBaseline(run.run_id, baseline.name, num_edges, was_there=False))
    return written


def best_edges(
    bench: Bench, scores: Scores, signs: Signs, *, evidence: Evidence, run_id: str, top: int
) -> pd.DataFrame:
    """Return the best edges of a baseline in the columns of `BASELINE`; a score of 0 or less is no edge."""
    allowed = eligible(bench.hoods, bench.universe, context=0) & (scores > 0)
    regulator, target = best_pairs(scores, allowed, top=top)
    kept = scores[regulator, target]
    return pd.DataFrame(
        {
            "source": bench.hoods.regulator_ids[regulator],
            "target": bench.hoods.gene_ids[target],
            "run_id": run_id,
            "context_id": context_id(bench.hoods.dataset["dataset_id"], ALL_CELLS),
            "score": kept,
            "rank": edge_ranks(regulator, kept),
            "sign": signs[regulator, target],
            "evidence_count": evidence.num_sources[regulator, target],
            "novel": ~evidence.curated[regulator, target],
        }
    )


def write_files(folder: Path, scores: Scores, universe: Universe, parts: _Parts) -> None:
    """Write all scores, one row a pair, and which edges of the training source the run saw."""
    folder.mkdir(parents=True, exist_ok=True)
    regulators, targets = np.divmod(np.arange(universe.num_codes), universe.num_targets)
    table = pa.table(
        {
            "source": pa.DictionaryArray.from_arrays(regulators.astype(np.int32), universe.regulators),
            "target": pa.DictionaryArray.from_arrays(targets.astype(np.int32), universe.targets),
            score_column(ALL_CELLS): scores.ravel(),
        }
    )
    pq.write_table(table, folder / SCORES_FILE, compression="zstd", row_group_size=universe.num_targets)
    edges = [
        universe.decode(getattr(parts, name)).assign(part=name) for name in ("train", "validation", "test")
    ]
    pd.concat(edges).to_parquet(folder / EDGES_FILE, index=False)


def _split(bench: Bench, plan: Plan) -> _Parts:
    hoods, num_targets = bench.hoods, bench.universe.num_targets
    split = split_edges(
        hoods.prior_index, num_measured=hoods.num_measured, test_rate=plan.test_rate,
        validation_rate=plan.validation_rate, seed=plan.seed,
    )  # fmt: skip
    codes = [part[0] * num_targets + part[1] for part in (split.train, split.validation, split.test)]
    return _Parts(*codes)


def _planned(store: GraphStore, bench: Bench, baseline: Baseline, given: Given, *, plan: Plan) -> Run:
    used = sorted(baseline.sources(given) | {bench.training_source})
    rows = {row["source_id"]: row for row in store.read(statements.SOURCES)}
    dataset = bench.hoods.dataset
    config = {
        "method": baseline.name,
        "source_id": bench.training_source,
        "top_targets": plan.top_targets,
        "test_rate": plan.test_rate,
        "validation_rate": plan.validation_rate,
    }
    content = {
        "config": config,
        "seed": plan.seed,
        "dataset": dataset["fingerprint"],
        "universe": hashlib.sha256(repr(bench.universe).encode()).hexdigest(),
        "sources": {name: rows[name]["sha256"] for name in used},
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    name = baseline.name.replace(":", "-")
    return Run(
        run_id=f"{dataset['dataset_id']}-baseline-{name}-{digest[:12]}",
        kind="baseline",
        dataset_id=dataset["dataset_id"],
        config=json.dumps(config, sort_keys=True),
        seed=plan.seed,
        code_version="",
        licence_class=strictest([rows[name]["licence_class"] for name in sorted(baseline.sources(given))]),
    )


def _with_files(run: Run, *, folder: Path, code_version: str) -> Run:
    return Run(
        run_id=run.run_id,
        kind=run.kind,
        dataset_id=run.dataset_id,
        config=run.config,
        seed=run.seed,
        code_version=code_version,
        licence_class=run.licence_class,
        scores_path=str(folder / SCORES_FILE),
    )


def _complete(store: GraphStore, run: Run) -> Mapping[str, Any] | None:
    """Return a run that need not be made again; one whose file is gone is deleted."""
    try:
        found = runs.get(store, run.run_id)
    except NotFoundError:
        return None
    if found["state"] != "complete":
        return None
    if not Path(found["scores_path"]).exists():
        runs.delete(store, run.run_id)
        return None
    return found
