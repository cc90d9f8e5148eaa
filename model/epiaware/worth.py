"""What gene-peak candidates are worth to stage 1: hidden counts of held-out metacells, told with others."""

from collections.abc import Mapping, Sequence

import numpy as np

from graph.progress import Progress, silent
from model.epiaware.ablation import CandidateSet
from model.epiaware.config import BackboneConfig
from model.epiaware.fit import fit_backbone
from model.metacells import Metacells

BASELINE = "gene mean x library size"
REAL = "the real candidates"


def candidates_worth(
    real: CandidateSet,
    metacells: Metacells,
    *,
    config: BackboneConfig,
    seeds: Sequence[int],
    progress: Progress = silent,
) -> dict[str, list[float]]:
    """Return the mean negative log likelihood of a hidden count, in nats, one for each seed.

    Trained anew for each seed with the real candidates, with the same peaks dealt to other genes, with any
    peaks, and without; beside them the baseline that knows no other gene and no peak.

    References
    ----------
    EpiAwareNet, arXiv:2606.00685, section 4.4.
    """
    found: dict[str, list[float]] = {BASELINE: []}
    for number, seed in enumerate(seeds):
        others = {
            "no peaks": real.without_peaks(),
            "any peaks of the data set": real.randomised(num_peaks=metacells.atac.shape[1], seed=seed),
            "the same peaks, of other genes": real.dealt_anew(seed=seed),
            REAL: real,
        }
        for place, (name, candidates) in enumerate(others.items()):
            progress(f"stage 1 with {name}, seed {seed}", (number + place / len(others)) / len(seeds))
            fitted = fit_backbone(candidates, metacells, config=config, seed=seed)
            found.setdefault(name, []).append(fitted.held_out_nll)
        found[BASELINE].append(fitted.baseline_nll)
    return found


def gains(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return by how much each is better than the baseline, mean over seeds, in nats a count."""
    return {name: float(np.mean(found[BASELINE]) - np.mean(each)) for name, each in found.items()}
