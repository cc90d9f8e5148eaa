"""A network file of a user -> all its figures: universe and judges come from the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from graph.cypher import training as statements
from graph.errors import ConflictError, NotFoundError
from graph.progress import Progress, silent
from graph.schema import context_id
from graph.store import GraphStore
from graph.validation.evidence import (
    CURATED_LEVELS,
    chip_sources,
    curated_sources,
    evidence_of,
    parse_judges,
    read_claims,
    read_gene_sets,
)
from graph.validation.gene_set_files import read_gmt
from graph.validation.naming import Resolve, name_genes
from graph.validation.network import NegativeWeights
from graph.validation.network_files import read_network
from graph.validation.seeds import REPORTED_SEED
from graph.validation.user_network import Question, judge_network, universe_of

MIN_CELLS = 5
CHIP = "chip"
"""Stands for every ChIP-seq source of the graph."""


@dataclass(frozen=True)
class Asked:
    """What a user wants to know of a file.

    Parameters
    ----------
    against
        Judges; without any, all curated sources of the species that the network was not made with.
    dataset_id
        Its expressed genes are asked about; None asks about all targets that anybody names.
    """

    path: Path
    against: Sequence[str] = ()
    trained_on: Sequence[str] = ()
    kind: str | None = None
    negative_weights: NegativeWeights = "refuse"
    species: str = "human"
    dataset_id: str | None = None
    gene_sets: Path | None = None
    seed: int = REPORTED_SEED


def judge_file(
    store: GraphStore, asked: Asked, resolve: Resolve, *, progress: Progress = silent
) -> dict[str, Any]:
    """Return all figures of a network file; see `graph.validation.user_network.judge_network`.

    Parameters
    ----------
    resolve
        What its names mean.

    Raises
    ------
    NotFoundError
        There is no such file, judge or data set, or no gene of the species in the graph.
    InputError
        The file cannot be read as a network, its names are not understood, or no judge shares enough with it.
    ConflictError
        A judge is among the sources that the network was made with, or the data set is of another species.
    """
    progress(f"reading {asked.path.name}", None)
    file = read_network(asked.path, kind=asked.kind)
    progress("reading names and evidence from the graph", None)
    network = name_genes(file.frame, resolve, species=asked.species)
    curated = curated_sources(store, species=asked.species)
    judges = _judges(store, asked, curated)
    levels = {**CURATED_LEVELS, **{name: told for name, told in judges.items() if told}}
    claims = {name: read_claims(store, name, levels=levels.get(name)) for name in curated}
    detected = _detected(store, asked)
    universe = universe_of(network.frame, claims, genes=None if detected is None else list(detected))
    question = Question(
        name=asked.path.name.split(".")[0],
        judges=tuple(judges),
        trained_on=tuple(parse_judges(asked.trained_on, known=curated)) if asked.trained_on else (),
        negative_weights=asked.negative_weights,
        gene_sets=read_gene_sets(store) if asked.gene_sets is None else read_gmt(asked.gene_sets, resolve),
        levels=detected or {},
        seed=asked.seed,
    )
    figures = judge_network(network, evidence_of(store, universe, claims), question, progress=progress)
    figures["network"] |= {"format": file.kind, "notes": list(file.notes), "species": asked.species}
    return figures


def _judges(store: GraphStore, asked: Asked, curated: Sequence[str]) -> Mapping[str, tuple[str, ...] | None]:
    chip = chip_sources(store, species=asked.species)
    wanted = list(asked.against) or [name for name in curated if name not in asked.trained_on]
    if CHIP in wanted and not chip:
        raise NotFoundError(f"the graph has no ChIP-seq targets of {asked.species} to judge with")
    texts = [name for text in wanted for name in (chip if text == CHIP else [text])]
    return parse_judges(texts, known=[*curated, *chip])


def _detected(store: GraphStore, asked: Asked) -> dict[str, float] | None:
    """Return the share of cells that show each expressed gene of the data set, None without a data set."""
    if asked.dataset_id is None:
        return None
    rows = store.read(statements.DATASET, dataset_id=asked.dataset_id)
    if not rows:
        known = [row["dataset_id"] for row in store.read(statements.DATASET_IDS)]
        raise NotFoundError(f"no data set {asked.dataset_id!r} in the graph", suggestions=known)
    species = rows[0]["dataset"]["species"]
    if species != asked.species:
        raise ConflictError(f"data set {asked.dataset_id} is of {species}, the network of {asked.species}")
    genes: pd.DataFrame = store.read_frame(
        statements.DETECTED_GENES, context_id=context_id(asked.dataset_id, "all"), min_cells=MIN_CELLS
    )
    return dict(zip(genes["gene_id"], genes["detection_rate"], strict=True))
