"""Which run a training will be, and which sources it reads, before it is done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from graph.cypher import training as statements
from graph.errors import NotFoundError
from graph.store import GraphStore
from graph.validation.evidence import chip_sources
from model.network_config import NetworkConfig


@dataclass(frozen=True)
class RunPlan:
    """Which run a network is.

    Parameters
    ----------
    source_ids
        Sources that reach its scores.
    """

    run_id: str
    source_ids: tuple[str, ...]
    config: NetworkConfig
    seed: int


FAMILY_SOURCES = {"human": "jaspar2024", "mouse": "jaspar2024_mouse"}
"""Source of the families of regulators, by species."""


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


def current_release(store: GraphStore) -> str | None:
    """Return the id of the release that the graph is, None where nothing was ever released."""
    rows = store.read(statements.CURRENT_RELEASE)
    return str(rows[0]["release_id"]) if rows else None
