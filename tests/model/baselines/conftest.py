"""Forty metacells in which planted regulators drive planted targets, and databases that list some of it."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from graph.validation.evidence import BoundPairs, Evidence
from graph.validation.universe import Universe
from graph.validation.views import open_view
from model.baselines.contract import Cells, Given

T, G, METACELLS = 12, 80, 60


def claims(codes):
    rows = {"code": codes, "sign": np.ones(len(codes), np.int8), "pmids": [["p"] * (c % 3) for c in codes]}
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def universe():
    return Universe.of([f"g{i}" for i in range(T)], [f"g{i}" for i in range(G)])


@pytest.fixture(scope="session")
def truth(universe):
    """Each regulator drives six genes that are no regulators; flat codes."""
    driven = np.random.default_rng(1).permutation(np.arange(T, G))[: T * 5].reshape(T, 5)
    return np.sort((np.arange(T)[:, None] * G + driven).ravel())


@pytest.fixture(scope="session")
def cells(truth):
    rng = np.random.default_rng(2)
    drivers = rng.normal(size=(METACELLS, T))
    expression = rng.normal(size=(METACELLS, G))
    expression[:, :T] = drivers
    t, g = np.divmod(truth, G)
    expression[:, g] += 2 * drivers[:, t]
    expression = np.exp(expression / 2)
    regulator_target = np.arange(T)
    regulator_target[-1] = -1  # the cells do not show the last regulator
    near = np.stack([np.repeat(np.arange(G), 2), np.arange(2 * G)])
    opened = 1 + 0.05 * rng.random((METACELLS, 2 * G))
    return Cells(
        expression=expression.astype(np.float32),
        accessibility=sp.csc_array(opened.astype(np.float32)),
        regulator_target=regulator_target,
        near_index=near,
    )


@pytest.fixture(scope="session")
def evidence(universe, truth):
    rng = np.random.default_rng(3)
    fame = np.outer(rng.pareto(1.5, T) + 0.2, rng.pareto(1.5, G) + 0.2).ravel()
    fame[universe.self_codes()] = 0
    famous = rng.choice(universe.num_codes, 360, replace=False, p=fame / fame.sum())
    main = np.union1d(truth[::2], famous[:280])
    other = np.union1d(truth[1::2], famous[200:])
    bound = np.union1d(truth[::3], famous[300:])
    chip = {"encode": BoundPairs(bound, 1.0 + (bound % 3))}
    return Evidence(universe, {"main": claims(main), "other": claims(other)}, chip)


@pytest.fixture(scope="session")
def given(evidence, cells):
    """Everything, nothing hidden and nothing to train on."""
    return Given(open_view(evidence, training_source="main"), cells, {})
