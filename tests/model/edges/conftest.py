"""Regulators and genes in groups: an edge within a group is likelier, and famous genes have more edges."""

import numpy as np
import pytest

from graph.validation.universe import Universe
from model.edges.inputs import Content, Kinship, PairInputs, unit_rows

NUM_REGULATORS, NUM_GENES, NUM_GROUPS = 40, 400, 5


def grouped_edges(seed: int) -> np.ndarray:
    """Edges within groups of regulators and genes, famous genes first in each group."""
    rng = np.random.default_rng(seed)
    fame = rng.pareto(1.5, NUM_GENES) + 0.2
    same = np.arange(NUM_REGULATORS)[:, None] % NUM_GROUPS == np.arange(NUM_GENES)[None] % NUM_GROUPS
    chance = np.clip(fame * np.where(same, 0.12, 0.008), 0, 0.9)
    return np.stack(np.nonzero(rng.random(chance.shape) < chance)).astype(np.int64)


def shuffled_edges(seed: int) -> np.ndarray:
    """The same degrees on average, without any group."""
    edges = grouped_edges(seed)
    return np.unique(np.stack([edges[0], np.random.default_rng(seed).permutation(edges[1])]), axis=1)


def content_of(groups: np.ndarray, *, noise: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = np.eye(NUM_GROUPS)[groups] + noise * rng.normal(size=(len(groups), NUM_GROUPS))
    return unit_rows(x.astype(np.float32))


@pytest.fixture(scope="session")
def grouped():
    return grouped_edges


@pytest.fixture(scope="session")
def shuffled():
    return shuffled_edges


@pytest.fixture(scope="session")
def world_universe():
    return Universe.of([f"t{n}" for n in range(NUM_REGULATORS)], [f"g{n}" for n in range(NUM_GENES)])


@pytest.fixture(scope="session")
def inputs():
    """Content that shows the groups of genes dimly, and no kinship but one by content."""
    genes = content_of(np.arange(NUM_GENES) % NUM_GROUPS, noise=1.0, seed=5)
    regulators = content_of(np.arange(NUM_REGULATORS) % NUM_GROUPS, noise=1.0, seed=6)
    alike = np.maximum(regulators @ regulators.T, 0)
    np.fill_diagonal(alike, 0)
    return PairInputs(
        gene=np.full(NUM_REGULATORS, -1),
        num_genes=NUM_GENES,
        num_measured=NUM_GENES,
        contents=(Content("go", genes, regulators),),
        kinships=(Kinship("go", alike),),
    )


@pytest.fixture(scope="session")
def noise_inputs():
    """Cells alone, and they show noise."""
    rng = np.random.default_rng(7)
    z = unit_rows(rng.normal(size=(NUM_GENES, 6)).astype(np.float32))
    return PairInputs(
        gene=np.full(NUM_REGULATORS, -1),
        num_genes=NUM_GENES,
        num_measured=NUM_GENES,
        contents=(Content("cells", z, np.zeros((NUM_REGULATORS, 6), np.float32)),),
    )
