"""cisgraph on inputs that were damaged on purpose: the robustness table of the paper (section 4.4)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from graph.validation.universe import Codes, Universe
from model.baselines.contract import Baseline, Given, Scores, no_source
from model.contenders.ours import cisgraph
from model.contenders.prepared import Prepared
from model.edges.inputs import Planes, unit_rows
from model.epiaware.ablation import CandidateSet

WINDOWS_BP = (5_000, 50_000)
DROPPED = (0.1, 0.3, 0.5, 0.7, 0.9)
ADDED = (0.1, 0.3, 0.5)
CANDIDATE_SEED = 0


def perturbed(prepared: Prepared, *, chip: bool) -> list[Baseline]:
    """Return cisgraph as it is, with other gene-peak candidates, and with other training edges.

    References
    ----------
    EpiAwareNet, arXiv:2606.00685, section 4.4.
    """
    hoods = prepared.bench.hoods
    candidates = CandidateSet(hoods.near_index, hoods.near_distance)
    changed = {
        "randomised gene-peak candidates": candidates.randomised(
            num_peaks=len(hoods.peak_ids), seed=CANDIDATE_SEED
        ),
        **{f"window of {window // 1000} kb": candidates.within(window) for window in WINDOWS_BP},
        "no ATAC": candidates.without_peaks(),
    }
    methods = [cisgraph(prepared, name="as it is", chip=chip)]
    for name, other in changed.items():
        methods.append(cisgraph(_with_candidates(prepared, other), name=name, chip=chip))
    usual = cisgraph(prepared, chip=chip)
    for share in DROPPED:
        methods.append(_with_edges(usual, f"{share:.0%} of the prior dropped", dropping(share)))
    for share in ADDED:
        methods.append(_with_edges(usual, f"{share:.0%} false edges added", adding(share)))
    return [*methods, _without_prior(prepared)]


Change = Callable[[Codes, Universe, np.random.Generator], Codes]


def dropping(share: float) -> Change:
    """Return what leaves out a share of the training edges."""

    def change(train: Codes, _universe: Universe, rng: np.random.Generator) -> Codes:
        return np.sort(rng.choice(train, len(train) - round(share * len(train)), replace=False))

    return change


def adding(share: float) -> Change:
    """Return what adds pairs that are no training edges, as many as a share of these.

    Chance alone decides: the hidden edges are not looked at, so that a few of them may be drawn.
    """

    def change(train: Codes, universe: Universe, rng: np.random.Generator) -> Codes:
        others = np.flatnonzero(universe.candidates(train).ravel())
        return np.union1d(train, rng.choice(others, round(share * len(train)), replace=False))

    return change


def _with_edges(method: Baseline, name: str, change: Change) -> Baseline:
    def score(given: Given, seed: int) -> Scores:
        train = change(given.view.train, given.universe, np.random.default_rng([seed, len(name)]))
        return method.score(replace(given, view=replace(given.view, train=train)), seed)

    return replace(method, name=name, score=score)


def _with_candidates(prepared: Prepared, candidates: CandidateSet) -> Prepared:
    hoods = replace(
        prepared.bench.hoods,
        near_index=candidates.near_index,
        near_distance=np.asarray(candidates.near_distance, dtype=np.float32),
    )
    return Prepared(
        replace(prepared.bench, hoods=hoods), prepared.evidence, prepared.config, prepared.progress
    )


def _without_prior(prepared: Prepared) -> Baseline:
    """Return the likeness of the two embeddings: without labels nothing can be weighed."""

    def score(given: Given, seed: int) -> Scores:
        z: Planes = unit_rows(prepared.backbone(seed).embed())
        shown = given.cells.regulator_target >= 0
        own = z[given.cells.regulator_target] * shown[:, None].astype(np.float32)
        return np.asarray(own @ z.T, dtype=np.float32)

    return Baseline("no prior", score, learns=True, sources=no_source, competes=False)
