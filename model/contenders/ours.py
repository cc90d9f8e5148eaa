"""cisgraph as a method of the grid: the head of `model.edges`, fitted to what a view shows."""

from collections.abc import Callable

import numpy as np

from graph.validation.views import TrainingView
from model.baselines.contract import Baseline, Given, Scores
from model.contenders.prepared import Prepared
from model.edges.fit import fit_head
from model.edges.folds import EdgeSplit
from model.edges.head import HeadConfig
from model.edges.inputs import Integers, PairInputs

OURS = "cisgraph"
WITH_CHIP = "cisgraph-chip"


def as_they_are(inputs: PairInputs) -> PairInputs:
    """Return the inputs."""
    return inputs


def cisgraph(
    prepared: Prepared,
    *,
    name: str = OURS,
    chip: bool = False,
    config: HeadConfig | None = None,
    change: Callable[[PairInputs], PairInputs] = as_they_are,
) -> Baseline:
    """Return the method; with `chip` it reads ChIP-seq of all pairs, which is a measurement and no label.

    Parameters
    ----------
    change
        What is done to its inputs first.
    """
    chosen = config or HeadConfig()

    def score(given: Given, seed: int) -> Scores:
        inputs = change(prepared.inputs(seed, chip=chip))
        split = split_of(
            given.view, prepared.bench.hoods.prior_index, validation_rate=chosen.validation_rate, seed=seed
        )
        return fit_head(split, inputs, universe=given.universe, config=chosen, seed=seed).logits

    def sources(given: Given) -> frozenset[str]:
        return frozenset({given.view.training_source, *prepared.evidence[chip].source_ids})

    return Baseline(name=name, score=score, learns=True, sources=sources, competes=False)


def split_of(view: TrainingView, edges: Integers, *, validation_rate: float, seed: int) -> EdgeSplit:
    """Return the training edges of a view, some of them set aside for validation; no hidden one is there.

    Parameters
    ----------
    edges
        `(2, num_edges)` all edges of the training source. Those to genes that the cells do not show carry
        messages, for regulators of which the view shows an edge.
    """
    num_targets = view.universe.num_targets
    order = np.random.default_rng(seed).permutation(len(view.train))
    num_validation = round(len(order) * validation_rate)
    validation, train = np.split(order, [num_validation])
    shown = np.unique(view.train // num_targets)
    background = edges[:, (edges[1] >= num_targets) & np.isin(edges[0], shown)]
    return EdgeSplit(
        train=_pairs(view.train[np.sort(train)], num_targets),
        validation=_pairs(view.train[np.sort(validation)], num_targets),
        test=np.empty((2, 0), dtype=np.int64),
        background=background,
    )


def _pairs(codes: Integers, num_targets: int) -> Integers:
    return np.stack(np.divmod(codes, num_targets)).astype(np.int64)
