"""What the graph says of genes and regulators besides labels: gene sets, ChIP-seq, names of genes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from graph.cypher import training as statements
from graph.store import GraphStore
from model.data import Neighbourhoods, Strings

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GraphEvidence:
    """Evidence that is nobody's label, on the genes of the neighbourhoods and the regulators' own.

    Parameters
    ----------
    known
        `(num_known,)` gene ids: those of the neighbourhoods, then those of regulators not among them.
    regulators
        `(num_regulators,)` row of each regulator.
    collections
        By name of the collection: csr `(num_known, num_sets)`, 1 for a member. Sets that were derived from
        regulators are not among them.
    experiments
        csr `(num_known, num_experiments)`, 1 where ChIP-seq shows a gene.
    experiment_regulator
        `(num_experiments,)` gene id of the factor.
    names
        `(num_known,)` full names, empty where there is none.
    source_ids
        Sources that were read.
    """

    known: Strings
    regulators: Integers
    collections: tuple[tuple[str, sp.csr_matrix], ...]
    experiments: sp.csr_matrix
    experiment_regulator: Strings
    names: Strings
    source_ids: tuple[str, ...]


def read_graph_evidence(
    store: GraphStore, hoods: Neighbourhoods, *, chip: bool, collections: Sequence[str] | None = None
) -> GraphEvidence:
    """Return the evidence of the graph on a data set's genes; without `chip`, none of ChIP-seq.

    Parameters
    ----------
    collections
        Collections of gene sets that are read; None for all.
    """
    species = hoods.dataset["species"]
    others = pd.Index(hoods.regulator_ids).difference(pd.Index(hoods.gene_ids))
    known = pd.Index(np.concatenate([hoods.gene_ids, others.to_numpy(dtype=object)]))
    sets = store.read_evidence(statements.GENE_SETS, species=species)
    if collections is not None:
        sets = sets[sets["collection"].isin(collections)]
    experiments = (
        store.read_evidence(statements.CHIP_EXPERIMENTS, species=species)
        if chip
        else pd.DataFrame({"source_id": [], "regulator_id": [], "gene_ids": []})
    )
    names = store.read_evidence(statements.GENE_NAMES, gene_ids=known.tolist())
    return GraphEvidence(
        known=known.to_numpy(dtype=object),
        regulators=known.get_indexer(pd.Index(hoods.regulator_ids)).astype(np.int64),
        collections=tuple(
            (str(name), _members(rows["gene_ids"], known)) for name, rows in sets.groupby("collection")
        ),
        experiments=_members(experiments["gene_ids"], known),
        experiment_regulator=experiments["regulator_id"].to_numpy(dtype=object),
        names=names.set_index("gene_id")["name"].reindex(known, fill_value="").to_numpy(dtype=object),
        source_ids=tuple(sorted({*sets["source_id"], *experiments["source_id"]})),
    )


def _members(columns: Iterable[Sequence[str]], known: pd.Index) -> sp.csr_matrix:
    """Return csr `(num_known, num_columns)` of lists of gene ids; genes that are not known are left out."""
    lists = list(columns)
    rows = known.get_indexer(pd.Index([gene for one in lists for gene in one], dtype=object))
    place = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    inside = rows >= 0
    ones = np.ones(int(inside.sum()), dtype=np.float32)
    return sp.csr_matrix((ones, (rows[inside], place[inside])), shape=(len(known), len(lists)))
