"""One bulk, grouped read of the graph -> the neighbourhoods that training needs.

Genes of a data set are those counted in at least five of its cells; the targets of the training source that
the cells do not show follow behind them, because they still tell which regulators are alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from graph.cypher import training as statements
from graph.errors import InputError, NotFoundError
from graph.schema import context_id
from graph.store import GraphStore, Row
from model.geometric import HeteroData

ALL_CELLS = "all"
MIN_CELLS = 5
"""Cells in which a gene must be counted to be in the universe (specs of the evaluation, point 1)."""

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Strings = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Neighbourhoods:
    """What training reads from the graph: candidate neighbourhoods, the prior, who is detected where.

    Parameters
    ----------
    dataset
        Properties of the data set.
    contexts
        Names of its contexts, `all` first.
    gene_ids, symbols
        `(num_genes,)`; the first `num_measured` are counted in the cells.
    regulator_ids, regulator_symbols, tf_families
        `(num_regulators,)` regulators of the training source; a family is empty where unknown.
    regulator_gene
        `(num_regulators,)` index into the measured genes, -1 for a regulator that the cells do not show.
    peak_ids
        `(num_peaks,)` peaks near a measured gene.
    near_index, near_distance
        `(2, num_near)` gene and peak, by gene and nearest first; `(num_near,)` bp.
    prior_index, prior_sign
        `(2, num_edges)` regulator and gene, sorted; `(num_edges,)` in -1, 0, 1.
    detected
        bool `(num_contexts, num_measured)`, counted in at least `min_cells_context` cells of a context.
    regulator_detected
        bool `(num_contexts, num_regulators)`, likewise.
    """

    dataset: Row
    contexts: tuple[str, ...]
    gene_ids: Strings
    symbols: Strings
    num_measured: int
    regulator_ids: Strings
    regulator_symbols: Strings
    tf_families: Strings
    regulator_gene: Integers
    peak_ids: Strings
    near_index: Integers
    near_distance: Floats
    prior_index: Integers
    prior_sign: Integers
    detected: npt.NDArray[np.bool_]
    regulator_detected: npt.NDArray[np.bool_]

    @property
    def num_genes(self) -> int:
        """Number of genes, measured or not."""
        return len(self.gene_ids)

    @property
    def num_regulators(self) -> int:
        """Number of regulators of the training source."""
        return len(self.regulator_ids)

    def hetero(self) -> HeteroData:
        """Return the neighbourhoods as a PyG graph of regulators, genes and peaks."""
        data = HeteroData()
        data["gene"].num_nodes = self.num_genes
        data["peak"].num_nodes = len(self.peak_ids)
        data["regulator"].num_nodes = self.num_regulators
        near = data["gene", "near", "peak"]
        near.edge_index = torch.from_numpy(self.near_index)
        near.edge_attr = torch.from_numpy(self.near_distance)
        prior = data["regulator", "prior", "gene"]
        prior.edge_index = torch.from_numpy(self.prior_index)
        prior.edge_attr = torch.from_numpy(self.prior_sign)
        kin = data["regulator", "kin", "regulator"]
        kin.edge_index = torch.from_numpy(kinship(self.tf_families))
        return data


def _require_peaks(dataset: Row) -> None:
    """Refuse a data set without peaks, such as RNA and protein.

    Raises
    ------
    InputError
        If it has none.
    """
    if not dataset["num_peaks"]:
        raise InputError(
            f"data set {dataset['dataset_id']} has no peaks, and a network is inferred from genes and peaks",
            hint="`cisgraph ingest multiome --atac ...` loads RNA with the ATAC of the same cells",
        )


def read_neighbourhoods(
    store: GraphStore,
    dataset_id: str,
    *,
    source_id: str,
    confidences: Sequence[str] | None,
    min_cells_context: int,
) -> Neighbourhoods:
    """Return the neighbourhoods of a data set and the edges of one training source.

    Parameters
    ----------
    confidences
        Levels of the source that train, such as `("A", "B")` of DoRothEA; None for all.
    min_cells_context
        Cells of a context in which a gene must be counted to take part in that context's edges.

    Raises
    ------
    NotFoundError
        If the data set or the source is not in the graph.
    InputError
        If the data set has no peaks, or no edge of the source ends at a gene that the cells show.
    """
    prior = read_prior(store, source_id, confidences)
    hoods = neighbourhoods_of(store, dataset_id, prior, min_cells_context=min_cells_context)
    if not (hoods.prior_index[1] < hoods.num_measured).any():
        raise InputError(
            f"source {source_id!r} (levels {confidences}) has no target among the {hoods.num_measured:,} "
            f"genes of data set {dataset_id!r}",
            hint="check the species of both, or train on more levels",
        )
    return hoods


def neighbourhoods_of(
    store: GraphStore, dataset_id: str, prior: pd.DataFrame, *, min_cells_context: int
) -> Neighbourhoods:
    """Return the neighbourhoods of a data set and known edges.

    Parameters
    ----------
    prior
        One row a regulator, as `read_prior` gives them.

    Raises
    ------
    NotFoundError
        If the data set is not in the graph.
    InputError
        If it has no peaks.
    """
    dataset, contexts = read_dataset(store, dataset_id)
    genes = store.read_evidence(
        statements.DETECTED_GENES, context_id=context_id(dataset_id, ALL_CELLS), min_cells=MIN_CELLS
    )
    peak_ids, near_index, near_distance = _near(store, dataset, genes["gene_id"].to_numpy())
    gene_ids = _measured_first(genes["gene_id"], prior)
    prior_index, prior_sign = _prior_edges(prior, gene_ids)
    measured = pd.Index(genes["gene_id"])
    regulator_gene = measured.get_indexer(pd.Index(prior["regulator_id"])).astype(np.int64)
    detected, regulator_detected = _detections(
        store, dataset_id, contexts=contexts, measured=measured,
        regulator_ids=prior["regulator_id"].to_numpy(), min_cells=min_cells_context,
    )  # fmt: skip
    regulator_detected &= regulator_gene >= 0  # in too few of all cells, it is no measured gene
    symbols = pd.Series(genes["symbol"].to_numpy(), index=measured).reindex(gene_ids)
    return Neighbourhoods(
        dataset=dataset,
        contexts=contexts,
        gene_ids=gene_ids,
        symbols=symbols.fillna(pd.Series(gene_ids, index=gene_ids)).to_numpy(dtype=object),
        num_measured=len(genes),
        regulator_ids=prior["regulator_id"].to_numpy(dtype=object),
        regulator_symbols=prior["symbol"].to_numpy(dtype=object),
        tf_families=prior["tf_family"].where(prior["tf_family"].notna(), "").to_numpy(dtype=object),
        regulator_gene=regulator_gene,
        peak_ids=peak_ids,
        near_index=near_index,
        near_distance=near_distance,
        prior_index=prior_index,
        prior_sign=prior_sign,
        detected=detected,
        regulator_detected=regulator_detected,
    )


def read_dataset(store: GraphStore, dataset_id: str) -> tuple[Row, tuple[str, ...]]:
    """Return a complete data set's properties, its contexts among them, and their names, `all` first.

    Raises
    ------
    NotFoundError
        If there is none; those that there are, are suggested.
    """
    rows = store.read(statements.DATASET, dataset_id=dataset_id)
    if not rows:
        known = [row["dataset_id"] for row in store.read(statements.DATASET_IDS)]
        raise NotFoundError(
            f"no data set {dataset_id!r} in the graph",
            suggestions=known,
            hint="`cisgraph ingest multiome` loads one",
        )
    names = [context["name"] for context in rows[0]["contexts"]]
    others = sorted(name for name in names if name != ALL_CELLS)
    return {**rows[0]["dataset"], "contexts": rows[0]["contexts"]}, (ALL_CELLS, *others)


def kinship(families: Strings) -> Integers:
    """Return `(2, num_pairs)` ordered pairs of different regulators of one DNA-binding family."""
    same = (families[:, None] == families[None, :]) & (families != "")[:, None]
    np.fill_diagonal(same, val=False)
    return np.stack(np.nonzero(same)).astype(np.int64)


def _near(store: GraphStore, dataset: Row, gene_ids: Strings) -> tuple[Strings, Integers, Floats]:
    _require_peaks(dataset)
    dataset_id = dataset["dataset_id"]
    rows = store.read_evidence(
        statements.NEAR_PEAKS,
        dataset_id=dataset_id,
        context_id=context_id(dataset_id, ALL_CELLS),
        min_cells=MIN_CELLS,
    )
    pairs = rows.explode(["peak_ids", "distances_bp"], ignore_index=True)
    codes, peak_ids = pd.factorize(pairs["peak_ids"], sort=True)
    gene_codes = pd.Index(gene_ids).get_indexer(pd.Index(pairs["gene_id"]))
    near_index = np.stack([gene_codes, codes]).astype(np.int64)  # (2, num_near)
    return np.asarray(peak_ids, dtype=object), near_index, pairs["distances_bp"].to_numpy(dtype=np.float32)


def read_prior(store: GraphStore, source_id: str, confidences: Sequence[str] | None) -> pd.DataFrame:
    """Return the edges of a source, one row a regulator: its `target_ids`, and the sign of each.

    Raises
    ------
    NotFoundError
        If the source is not in the graph, or has no edge of these levels.
    """
    levels = None if confidences is None else list(confidences)
    prior = store.read_evidence(statements.PRIOR_TARGETS, source_id=source_id, confidences=levels)
    if prior.empty:
        known = [row["source_id"] for row in store.read(statements.SOURCES)]
        if source_id in known:
            raise NotFoundError(
                f"no PRIOR edges of source {source_id!r} have one of the levels {levels}",
                hint="leave the levels out to train on all of its edges",
            )
        raise NotFoundError(f"no source {source_id!r} in the graph", suggestions=known)
    return prior


def _measured_first(measured: "pd.Series[str]", prior: pd.DataFrame) -> Strings:
    targets = pd.Index(prior["target_ids"].explode().unique())
    return np.concatenate([measured.to_numpy(dtype=object), targets.difference(pd.Index(measured))])


def _prior_edges(prior: pd.DataFrame, gene_ids: Strings) -> tuple[Integers, Integers]:
    edges = prior[["target_ids", "signs"]].explode(["target_ids", "signs"])
    index = np.stack([edges.index.to_numpy(), pd.Index(gene_ids).get_indexer(pd.Index(edges["target_ids"]))])
    order = np.lexsort((index[1], index[0]))
    return index[:, order].astype(np.int64), edges["signs"].to_numpy(dtype=np.int64)[order]


def _detections(
    store: GraphStore,
    dataset_id: str,
    *,
    contexts: tuple[str, ...],
    measured: pd.Index,
    regulator_ids: Strings,
    min_cells: int,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    targets, regulators = [], []
    for name in contexts:
        rows = store.read_evidence(
            statements.DETECTED_GENES, context_id=context_id(dataset_id, name), min_cells=min_cells
        )
        targets.append(measured.isin(rows["gene_id"]))
        regulators.append(pd.Index(regulator_ids).isin(rows["gene_id"]))
    return np.stack(targets), np.stack(regulators)
