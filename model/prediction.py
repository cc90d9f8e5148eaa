"""Applies a trained model to a data set that it has not seen: other genes, other peaks, another species."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from graph.cypher import training as statements
from graph.errors import InputError
from graph.progress import Progress, silent
from graph.store import GraphStore
from model.data import Neighbourhoods, neighbourhoods_of, read_dataset, read_prior
from model.edges.context import levels_of
from model.edges.folds import EdgeSplit
from model.edges.gathered import gather
from model.evidence import read_graph_evidence
from model.network import Network, finished, read_cells
from model.network_config import NetworkConfig
from model.pair_scores import score_pairs
from model.run_plan import RunPlan, planned_run_id, used_sources
from model.trained_model import TrainedModel
from model.translation import Translation, read_translation


def predict_network(
    store: GraphStore,
    dataset_id: str,
    *,
    model: TrainedModel,
    config: NetworkConfig,
    seed: int,
    models_dir: Path,
    progress: Progress = silent,
) -> Network:
    """Return the network of a data set by a model that was trained on another one.

    The head is used as it is. Stage 1, which needs no label, learns the new cells. The edges of the training
    source carry messages, but for those that the model was not shown either. Data of another species are read
    through one-to-one orthologs.

    Parameters
    ----------
    config
        Of `config_for`.

    Raises
    ------
    NotFoundError
        If the data set or the training source is not in the graph.
    InputError
        If the two have too little in common, a matrix file is gone, or there are no orthologs.
    ConflictError
        If the head reads a feature that the graph does not give.
    """
    progress("reading candidate neighbourhoods from the graph", None)
    dataset, _ = read_dataset(store, dataset_id)
    translation = read_translation(store, species=dataset["species"], model_species=model.species)
    prior, lost = _known_edges(store, model, translation)
    hoods = neighbourhoods_of(store, dataset_id, prior, min_cells_context=config.min_cells_context)
    _require_regulators(hoods, model)
    read = read_cells(store, hoods, config=config, seed=seed, models_dir=models_dir, progress=progress)
    progress("reading evidence from the graph", None)
    as_model = translation.as_model(hoods)
    evidence = read_graph_evidence(store, as_model, chip=model.chip, collections=model.collections)
    levels = levels_of(
        read.metacells, hoods.contexts, near_index=hoods.near_index, link_weight=read.backbone.link_weights()
    )
    pairs = score_pairs(
        hoods,
        gather(as_model, evidence, read.metacells, z=read.backbone.embed()),
        hiding_test_edges(as_model, model.test_edges),
        head=model.head,
        levels=levels,
        seed=seed,
        progress=progress,
    )
    measured = hoods.gene_ids[: hoods.num_measured]
    if translation.to_model is not None:
        lost["measured genes without an ortholog"] = translation.num_untranslated(measured)
    plan = RunPlan(
        planned_run_id(store, dataset, config=config, seed=seed),
        tuple(
            sorted({*used_sources(store, config, species=model.species), *translation.source_ids})
        ),
        config,
        seed,
    )  # fmt: skip
    return replace(finished(read, pairs, evidence, plan=plan, progress=progress), notes=lost)


def config_for(model: TrainedModel, config: NetworkConfig) -> NetworkConfig:
    """Return a configuration with what the model decides."""
    return replace(
        config,
        source_id=model.source_id,
        confidences=model.confidences,
        chip=model.chip,
        head=model.head.config,
        model=model.run_id,
    )


def hiding_test_edges(hoods: Neighbourhoods, test_edges: pd.DataFrame) -> EdgeSplit:
    """Return all known edges as carriers of messages, but for those that the model was never shown.

    Parameters
    ----------
    hoods
        Under the names of the model's species.
    test_edges
        `source` and `target` gene ids.
    """
    regulator, gene = hoods.prior_index
    known = pd.MultiIndex.from_arrays([hoods.regulator_ids[regulator], hoods.gene_ids[gene]])
    hidden = known.isin(pd.MultiIndex.from_frame(test_edges[["source", "target"]]))
    measured = gene < hoods.num_measured
    return EdgeSplit(
        train=hoods.prior_index[:, measured & ~hidden],
        validation=np.empty((2, 0), dtype=np.int64),
        test=hoods.prior_index[:, measured & hidden],
        background=hoods.prior_index[:, ~measured & ~hidden],
    )


def _known_edges(
    store: GraphStore, model: TrainedModel, translation: Translation
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the training source's edges under the names of the data, of regulators that the graph has."""
    prior, lost = translation.prior(read_prior(store, model.source_id, model.confidences))
    if translation.to_model is None:
        return prior, lost
    rows = store.read_evidence(statements.KNOWN_REGULATORS, gene_ids=prior["regulator_id"].tolist())
    known = rows.set_index("gene_id")["symbol"]
    inside = prior["regulator_id"].isin(known.index)
    lost["orthologs that the graph does not list as regulators"] = int((~inside).sum())
    kept = prior[inside].reset_index(drop=True)
    return kept.assign(symbol=kept["regulator_id"].map(known)), lost


def _require_regulators(hoods: Neighbourhoods, model: TrainedModel) -> None:
    if not (hoods.regulator_gene >= 0).any():
        raise InputError(
            f"none of the {hoods.num_regulators} regulators that model {model.run_id} knows is among the "
            f"{hoods.num_measured:,} genes of data set {hoods.dataset['dataset_id']!r}",
            hint="check the species of both, and that orthologs are loaded",
        )
