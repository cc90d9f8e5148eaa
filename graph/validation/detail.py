"""Everything about one network in one exam that a table of metrics cannot say; as JSON holds it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from graph.validation.calibration import brier, brier_skill, reliability_curve
from graph.validation.curves import curves
from graph.validation.cutoffs import cutoff_table
from graph.validation.exam_table import json_row, json_rows, paper_of
from graph.validation.exams import Exam
from graph.validation.factors import factor_table
from graph.validation.hypergeometric import regulator_enrichment
from graph.validation.intervals import Floats, mean_interval
from graph.validation.judge import STANDARD
from graph.validation.paper import Paper
from graph.validation.randomise import Keeps, hits_in, randomisation_test
from graph.validation.universe import Codes, Mask, Matrix, Universe

NUM_EDGES = 10_000
"""Best candidates that stand for a network where edges are randomised."""

BOTH: tuple[Keeps, ...] = ("both", "out")


@dataclass(frozen=True)
class Sitting:
    """A network in an exam.

    Attributes
    ----------
    scores
        ``(T, G)``, finite; the lowest score says that a pair was not returned.
    probabilities
        Whether the scores are meant as probabilities.
    levels
        Expression of each target, ``(G,)``, for backgrounds that are matched by it; None without cells.
    """

    exam: Exam
    universe: Universe
    scores: Matrix
    probabilities: bool = False
    levels: Floats | None = None

    @cached_property
    def candidates(self) -> Mask:
        """Pairs that are judged, ``(T, G)``."""
        return self.universe.candidates(self.exam.excluded)

    @cached_property
    def labels(self) -> Mask:
        """Pairs that are right, ``(T, G)``."""
        return self.universe.mask(self.exam.positives, "positives")


def exam_detail(
    sitting: Sitting, others: Mapping[str, Matrix], *, name: str, seed: int, paper: Paper | None = None
) -> dict[str, Any]:
    """Return curves, calibration, cut-offs, randomisation tests and the table by regulator.

    Parameters
    ----------
    others
        Baselines, whose curves are drawn beside those of the network.
    name
        What the network is called.
    paper
        Of `graph.validation.exam_table.paper_of` with the same seed, where it is there already.
    """
    candidates, labels = sitting.candidates, sitting.labels
    values, truth = sitting.scores[candidates], labels[candidates]
    lines = {name: sitting.scores, **others}
    regulators = by_regulator(sitting, seed=seed, paper=paper)
    return {
        "exam": sitting.exam.name,
        "network": name,
        "prevalence": float(truth.mean()),
        "curves": {each: _curve(scores, labels, candidates) for each, scores in lines.items()},
        "calibration": calibration(values, truth, probabilities=sitting.probabilities),
        "cutoffs": json_rows(cutoff_table(sitting.scores, labels, candidates)),
        "by_regulator": json_rows(regulators),
        "matched": matched_means(regulators, seed=seed),
        "randomisation": randomisation(sitting, seed=seed),
    }


def by_regulator(sitting: Sitting, *, seed: int, paper: Paper | None = None) -> pd.DataFrame:
    """Return one row a judged regulator: AUROC, swap AUROC, expression-matched AUROC and enrichment."""
    universe = sitting.universe
    paper = paper or paper_of(sitting.exam, universe, seed=seed)
    ranked = factor_table(
        sitting.scores,
        sitting.labels,
        sitting.candidates,
        universe=universe,
        pairs=paper.swaps,
        levels=sitting.levels,
    )
    enriched = regulator_enrichment(sitting.scores, sitting.labels, sitting.candidates, universe=universe)
    top = enriched[["regulator", "taken", "hits", "expected", "fold", "p", "fdr"]]
    joined = ranked.merge(
        top.add_prefix("top_").rename(columns={"top_regulator": "regulator"}), on="regulator", how="outer"
    )
    return joined.sort_values(["num_positives", "regulator"], ascending=[False, True], ignore_index=True)


def matched_means(table: pd.DataFrame, *, seed: int) -> dict[str, Any] | None:
    """Return mean AUROC by regulator, against all candidates and against those of the same expression.

    Over regulators with at least five positives that have both figures, with 95 % intervals by bootstrap over
    them; None without such a regulator, as without expression levels.
    """
    counted = table[(table["num_positives"] >= STANDARD.min_edges) & table["matched_auroc"].notna()]
    if counted.empty:
        return None
    told: dict[str, Any] = {"num_regulators": len(counted)}
    for name in ("auroc", "matched_auroc"):
        values = counted[name].to_numpy(dtype=np.float64)
        low, high = mean_interval(values, seed=seed)
        told |= {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}
    return json_row(told)


def randomisation(sitting: Sitting, *, seed: int) -> list[dict[str, Any]]:
    """Return both randomisation tests of the hits among the best returned candidates."""
    edges = best_edges(sitting)
    hits = hits_in(sitting.labels)
    rows = []
    for keeps in BOTH:
        test = randomisation_test(
            edges, hits, universe=sitting.universe, keeps=keeps, allowed=sitting.candidates, seed=seed
        )
        rows.append(json_row({**asdict(test), "ratio": test.ratio, "num_edges": len(edges)}))
    return rows


def best_edges(sitting: Sitting, *, limit: int = NUM_EDGES) -> Codes:
    """Return the codes of the best candidates that the network returned, at most `limit`."""
    flat = np.where(sitting.candidates, sitting.scores, -np.inf).ravel()
    returned = np.flatnonzero(flat > sitting.scores.min())
    order = np.argsort(-flat[returned], kind="stable")[:limit]
    return np.sort(returned[order])


def calibration(values: Matrix, truth: Mask, *, probabilities: bool) -> dict[str, Any]:
    """Return how often the pairs of each tenth of the returned ones are right.

    `predicted` is the mean probability of a bin where scores are probabilities, else the bin's place in the
    ranking in [0, 1] (1 = best), which says no more than that the best are the surest.
    """
    returned = values > values.min()
    if returned.sum() < 2:
        return {"is_probability": False, "predicted": [], "observed": [], "count": []}
    shown, right = values[returned].astype(np.float64), truth[returned]
    places = shown if probabilities else _places(shown)
    curve = reliability_curve(places, right, num_bins=10)
    told: dict[str, Any] = {
        "is_probability": probabilities,
        "predicted": curve.predicted.tolist(),
        "observed": curve.observed.tolist(),
        "count": curve.sizes.tolist(),
    }
    if probabilities:
        everything = values.astype(np.float64)
        told |= json_row({"brier": brier(everything, truth), "brier_skill": brier_skill(everything, truth)})
    return told


def _places(values: Floats) -> Floats:
    """Return the place of each value in (0, 1), tied values at their mean."""
    return np.asarray((rankdata(values) - 0.5) / len(values))


def _curve(scores: Matrix, labels: Mask, candidates: Mask) -> dict[str, list[float]]:
    found = curves(scores[candidates], labels[candidates])
    return {name: np.round(values, 6).tolist() for name, values in asdict(found).items()}
