"""Time and memory of NEAR: 60,000 genes x 500,000 peaks, in a process of its own.

    python -P benchmarks/near.py

Prints seconds, peak memory beyond what was in memory before, and the rate beside a search gene by gene.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ingest.multiome.candidates import WINDOW_BP, candidates

NUM_CHROMS = 24
CHROM_BP = 130_000_000
SLOW_GENES = 300


def genes_and_peaks(num_genes: int, num_peaks: int, *, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return genes and peaks of a genome of the size of the human one; half of the peaks lie near genes."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, CHROM_BP - 500_000, num_genes)
    length = np.minimum(rng.lognormal(9.3, 1.6, num_genes).astype(np.int64) + 100, 2_500_000)
    forward = rng.random(num_genes) < 0.5
    genes = pd.DataFrame({"chrom": _chroms(rng, num_genes), "start": start, "end": start + length})
    genes["tss"] = np.where(forward, genes["start"], genes["end"] - 1)
    genes["gene_id"] = [f"ENSG{i:011d}" for i in range(num_genes)]
    peaks = pd.DataFrame({"chrom": _chroms(rng, num_peaks), "start": rng.integers(0, CHROM_BP, num_peaks)})
    chosen = rng.integers(0, num_genes, num_peaks // 2)
    near = peaks.index[: num_peaks // 2]
    peaks.loc[near, "chrom"] = genes["chrom"].to_numpy()[chosen]
    peaks.loc[near, "start"] = np.abs(
        genes["tss"].to_numpy()[chosen] + rng.normal(0, 30_000, len(near)).astype(int)
    )
    peaks["end"] = peaks["start"] + rng.integers(200, 1_500, num_peaks)
    peaks = peaks.drop_duplicates()
    names = peaks["chrom"] + ":" + peaks["start"].astype(str) + "-" + peaks["end"].astype(str)
    return genes, peaks.assign(peak_id="GRCh38:" + names)


def _chroms(rng: np.random.Generator, number: int) -> np.ndarray:
    return np.array([f"chr{i + 1}" for i in range(NUM_CHROMS)], dtype=object)[
        rng.integers(0, NUM_CHROMS, number)
    ]


def gene_by_gene(genes: pd.DataFrame, peaks: pd.DataFrame) -> int:
    """Return how many candidates a plain search finds; what the join is compared with."""
    found = 0
    by_chrom = dict(tuple(peaks.groupby("chrom")))
    for gene in genes.itertuples():
        on_it = by_chrom[gene.chrom]
        is_near = (on_it["start"] < gene.end + WINDOW_BP) & (on_it["end"] > gene.start - WINDOW_BP)
        found += min(50, int(is_near.sum()))
    return found


def measure(num_genes: int, num_peaks: int) -> None:
    """Print what a join of this size takes, as JSON."""
    genes, peaks = genes_and_peaks(num_genes, num_peaks, seed=0)
    candidates(genes.head(10), peaks.head(1_000))
    before = _peak_mb()
    started, cpu_started = time.perf_counter(), time.process_time()
    near = candidates(genes, peaks)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    peak = _peak_mb()
    started = time.perf_counter()
    some = genes.head(SLOW_GENES)
    num_slow = gene_by_gene(some, peaks)
    slow = (time.perf_counter() - started) * len(genes) / SLOW_GENES
    told = {
        "near": len(near),
        "seconds": seconds,
        "cpu_s": cpu,
        "peak_mb": peak,
        "before_mb": before,
        "slow_s": slow,
    }
    agrees = num_slow == int(near["source"].isin(some["gene_id"]).sum())
    print(json.dumps({**told, "peaks": len(peaks), "agrees": agrees}))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(argv: Sequence[str]) -> None:
    """Measure in a process of its own, and print."""
    parser = argparse.ArgumentParser(description="Time and memory of NEAR.")
    parser.add_argument("--genes", type=int, default=60_000)
    parser.add_argument("--peaks", type=int, default=500_000)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.measure:
        measure(arguments.genes, arguments.peaks)
        return
    command = [sys.executable, __file__, *argv, "--measure"]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    took = f"{told['seconds']:.1f} s ({told['cpu_s']:.1f} s of CPU)"
    print(f"{arguments.genes:,} genes x {told['peaks']:,} peaks: {told['near']:,} NEAR in {took}")
    print(f"peak memory {told['peak_mb']:,.0f} MB, of which {told['before_mb']:,.0f} MB before the join")
    ratio = told["slow_s"] / told["seconds"]
    print(f"{ratio:,.0f} times as fast as gene by gene (counts agree: {told['agrees']})")


if __name__ == "__main__":
    main(sys.argv[1:])
