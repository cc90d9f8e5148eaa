"""From a data set of the graph to what baselines are given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from graph.cypher import validate as statements
from graph.progress import Progress, silent
from graph.store import GraphStore
from graph.validation.evidence import CURATED_LEVELS, BoundPairs, Evidence, read_evidence
from graph.validation.universe import Universe
from graph.validation.views import TrainingView
from model.baselines.contract import Cells, Given, Scores
from model.data import Neighbourhoods, read_neighbourhoods
from model.matrices import cell_labels, read_matrices
from model.metacells import USUAL_CELLS_EACH, Metacells, make_metacells, metacell_size

MIN_CELLS_CONTEXT = 3


@dataclass(frozen=True)
class Bench:
    """A data set, all evidence on its universe, and what its cells show.

    Attributes
    ----------
    training_source
        Id of the database that methods learn from.
    """

    hoods: Neighbourhoods
    metacells: Metacells
    training_source: str
    evidence: Evidence
    cells: Cells
    bound: dict[str, BoundPairs]

    @property
    def universe(self) -> Universe:
        """Regulators of the training source x genes counted in at least five cells."""
        return self.evidence.universe

    def given(self, view: TrainingView) -> Given:
        """Return what a method gets that may see a view."""
        return Given(view=view, cells=self.cells, bound=self.bound)


def read_bench(
    store: GraphStore,
    dataset_id: str,
    *,
    source_id: str = "dorothea",
    confidences: Sequence[str] | None = None,
    cells_each: int = USUAL_CELLS_EACH,
    seed: int,
    progress: Progress = silent,
) -> Bench:
    """Return everything that baselines read of a data set.

    Parameters
    ----------
    confidences
        Levels of the training source; without any, those that count as curated.

    Raises
    ------
    NotFoundError
        If the data set or the training source is not in the graph.
    InputError
        If a matrix file is gone, or the two have nothing in common.
    """
    levels = CURATED_LEVELS.get(source_id) if confidences is None else tuple(confidences)
    progress("reading the data set and the evidence from the graph", None)
    hoods = read_neighbourhoods(
        store, dataset_id, source_id=source_id, confidences=levels, min_cells_context=MIN_CELLS_CONTEXT
    )
    universe = Universe.of(hoods.regulator_ids.tolist(), hoods.gene_ids[: hoods.num_measured].tolist())
    wanted = {**CURATED_LEVELS} | ({} if levels is None else {source_id: levels})
    evidence = read_evidence(store, universe, levels=wanted)
    progress("grouping cells into metacells", None)
    matrices = read_matrices(hoods)
    metacells = make_metacells(
        matrices.rna, matrices.atac, labels=cell_labels(hoods, matrices), seed=seed,
        cells_each=metacell_size(matrices.rna.shape[0], at_most=cells_each),
    )  # fmt: skip
    cells = Cells(
        expression=log_normalised(metacells.rna).toarray().astype(np.float32),
        accessibility=sp.csc_array(log_normalised(metacells.atac)),
        regulator_target=hoods.regulator_gene,
        near_index=hoods.near_index,
    )
    return Bench(hoods, metacells, source_id, evidence, cells, read_bound(store, dataset_id, universe))


def read_bound(store: GraphStore, dataset_id: str, universe: Universe) -> dict[str, BoundPairs]:
    """Return which regulators bind the nearest peak of which targets, by source; empty without any."""
    rows = store.read_evidence(
        statements.BOUND_NEAREST_PEAKS, dataset_id=dataset_id, regulator_ids=list(universe.regulators)
    )
    if rows.empty:
        return {}
    pairs = rows.explode(["target", "score", "source_ids"]).explode("source_ids")
    codes = universe.row_codes(pairs)
    proper = (codes >= 0) & ~np.isin(codes, universe.self_codes())
    pairs, codes = pairs[proper], codes[proper]
    weights = pairs["score"].to_numpy(dtype=np.float64).clip(min=1e-6)
    names = pairs["source_ids"].to_numpy()
    found = {}
    for name in sorted(set(names)):
        unique, first = np.unique(codes[names == name], return_index=True)
        found[str(name)] = BoundPairs(unique, weights[names == name][first])
    return found


def log_normalised(counts: sp.csr_matrix) -> sp.csr_matrix:
    """Return log(1 + counts per 10,000) of each row."""
    size = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel().clip(min=1)
    return sp.csr_matrix(sp.diags(1e4 / size) @ counts).log1p()


def expression_of(bench: Bench) -> Scores:
    """Return the mean expression of each target, `(num_targets,)`, for expression-matched backgrounds."""
    return np.asarray(bench.cells.expression.mean(axis=0), dtype=np.float32)
