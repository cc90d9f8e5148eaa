"""From a data set in the graph to a network: metacells, backbone, head, lags. Nothing is written here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.progress import Progress, silent
from graph.store import GraphStore
from model.coexpression import pearson, pearson_sign
from model.data import Neighbourhoods, read_neighbourhoods
from model.edges.context import levels_of
from model.edges.folds import split_edges
from model.edges.gathered import gather
from model.epiaware.fitted import FittedBackbone
from model.evidence import GraphEvidence, read_graph_evidence
from model.kept import SURE, best_pairs, eligible
from model.lags.results import EdgeLags, GeneLags
from model.link_regions import read_start_distance
from model.links import LinkEvidence, gather_links
from model.matrices import Matrices, cell_labels, read_matrices
from model.metacells import Metacells, make_metacells, metacell_size
from model.network_config import NetworkConfig
from model.pair_scores import PairScores, score_pairs
from model.run_plan import RunPlan, current_release, planned_run_id, used_sources
from model.stage1 import trained_backbone
from model.timing import cell_timing, check_timing, context_lags, edge_lags

Scores = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Read:
    """A data set as both stages see it.

    Parameters
    ----------
    links
        How strongly each gene is linked to its candidate peaks.
    release
        Release of the graph that it was read from; None for a graph that never had one.
    """

    hoods: Neighbourhoods
    matrices: Matrices
    metacells: Metacells
    backbone: FittedBackbone
    links: LinkEvidence
    release: str | None


@dataclass(frozen=True)
class Network:
    """All that was inferred from a data set, before anything is written.

    Parameters
    ----------
    sign
        `(num_regulators, num_measured)` in -1, 0, 1; 0 when unsure.
    correlation
        Pearson r over metacells, of the same shape; 0 where it is not defined.
    kept
        Regulators and targets of the edges that each context keeps, `(2, num_kept)` by context.
    edge_lags
        Of the edges that the first context, all cells, keeps.
    context_lags
        Of the chromatin of each measured gene, in the cells of each context.
    collections
        Collections of gene sets that the features read.
    notes
        Counts of what could not be used, such as genes without an ortholog.
    seconds
        Time that the inference took.
    """

    plan: RunPlan
    read: Read
    collections: tuple[str, ...]
    pairs: PairScores
    sign: npt.NDArray[np.int8]
    correlation: Scores
    kept: tuple[Integers, ...]
    edge_lags: EdgeLags
    context_lags: tuple[GeneLags, ...]
    notes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def dataset_id(self) -> str:
        """Id of the data set."""
        return str(self.hoods.dataset["dataset_id"])

    @property
    def chromatin_lags(self) -> GeneLags:
        """Chromatin lags over all cells."""
        return self.context_lags[0]

    @property
    def links(self) -> LinkEvidence:
        """How strongly each gene is linked to its candidate peaks."""
        return self.read.links

    @property
    def hoods(self) -> Neighbourhoods:
        """Candidate neighbourhoods that it was inferred from."""
        return self.read.hoods

    @property
    def metrics(self) -> dict[str, Any]:  # JSON
        """Return what the run keeps of its training."""
        hoods, split = self.hoods, self.pairs.split
        return {
            "num_regulators": hoods.num_regulators,
            "num_genes": hoods.num_measured,
            "num_peaks": len(hoods.peak_ids),
            "num_near": hoods.near_index.shape[1],
            "num_train_edges": split.train.shape[1],
            "num_validation_edges": split.validation.shape[1],
            "num_test_edges": split.test.shape[1],
            "stage1_held_out_nll": self.read.backbone.held_out_nll,
            "stage1_baseline_nll": self.read.backbone.baseline_nll,
            "blend": asdict(self.pairs.head.head.blend),
            "calibration": asdict(self.pairs.head.head.calibration),
            "feature_worth": {name: dict(gains) for name, gains in self.pairs.head.worth.items()},
            "release": self.read.release,
            "not_used": dict(self.notes),
            "seconds": round(self.seconds, 1),
        }


def infer_network(
    store: GraphStore,
    dataset_id: str,
    *,
    config: NetworkConfig,
    seed: int,
    models_dir: Path,
    progress: Progress = silent,
) -> Network:
    """Return the network of a data set: read the graph, train both stages, score every pair, estimate lags.

    Parameters
    ----------
    models_dir
        Folder in which stage 1 is kept, and found again.

    Raises
    ------
    NotFoundError
        If the data set or the training source is not in the graph.
    InputError
        If the two have too little in common, or a matrix file is gone.
    """
    progress("reading candidate neighbourhoods from the graph", None)
    hoods = read_neighbourhoods(
        store, dataset_id, source_id=config.source_id, confidences=config.confidences,
        min_cells_context=config.min_cells_context,
    )  # fmt: skip
    read = read_cells(store, hoods, config=config, seed=seed, models_dir=models_dir, progress=progress)
    progress("reading evidence from the graph", None)
    evidence = read_graph_evidence(store, hoods, chip=config.chip)
    split = split_edges(
        hoods.prior_index, num_measured=hoods.num_measured, test_rate=config.head.test_rate,
        validation_rate=config.head.validation_rate, seed=seed,
    )  # fmt: skip
    pairs = score_pairs(
        hoods,
        gather(hoods, evidence, read.metacells, z=read.backbone.embed()),
        split,
        head=config.head,
        levels=levels_of(
            read.metacells, hoods.contexts, near_index=hoods.near_index,
            link_weight=read.backbone.link_weights(),
        ),
        seed=seed,
        progress=progress,
    )  # fmt: skip
    plan = RunPlan(
        planned_run_id(store, hoods.dataset, config=config, seed=seed),
        used_sources(store, config, species=hoods.dataset["species"]),
        config,
        seed,
    )
    return finished(read, pairs, evidence, plan=plan, progress=progress)


def read_cells(
    store: GraphStore,
    hoods: Neighbourhoods,
    *,
    config: NetworkConfig,
    seed: int,
    models_dir: Path,
    progress: Progress = silent,
) -> Read:
    """Return the cells of a data set, grouped and seen by stage 1, which no label reaches."""
    matrices = read_matrices(hoods)
    check_timing(matrices, hoods, config=config.lags)
    progress("grouping cells into metacells", None)
    metacells = make_metacells(
        matrices.rna, matrices.atac, labels=cell_labels(hoods, matrices), seed=seed,
        cells_each=metacell_size(matrices.rna.shape[0], at_most=config.cells_each),
    )  # fmt: skip
    release = current_release(store)
    backbone = trained_backbone(
        hoods, metacells, config=config.backbone, seed=seed, models_dir=models_dir, release=release,
        progress=progress,
    )  # fmt: skip
    links = gather_links(
        metacells, hoods, backbone, start_distance=read_start_distance(store, hoods), seed=seed
    )
    return Read(hoods, matrices, metacells, backbone, links, release)


def finished(
    read: Read, pairs: PairScores, evidence: GraphEvidence, *, plan: RunPlan, progress: Progress = silent
) -> Network:
    """Return the network of scored pairs: what each context keeps, signs, lags."""
    hoods, config = read.hoods, plan.config
    kept = tuple(
        best_pairs(scores, eligible(hoods, pairs.universe, context=number), top=config.top_targets, sure=SURE)
        for number, scores in enumerate(pairs.scores)
    )
    progress("estimating lags", None)
    timing = cell_timing(read.matrices, hoods, config=config.lags, seed=plan.seed)
    r = pearson(read.metacells.rna, hoods.regulator_gene)
    return Network(
        plan=plan,
        read=read,
        collections=tuple(name for name, _ in evidence.collections),
        pairs=pairs,
        sign=_signs(hoods, r, num_metacells=len(read.metacells.labels)),
        correlation=r,
        kept=kept,
        edge_lags=edge_lags(read.matrices, hoods, kept[0], timing=timing, config=config.lags, seed=plan.seed),
        context_lags=context_lags(
            read.matrices, hoods, read.backbone.link_weights(),
            timing=timing, config=config.lags, seed=plan.seed,
        ),
    )  # fmt: skip


def _signs(hoods: Neighbourhoods, r: Scores, *, num_metacells: int) -> npt.NDArray[np.int8]:
    """Return the sign that the training source states, else that of a co-variation beyond chance."""
    sign = pearson_sign(r, num_metacells=num_metacells)
    told = (hoods.prior_index[1] < hoods.num_measured) & (hoods.prior_sign != 0)
    sign[tuple(hoods.prior_index[:, told])] = hoods.prior_sign[told]
    return sign
