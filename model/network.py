"""From a data set in the graph to a network: metacells, backbone, head, lags. Nothing is written here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.cypher import training as statements
from graph.errors import NotFoundError
from graph.progress import Progress, silent
from graph.runs import MAX_EDGES_PER_CONTEXT
from graph.store import GraphStore
from graph.validation.evidence import chip_sources
from graph.validation.universe import Universe
from model.coexpression import pearson, pearson_sign
from model.data import Neighbourhoods, read_neighbourhoods
from model.edges.context import levels_of
from model.edges.fit import HeadConfig, HeadScores, fit_head
from model.edges.folds import EdgeSplit, split_edges
from model.edges.gathered import gather
from model.epiaware.config import BackboneConfig
from model.epiaware.fit import fit_backbone
from model.epiaware.fitted import FittedBackbone
from model.evidence import read_graph_evidence
from model.lags.config import LagConfig
from model.lags.results import EdgeLags, GeneLags
from model.matrices import cell_labels, read_matrices
from model.metacells import Metacells, make_metacells
from model.timing import chromatin_lags, edge_lags

Scores = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class NetworkConfig:
    """Everything that decides a network, saved with its run.

    Parameters
    ----------
    source_id, confidences
        The training source, and which of its levels train; None for all.
    min_cells_context
        Cells of a context in which both ends of its edges must be counted.
    top_targets
        Targets that each regulator keeps in each context.
    top_links
        Peaks that each gene keeps in each context.
    cells_each
        Cells of a metacell.
    chip
        Whether ChIP-seq is read as evidence; without, ChIP-seq may judge the network.
    """

    source_id: str = "dorothea"
    confidences: tuple[str, ...] | None = ("A", "B")
    min_cells_context: int = 3
    top_targets: int = 200
    top_links: int = 5
    cells_each: int = 10
    chip: bool = False
    backbone: BackboneConfig = field(default_factory=BackboneConfig.cpu)
    head: HeadConfig = field(default_factory=HeadConfig)
    lags: LagConfig = field(default_factory=LagConfig)


@dataclass(frozen=True)
class PairScores:
    """What stage 2 says of all ordered pairs in all contexts.

    Parameters
    ----------
    universe
        Regulators of the training source x measured genes.
    scores, uncertainty
        `(num_contexts, num_regulators, num_measured)` in [0, 1]: the probability that the training source
        lists the pair, and its standard deviation over the members of the ensemble.
    """

    universe: Universe
    split: EdgeSplit
    scores: Scores
    uncertainty: Scores
    head: HeadScores


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
    chromatin_lags
        One for each measured gene.
    seconds
        Time that the inference took.
    """

    run_id: str
    dataset_id: str
    config: NetworkConfig
    seed: int
    source_ids: tuple[str, ...]
    hoods: Neighbourhoods
    pairs: PairScores
    sign: npt.NDArray[np.int8]
    correlation: Scores
    kept: tuple[Integers, ...]
    edge_lags: EdgeLags
    chromatin_lags: GeneLags
    backbone: FittedBackbone
    seconds: float = 0.0

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
            "stage1_held_out_nll": self.backbone.held_out_nll,
            "stage1_baseline_nll": self.backbone.baseline_nll,
            "blend": asdict(self.pairs.head.head.blend),
            "calibration": asdict(self.pairs.head.head.calibration),
            "feature_worth": {name: dict(gains) for name, gains in self.pairs.head.worth.items()},
            "seconds": round(self.seconds, 1),
        }


def infer_network(
    store: GraphStore, dataset_id: str, *, config: NetworkConfig, seed: int, progress: Progress = silent
) -> Network:
    """Return the network of a data set: read the graph, train both stages, score every pair, estimate lags.

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
    matrices = read_matrices(hoods)
    progress("grouping cells into metacells", None)
    metacells = make_metacells(
        matrices.rna, matrices.atac, labels=cell_labels(hoods, matrices), cells_each=config.cells_each,
        seed=seed,
    )  # fmt: skip
    backbone = fit_backbone(hoods, metacells, config=config.backbone, seed=seed, progress=progress)
    pairs = _score_pairs(store, hoods, metacells, backbone, config=config, seed=seed, progress=progress)
    kept = tuple(
        best_pairs(scores, eligible(hoods, pairs.universe, context=number), top=config.top_targets)
        for number, scores in enumerate(pairs.scores)
    )
    progress("estimating lags", None)
    r = pearson(metacells.rna, hoods.regulator_gene)
    return Network(
        run_id=planned_run_id(store, hoods.dataset, config=config, seed=seed),
        dataset_id=dataset_id,
        config=config,
        seed=seed,
        source_ids=used_sources(store, config, species=hoods.dataset["species"]),
        hoods=hoods,
        pairs=pairs,
        sign=_signs(hoods, r, num_metacells=len(metacells.labels)),
        correlation=r,
        kept=kept,
        edge_lags=edge_lags(matrices, hoods, kept[0], config=config.lags, seed=seed),
        chromatin_lags=chromatin_lags(
            matrices, hoods, backbone.link_weights(), config=config.lags, seed=seed
        ),
        backbone=backbone,
    )


def best_pairs(scores: Scores, allowed: Mask, *, top: int) -> Integers:
    """Return the regulators and targets of the best allowed pairs, `(2, num_kept)`.

    Each regulator keeps at most `top` targets, best first; all together at most 100,000, the best ones.
    """
    masked = np.where(allowed, scores, -np.inf)
    num_kept = min(top, scores.shape[1])
    target = np.argsort(-masked, axis=1, kind="stable")[:, :num_kept].ravel()  # (T * num_kept,)
    regulator = np.repeat(np.arange(len(scores)), num_kept)
    kept = np.flatnonzero(allowed[regulator, target])
    if len(kept) > MAX_EDGES_PER_CONTEXT:
        order = np.argsort(-scores[regulator[kept], target[kept]], kind="stable")
        kept = np.sort(kept[order[:MAX_EDGES_PER_CONTEXT]])
    return np.stack([regulator[kept], target[kept]])


def eligible(hoods: Neighbourhoods, universe: Universe, *, context: int) -> Mask:
    """Return the pairs whose two ends the cells of a context show, self pairs never."""
    shown = hoods.regulator_detected[context][:, None] & hoods.detected[context][None, :]
    allowed: Mask = shown & ~universe.mask(universe.self_codes())
    return allowed


def planned_run_id(store: GraphStore, dataset: Mapping[str, Any], *, config: NetworkConfig, seed: int) -> str:
    """Return the run id of a training before it is done, so that it need not be done twice."""
    used = used_sources(store, config, species=dataset["species"])
    hashes = {row["source_id"]: row["sha256"] for row in store.read(statements.SOURCES)}
    content = {
        "config": asdict(config),
        "seed": seed,
        "dataset": dataset["fingerprint"],
        "sources": {source_id: hashes[source_id] for source_id in used},
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return f"{dataset['dataset_id']}-{digest[:12]}"


def used_sources(store: GraphStore, config: NetworkConfig, *, species: str) -> tuple[str, ...]:
    """Return the sources that reach the scores: labels, families of regulators, gene sets, ChIP-seq.

    Raises
    ------
    NotFoundError
        If the training source is not in the graph.
    """
    known = {row["source_id"] for row in store.read(statements.SOURCES)}
    if config.source_id not in known:
        raise NotFoundError(
            f"no source {config.source_id!r} in the graph", suggestions=sorted(known),
            hint="`cisgraph ingest source` loads one",
        )  # fmt: skip
    sets = {row["source_id"] for row in store.read(statements.GENE_SET_SOURCES, species=species)}
    chip = set(chip_sources(store, species=species)) if config.chip else set()
    return tuple(sorted({config.source_id, *(known & {FAMILY_SOURCES.get(species, "")}), *sets, *chip}))


FAMILY_SOURCES = {"human": "jaspar2024", "mouse": "jaspar2024_mouse"}
"""Source of the families of regulators, by species."""


def _score_pairs(
    store: GraphStore,
    hoods: Neighbourhoods,
    metacells: Metacells,
    backbone: FittedBackbone,
    *,
    config: NetworkConfig,
    seed: int,
    progress: Progress,
) -> PairScores:
    universe = Universe.of(hoods.regulator_ids.tolist(), hoods.gene_ids[: hoods.num_measured].tolist())
    split = split_edges(
        hoods.prior_index, num_measured=hoods.num_measured, test_rate=config.head.test_rate,
        validation_rate=config.head.validation_rate, seed=seed,
    )  # fmt: skip
    progress("reading evidence from the graph", None)
    evidence = read_graph_evidence(store, hoods, chip=config.chip)
    inputs = gather(hoods, evidence, metacells, z=backbone.embed())
    head = fit_head(split, inputs, universe=universe, config=config.head, seed=seed, progress=progress)
    levels = levels_of(
        metacells, hoods.contexts, near_index=hoods.near_index, link_weight=backbone.link_weights()
    )
    scores = [
        head.head.calibration.probability(head.logits + levels.shift(number, hoods.regulator_gene))
        for number in range(len(hoods.contexts))
    ]
    uncertainty = np.broadcast_to(head.uncertainty, (len(scores), *universe.shape))
    return PairScores(universe, split, np.stack(scores), uncertainty, head)


def _signs(hoods: Neighbourhoods, r: Scores, *, num_metacells: int) -> npt.NDArray[np.int8]:
    """Return the sign that the training source states, else that of a co-variation beyond chance."""
    sign = pearson_sign(r, num_metacells=num_metacells)
    told = (hoods.prior_index[1] < hoods.num_measured) & (hoods.prior_sign != 0)
    sign[tuple(hoods.prior_index[:, told])] = hoods.prior_sign[told]
    return sign
