"""The one place where predictions become relationships: best edges to the graph, all scores to Parquet."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graph import runs
from graph.cypher import training as statements
from graph.progress import Progress, silent
from graph.schema import LicenceClass, Run, context_id, strictest
from graph.store import GraphStore
from graph.tables import GENE_LAGS, REGULATIONS
from graph.validation.score_files import CORRELATION_COLUMN, EDGES_FILE, SCORES_FILE, score_column
from graph.validation.universe import Universe
from model.lags.results import GeneLags
from model.lags.trajectory_lags import TrajectoryLags
from model.network import Network
from model.trained_model import TrainedModel, save_head

LINKS_FILE = "links.parquet"
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Evidence:
    """What the databases say of the pairs that could be predicted.

    Parameters
    ----------
    num_sources
        `(num_regulators, num_measured)` sources that list the pair, ChIP-seq included.
    curated
        Likewise: a curated source lists it.
    """

    num_sources: npt.NDArray[np.int16]
    curated: Mask


@dataclass(frozen=True)
class Written:
    """What a write-back left in the graph and on disk."""

    run_id: str
    num_edges: int
    num_links: int
    num_gene_lags: int
    edges_by_context: Mapping[str, int]
    folder: Path


def write_network(
    store: GraphStore, network: Network, *, runs_dir: Path, code_version: str, progress: Progress = silent
) -> Written:
    """Write a network as one run: its files, then context by context, visible at the very end.

    A process that dies in between leaves a run in the state `writing`, which no reader shows and the next
    start sweeps.

    Raises
    ------
    ConflictError
        If a complete run has this id.
    """
    folder = runs_dir / network.plan.run_id
    runs.begin(
        store,
        Run(
            run_id=network.plan.run_id,
            kind="prediction",
            dataset_id=network.dataset_id,
            config=json.dumps(asdict(network.plan.config), sort_keys=True),
            seed=network.plan.seed,
            code_version=code_version,
            licence_class=_licence(store, network),
            scores_path=str(folder / SCORES_FILE),
        ),
        source_ids=network.plan.source_ids,
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_files(network, folder)
    evidence = read_evidence(store, network.pairs.universe)
    counts: dict[str, int] = {}
    for position, name in enumerate(network.hoods.contexts):
        progress(f"writing the edges of {name}", position / len(network.hoods.contexts))
        edges = regulations(network, evidence, context=position)
        counts[name] = runs.write_context(store, REGULATIONS, edges)
    num_links = 0
    for position, name in enumerate(network.hoods.contexts):
        progress(f"writing the gene-peak links of {name}", position / len(network.hoods.contexts))
        num_links += runs.write_links(store, links(network, context=position))
    num_lags = store.write_table(GENE_LAGS, gene_lags(network))
    num_edges = sum(counts.values())
    run_id = network.plan.run_id
    runs.publish(store, run_id, metrics=network.metrics, num_edges=num_edges, num_links=num_links)
    return Written(
        run_id=network.plan.run_id,
        num_edges=num_edges,
        num_links=num_links,
        num_gene_lags=num_lags,
        edges_by_context=counts,
        folder=folder,
    )


def write_files(network: Network, folder: Path) -> None:
    """Write all scores (one row a pair, one column a context), the split of the edges, all links, and
    the head.
    """
    universe, split = network.pairs.universe, network.pairs.split
    regulators, targets = np.divmod(np.arange(universe.num_codes), universe.num_targets)
    columns: dict[str, Any] = {  # arrays of arrow and numpy
        "source": pa.DictionaryArray.from_arrays(regulators.astype(np.int32), universe.regulators),
        "target": pa.DictionaryArray.from_arrays(targets.astype(np.int32), universe.targets),
    }
    for scores, name in zip(network.pairs.scores, network.hoods.contexts, strict=True):
        columns[score_column(name)] = scores.ravel()
    columns[CORRELATION_COLUMN] = np.abs(network.correlation).ravel()
    table = pa.table(columns)
    pq.write_table(table, folder / SCORES_FILE, compression="zstd", row_group_size=universe.num_targets)
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    edges = [
        universe.decode(part[0] * universe.num_targets + part[1]).assign(part=name)
        for name, part in parts.items()
    ]
    pd.concat(edges).to_parquet(folder / EDGES_FILE, index=False)
    all_links(network).to_parquet(folder / LINKS_FILE, index=False)
    if not network.plan.config.model:
        save_head(folder, trained_model(network), release=network.read.release)


def all_links(network: Network) -> pd.DataFrame:
    """Return the weight of every gene-peak candidate in every context; the graph has the strongest only."""
    hoods = network.hoods
    gene, peak = hoods.near_index
    weights = {score_column(name): network.links.weights(name) for name in hoods.contexts}
    return pd.DataFrame({"source": hoods.gene_ids[gene], "target": hoods.peak_ids[peak], **weights})


def trained_model(network: Network) -> TrainedModel:
    """Return what a network was scored with, for use on other data."""
    config, split, universe = network.plan.config, network.pairs.split, network.pairs.universe
    test = universe.decode(split.test[0] * universe.num_targets + split.test[1])
    return TrainedModel(
        head=network.pairs.head.head,
        run_id=network.plan.run_id,
        species=network.hoods.dataset["species"],
        source_id=config.source_id,
        confidences=config.confidences,
        chip=config.chip,
        collections=network.collections,
        test_edges=test[["source", "target"]],
    )


def regulations(network: Network, evidence: Evidence, *, context: int) -> pd.DataFrame:
    """Return the best edges of one context, in the columns of `REGULATES`.

    Lags are those of all cells: a context of one time point has none.
    """
    regulator, target = network.kept[context]
    score = network.pairs.scores[context, regulator, target]
    return pd.DataFrame(
        {
            "source": network.hoods.regulator_ids[regulator],
            "target": network.hoods.gene_ids[target],
            "run_id": network.plan.run_id,
            "context_id": context_id(network.dataset_id, network.hoods.contexts[context]),
            "score": score,
            "uncertainty": network.pairs.uncertainty[context, regulator, target],
            "rank": edge_ranks(regulator, score),
            "sign": network.sign[regulator, target],
            **_lag_columns(network, target, context=context),
            "evidence_count": evidence.num_sources[regulator, target],
            "novel": ~evidence.curated[regulator, target],
        }
    )


def links(network: Network, *, context: int) -> pd.DataFrame:
    """Return the strongest gene-peak links of the genes that a context shows, in the columns of `LINKED`."""
    hoods, found, name = network.hoods, network.links, network.hoods.contexts[context]
    best = found.links_of(name, per_gene=network.plan.config.top_links)
    shown = hoods.detected[context][best.gene]
    candidate, place = best.candidate[shown], found.place(name)
    return pd.DataFrame(
        {
            "source": hoods.gene_ids[best.gene[shown]],
            "target": hoods.peak_ids[best.peak[shown]],
            "run_id": network.plan.run_id,
            "context_id": context_id(network.dataset_id, name),
            "weight": best.weight[shown],
            "activity_share": found.share[place, candidate],
            "attention": found.attention[place, candidate],
            "correlation": found.correlation[candidate],
        }
    )


def gene_lags(network: Network) -> pd.DataFrame:
    """Return the chromatin lags that were estimated, in the columns of `HAS_LAG`."""
    rows = [_gene_lags(network, place) for place in range(len(network.hoods.contexts))]
    return pd.concat([each for each in rows if len(each)] or rows[:1], ignore_index=True)


def _gene_lags(network: Network, context: int) -> pd.DataFrame:
    lags = network.context_lags[context]
    estimated = np.flatnonzero(~np.isnan(lags.lag_sign))
    return pd.DataFrame(
        {
            "source": network.hoods.gene_ids[estimated],
            "target": context_id(network.dataset_id, network.hoods.contexts[context]),
            "run_id": network.plan.run_id,
            "lag": lags.lag[estimated],
            "lag_unit": lags.unit,
            "lag_sign": lags.lag_sign[estimated].astype(np.int64),
            "fdr": lags.fdr[estimated],
            "low": lags.low[estimated],
            "high": lags.high[estimated],
            **_window_columns(lags, estimated),
        }
    )


def _window_columns(lags: GeneLags, genes: npt.NDArray[np.intp]) -> dict[str, Any]:
    """Return what is known only where cells lie along time, null elsewhere."""
    if not isinstance(lags, TrajectoryLags):
        return dict.fromkeys(("biphasic", "window_centres", "window_lags", "window_signs"), None)
    windows = lags.windows
    return {
        "biphasic": lags.biphasic[genes],
        "window_centres": [windows.centres.tolist()] * genes.size,
        "window_lags": windows.lag[genes].tolist(),
        "window_signs": windows.sign[genes].tolist(),
    }


def read_evidence(store: GraphStore, universe: Universe) -> Evidence:
    """Return how many sources list each pair, and whether a curated one does."""
    rows = store.read_frame(statements.EVIDENCE, regulator_ids=list(universe.regulators))
    pairs = rows.explode("target_ids", ignore_index=True).rename(
        columns={"regulator_id": "source", "target_ids": "target"}
    )
    codes = universe.row_codes(pairs)
    inside = codes >= 0
    num_sources = np.bincount(codes[inside], minlength=universe.num_codes).astype(np.int16)
    curated = np.zeros(universe.num_codes, dtype=np.bool_)
    curated[codes[inside & (pairs["kind"] == "PRIOR").to_numpy()]] = True
    return Evidence(num_sources=num_sources.reshape(universe.shape), curated=curated.reshape(universe.shape))


def _lag_columns(network: Network, target: Integers, *, context: int) -> dict[str, Any]:
    """Return the lag columns of a context's edges; null where nothing was estimated."""
    lags, chromatin = network.edge_lags, network.chromatin_lags
    if context != 0 or not lags.tested.any():
        return dict.fromkeys(("lag", "lag_unit", "lag_sign", "lag_fdr", "chromatin_lag"), None)
    return {
        "lag": np.where(lags.tested, lags.lag, np.nan),
        "lag_unit": pd.Series(lags.unit, index=range(len(lags.lag))).where(lags.tested, None),
        "lag_sign": pd.array(lags.lag_sign).astype("Int64"),
        "lag_fdr": lags.fdr,
        "chromatin_lag": np.where(chromatin.tested, chromatin.lag, np.nan)[target],
    }


def edge_ranks(regulator: Integers, score: npt.NDArray[np.float32]) -> Integers:
    """Return the rank of each edge among those of its regulator, 1 is best; ties share the lower one."""
    ranks = pd.Series(score).groupby(regulator).rank(method="min", ascending=False)
    return np.asarray(ranks, dtype=np.int64)


def _licence(store: GraphStore, network: Network) -> LicenceClass:
    used = [row for row in store.read(statements.SOURCES) if row["source_id"] in network.plan.source_ids]
    return strictest([row["licence_class"] for row in used])
