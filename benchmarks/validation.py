"""How long the judge takes on two million scored pairs, and the memory that it needs.

    python benchmarks/validation.py [--regulators 170] [--genes 12000] [--positives 20000]

Prints seconds and peak memory of a verdict (all metrics, swaps, intervals), of the details of an exam
(curves, table by regulator, randomisation) and of the simple baselines. Budget: 20 s and 2 GB a verdict.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from graph.validation.baselines import degree_scores, neighbourhood_scores, random_scores
from graph.validation.detail import Sitting, exam_detail
from graph.validation.exams import Exam
from graph.validation.judge import judge
from graph.validation.universe import Codes, Matrix, Universe

Result = TypeVar("Result")

BUDGET_S, BUDGET_GB = 20.0, 2.0


def main() -> None:
    """Make a heavy-tailed truth, judge random scores of it, print what that took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--regulators", type=int, default=170)
    parser.add_argument("--genes", type=int, default=12_000)
    parser.add_argument("--positives", type=int, default=20_000)
    asked = parser.parse_args()
    universe = Universe.of([f"g{i}" for i in range(asked.regulators)], [f"g{i}" for i in range(asked.genes)])
    edges = famous_edges(universe, asked.positives)
    train, test = np.sort(edges[::2]), np.sort(edges[1::2])
    print(
        f"{universe.num_codes:,} scored pairs, {len(test):,} positives, {universe.num_regulators} regulators"
    )
    scores = timed("baselines: random, degree, neighbourhood", lambda: all_baselines(universe, train))
    verdict = timed(
        "verdict: all metrics, 300,000 swaps, intervals",
        lambda: judge(scores, universe, positives=test, excluded=train, known_positives=edges, seed=45),
    )
    exam = Exam("benchmark", "made", "", "all", "", test, train, edges, 0)
    timed(
        "details: curves, by regulator, randomisation",
        lambda: exam_detail(Sitting(exam, universe, scores), {}, name="random", seed=45),
    )
    low, high = verdict.swap_interval
    print(f"swap AUROC of random scores {verdict.swap_auroc:.3f} ({low:.3f} to {high:.3f})")
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak_gb:.2f} GB (budget {BUDGET_GB:.0f} GB)")
    sys.exit(peak_gb > BUDGET_GB or seconds["verdict: all metrics, 300,000 swaps, intervals"] > BUDGET_S)


seconds: dict[str, float] = {}


def timed(what: str, work: Callable[[], Result]) -> Result:
    """Run something and print how long it took."""
    started = time.perf_counter()
    result = work()
    seconds[what] = time.perf_counter() - started
    print(f"{seconds[what]:6.1f} s  {what}")
    return result


def all_baselines(universe: Universe, train: Codes) -> Matrix:
    """Return random scores, after the others were computed too."""
    degree_scores(universe, train)
    neighbourhood_scores(universe, train)
    return random_scores(universe, seed=45)


def famous_edges(universe: Universe, size: int) -> Codes:
    """Return edges whose ends are as unequal as in curated databases, in random order."""
    rng = np.random.default_rng(45)
    outward, inward = rng.pareto(1.1, universe.num_regulators), rng.pareto(1.1, universe.num_targets)
    t = rng.choice(universe.num_regulators, 20 * size, p=outward / outward.sum())
    g = rng.choice(universe.num_targets, 20 * size, p=inward / inward.sum())
    codes = np.setdiff1d(t * universe.num_targets + g, universe.self_codes())
    return rng.permutation(codes)[:size]


if __name__ == "__main__":
    main()
