"""The published checks on a data set of the graph: gene sets, bound genes, and what could not be measured."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cisgraph.report.lag_data import TimedCells
from graph.cypher import lags as statements
from graph.cypher import training
from graph.store import GraphStore
from model.lags.published.enrichment import lag_enrichment
from model.lags.published.separation import Separation, target_separation
from model.lags.results import GeneLags

PUBLISHED_FACTORS = ("PAX5", "PAX6", "ASCL1", "HNF4A")
"""Whose bound genes were separated from others by their lags, each in its own tissue (p < 1e-4)."""
GENE_ONTOLOGY = "GO Biological Process"


def check_gene_sets(store: GraphStore, cells: TimedCells, lags: GeneLags, *, num_genes: int) -> pd.DataFrame:
    """Return the GO sets among the genes of the most positive and negative lags, surest first."""
    rows = store.read_frame(training.GENE_SETS, species=cells.hoods.dataset["species"])
    rows = rows[rows["collection"] == GENE_ONTOLOGY] if len(rows) else rows
    sets = dict(zip(rows["set_id"], rows["gene_ids"], strict=True)) if len(rows) else {}
    lag = np.where(lags.tested, lags.lag, np.nan)
    return lag_enrichment(lag, cells.gene_ids.tolist(), sets, num_genes=num_genes)


def check_bound_genes(
    store: GraphStore, cells: TimedCells, lags: GeneLags, *, factors: Sequence[str], seed: int
) -> dict[str, tuple[str, Separation | None]]:
    """Return by factor the cells of its ChIP-seq, and how the lags of its bound genes differ from others.

    None for a factor without ChIP-seq in the graph.
    """
    rows = store.read_frame(
        statements.BOUND_GENES, species=cells.hoods.dataset["species"], symbols=list(factors)
    )
    found = {row["symbol"]: row for row in rows.to_dict("records")}
    level = np.asarray(cells.matrices.rna.mean(axis=0)).ravel()
    lag = np.where(lags.tested, lags.lag, np.nan)
    told: dict[str, tuple[str, Separation | None]] = {}
    for factor in factors:
        if factor not in found:
            told[factor] = ("no ChIP-seq in the graph", None)
            continue
        bound = pd.Index(cells.gene_ids).isin(found[factor]["gene_ids"])
        cell_types = ", ".join(sorted(str(each) for each in found[factor]["cell_types"]))
        told[factor] = (f"ChIP-seq in {cell_types}", target_separation(lag, bound, level, seed=seed))
    return told
