"""Lags of simulated cells beside their truth: recovery, false calls, time and memory.

    python -P benchmarks/lags.py recovery --seeds 3
    python -P benchmarks/lags.py nulls --simulations 100
    python -P benchmarks/lags.py biphasic --seeds 2
    python -P benchmarks/lags.py course --seeds 3
    python -P benchmarks/lags.py pseudotime --seeds 3
    python -P benchmarks/lags.py growth --estimator attention

`recovery` prints the estimate beside the plain cross-correlation; `nulls` the share of called genes.
"""

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import get_args

import numpy as np
from scipy import sparse, stats

from model.lags.bins import Bins
from model.lags.crosscorrelation import plain_lags
from model.lags.estimators import DEFAULT, EstimatorName, PriorName, estimator_named
from model.lags.simulate import Trajectory, TrajectoryDesign, simulate_trajectory
from model.lags.trajectory import estimate_trajectory_lags
from model.lags.trajectory_config import TrajectoryConfig
from model.lags.trajectory_lags import Estimator, TrajectoryLags
from model.lags.trial import try_lags

NULLS = ("coupled without a lag", "shuffled cells", "RNA of another gene")


def plain_spearman(cells: Trajectory) -> float:
    """Return the rank correlation of the largest cross-correlation with the truth."""
    bins = Bins.from_times(cells.time, num_bins=50)
    depth = np.ones(cells.time.size)
    chromatin, expression = (bins.series(x.astype(float), depth) for x in (cells.activity, cells.rna))
    return float(stats.spearmanr(plain_lags(chromatin, expression, max_lag=0.3), cells.lag)[0])


def estimate(cells: Trajectory) -> TrajectoryLags:
    return estimate_trajectory_lags(cells.rna, cells.activity, cells.time, seed=0)


def called(cells: Trajectory, estimator: EstimatorName) -> tuple[float, float]:
    """Return the share of genes with a sign and of those that turn; windows are not what is asked."""
    config = TrajectoryConfig(window_centres=(0.3, 0.7))
    found = estimate_trajectory_lags(
        cells.rna, cells.activity, cells.time, config=config, seed=0, estimator=estimator_named(estimator)
    )
    return float(np.mean(found.lag_sign != 0)), float(np.mean(found.biphasic))


def measure_recovery(seeds: int, chosen: Estimator) -> None:
    print("cells counts  plain | spearman sign_accuracy recall false_calls | time")
    for num_cells in (1_000, 5_000, 10_000):
        for mean_count in (0.1, 0.3, 1.0):
            design = TrajectoryDesign(num_cells=num_cells, mean_count=mean_count)
            all_cells = (simulate_trajectory(design, seed=s) for s in range(1, seeds + 1))
            plain = np.mean([plain_spearman(cells) for cells in all_cells])
            started = time.perf_counter()
            trials = [
                try_lags(design, seed=s, estimated_time=False, estimator=chosen).recovery
                for s in range(1, seeds + 1)
            ]
            seconds = (time.perf_counter() - started) / seeds
            mean = np.mean([list(asdict(trial).values()) for trial in trials], axis=0)
            figures = " ".join(f"{value:.3f}" for value in mean)
            print(f"{num_cells:,} {mean_count} {plain:.2f} | {figures} | {seconds:.1f} s", flush=True)


def null_cells(kind: str, *, seed: int, design: TrajectoryDesign) -> Trajectory:
    rng = np.random.default_rng(seed)
    if kind == "coupled without a lag":
        return simulate_trajectory(replace(design, max_lag=0.0), seed=seed)
    cells = simulate_trajectory(design, seed=seed)
    if kind == "shuffled cells":
        return replace(cells, rna=cells.rna[rng.permutation(design.num_cells)])
    return replace(cells, rna=cells.rna[:, np.roll(np.arange(design.num_genes), 1)])


def measure_nulls(simulations: int, estimator: EstimatorName) -> None:
    design = TrajectoryDesign(num_cells=1_000, num_genes=100, mean_count=1.0)
    for kind in NULLS:
        seeds = range(1, simulations + 1)
        shares = [called(null_cells(kind, seed=s, design=design), estimator) for s in seeds]
        mean, any_call = np.mean(shares, axis=0), np.mean(np.array(shares) > 0, axis=0)
        told = f"mean share of called genes {mean[0]:.4f}, any call in {any_call[0]:.2f}"
        turns = f"biphasic {mean[1]:.4f}, any in {any_call[1]:.2f}"
        print(f"{kind}, {simulations} simulations: {told}; {turns}", flush=True)


def measure_biphasic(seeds: int) -> None:
    for num_cells, mean_count in ((1_000, 1.0), (5_000, 0.1), (5_000, 0.3), (5_000, 1.0), (5_000, 3.0)):
        for length_scale in (0.15, 0.08):
            design = TrajectoryDesign(
                num_cells=num_cells, mean_count=mean_count, biphasic_share=0.25, length_scale=length_scale
            )
            found = np.zeros(3)
            for seed in range(1, seeds + 1):
                cells = simulate_trajectory(design, seed=seed)
                truth, said = cells.lag != cells.later_lag, estimate(cells).biphasic
                found += [(truth & said).sum(), said.sum(), truth.sum()]
            precision, recall = found[0] / max(1, found[1]), found[0] / found[2]
            f1 = 2 * found[0] / (found[1] + found[2])
            print(
                f"{num_cells:,} cells, counts {mean_count}, length scale {length_scale}: "
                f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}",
                flush=True,
            )


def measure_course(seeds: int) -> None:
    print("cells counts biphasic: Spearman and root mean square error of delta tau over genes and bins")
    for share in (0.0, 0.25):
        for num_cells, mean_count in ((1_000, 0.1), (1_000, 1.0), (5_000, 0.1), (5_000, 0.3), (5_000, 1.0)):
            design = TrajectoryDesign(num_cells=num_cells, mean_count=mean_count, biphasic_share=share)
            all_cells = [simulate_trajectory(design, seed=seed) for seed in range(1, seeds + 1)]
            told = []
            for name in ("likelihood", "attention"):
                figures = [course_figures(cells, estimator_named(name)) for cells in all_cells]
                told.append("{} {:.2f} {:.3f}".format(name, *np.mean(figures, axis=0)))
            print(f"{num_cells:,} {mean_count} {share}: {'; '.join(told)}", flush=True)


def course_figures(cells: Trajectory, estimator: Estimator) -> tuple[float, float]:
    lags = estimate_trajectory_lags(cells.rna, cells.activity, cells.time, seed=0, estimator=estimator)
    truth = np.where(lags.times < 0.5, cells.lag[:, None], cells.later_lag[:, None])
    error = np.sqrt(np.mean((lags.course - truth) ** 2))
    return float(stats.spearmanr(lags.course.ravel(), truth.ravel())[0]), float(error)


def measure_pseudotime(seeds: int) -> None:
    """Of 600 genes: 200 are too few to order cells at these depths."""
    print("cells counts | known: spearman accuracy recall | estimated: order, the same | obstacles")
    for num_cells in (1_000, 5_000, 10_000):
        for mean_count in (0.3, 1.0):
            design = TrajectoryDesign(num_cells=num_cells, num_genes=600, mean_count=mean_count)
            told = []
            for estimated in (False, True):
                trials = [try_lags(design, seed=s, estimated_time=estimated) for s in range(1, seeds + 1)]
                found = [trial for trial in trials if not trial.obstacle]
                rows = [
                    [*list(asdict(trial.recovery).values())[:3], trial.time_correlation] for trial in found
                ]
                told.append(np.mean(rows, axis=0) if rows else np.full(4, np.nan))
            known, guessed = (" ".join(f"{value:.2f}" for value in row[:3]) for row in told)
            print(
                f"{num_cells:,} {mean_count} | {known} | {told[1][3]:.2f} {guessed} | "
                f"{seeds - len(found)} of {seeds}",
                flush=True,
            )


def measure_growth(estimator: EstimatorName) -> None:
    """Of cells with programs, simulated in blocks of genes so that the peak is that of the estimate."""
    for num_cells, num_genes in ((2_500, 1_250), (5_000, 2_500), (10_000, 5_000)):
        design = TrajectoryDesign(num_cells=num_cells, num_genes=250, mean_count=0.3)
        rna, activity = [], []
        for block in range(num_genes // 250):
            cells = simulate_trajectory(design, seed=1 + block)
            order = np.argsort(cells.time)
            rna.append(cells.rna[order].astype(np.float32))
            activity.append(cells.activity[order].astype(np.float32))
        times = np.sort(cells.time)
        counts = (sparse.hstack(rna).tocsr(), sparse.hstack(activity).tocsr())
        before, started = _peak_mb(), time.process_time()
        estimate_trajectory_lags(*counts, times, seed=0, estimator=estimator_named(estimator))
        seconds = time.process_time() - started
        print(
            f"{num_cells:,} x {num_genes:,}: {seconds:.1f} s of CPU, peak {_peak_mb():,.0f} MB, "
            f"{before:,.0f} MB before the estimate",
            flush=True,
        )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="Lags of simulated cells beside their truth.")
    parser.add_argument("what", choices=("recovery", "nulls", "biphasic", "course", "pseudotime", "growth"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--estimator", choices=get_args(EstimatorName), default=DEFAULT)
    parser.add_argument("--prior", choices=get_args(PriorName), default="likelihood", help="Of attention.")
    parser.add_argument("--simulations", type=int, default=100)
    arguments = parser.parse_args(argv)
    measures = {
        "recovery": lambda: measure_recovery(
            arguments.seeds, estimator_named(arguments.estimator, prior=arguments.prior)
        ),
        "nulls": lambda: measure_nulls(arguments.simulations, arguments.estimator),
        "course": lambda: measure_course(arguments.seeds),
        "biphasic": lambda: measure_biphasic(arguments.seeds),
        "pseudotime": lambda: measure_pseudotime(arguments.seeds),
        "growth": lambda: measure_growth(arguments.estimator),
    }
    measures[arguments.what]()


if __name__ == "__main__":
    main(sys.argv[1:])
