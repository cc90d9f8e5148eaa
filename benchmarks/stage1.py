"""Time and peak memory of stage 1 on made counts, at growing numbers of genes and of cells.

Prints seconds of one epoch (training, and the pass that decides when to stop), the memory that came on top
of the imports, and the exponent with which both grow; the search for nearest genes is timed apart. A plain
dense PyTorch transformer over the same tokens is measured in the same run, one cell at a time, where it fits.
The default sizes run a whole epoch; --reference and --big time a few batches after a warm-up that compiles
the kernels, and say what they extrapolate from.

    python benchmarks/stage1.py                 # three sizes of genes, three of cells, dense beside them
    python benchmarks/stage1.py --reference     # 1,000 genes x 1,047 single cells, d = 64, two blocks
    python benchmarks/stage1.py --big           # 10,000 cells x 20,000 genes x 150,000 peaks, as metacells
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from types import SimpleNamespace
from typing import NamedTuple, Self

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from scipy import sparse

from model.epiaware.config import BackboneConfig
from model.epiaware.judging import held_out_batches, negative_log_likelihood
from model.epiaware.masking import HiddenBatch, TrainingBatches
from model.epiaware.neighbours import nearest_genes
from model.epiaware.pooling import EMBED_BATCH, pool
from model.epiaware.split import split_metacells
from model.epiaware.start import Start, begin
from model.metacells import make_metacells

REFERENCE_S, REFERENCE_GIB = 497.0, 5.4
"""The authors' code, one epoch on one core."""

BUDGET_S, BUDGET_GB = 1800.0, 8.0
PHASES = ("metacells", "begin", "knn", "step", "epoch", "judge", "pool")
MAX_DENSE_TOKENS = 6_000


@dataclass(frozen=True)
class Size:
    """What is measured.

    `rna_rate` and `atac_rate` are the shares of genes and peaks that a cell has counts of; `batches`
    is how many are timed of an epoch, 0 for all; `threads` of 0 leaves PyTorch its own number.
    """

    cells: int = 200
    genes: int = 2_000
    peaks_each: float = 8
    candidates_each: int = 12
    rna_rate: float = 0.24
    atac_rate: float = 0.07
    cells_each: int = 1
    batches: int = 0
    threads: int = 0
    d: int = 32
    num_blocks: int = 1
    batch: int = 8
    dense: bool = False

    @property
    def peaks(self) -> int:
        """Peaks of the data set."""
        return round(self.genes * self.peaks_each)

    @property
    def config(self) -> BackboneConfig:
        """Settings of the backbone."""
        return BackboneConfig(d=self.d, num_blocks=self.num_blocks, batch=self.batch)


def counts(cells: int, features: int, rate: float, *, seed: int) -> sparse.csr_matrix:
    """Return random counts; the first features are in most cells, the last in few."""
    rng = np.random.default_rng(seed)
    per_cell = max(1, round(features * rate))
    column = (rng.random((cells, per_cell)) ** 1.3 * features).astype(np.int32).ravel()
    row = np.repeat(np.arange(cells, dtype=np.int32), per_cell)
    made = sparse.csr_matrix((np.ones(row.size, dtype=np.float32), (row, column)), shape=(cells, features))
    made.sum_duplicates()
    return made


def candidates(size: Size) -> SimpleNamespace:
    """Return a window of neighbouring peaks for each gene."""
    first = (np.linspace(0, 1, size.genes) * (size.peaks - size.candidates_each)).astype(np.int64)
    offset = np.arange(size.candidates_each)
    near = np.stack([np.repeat(np.arange(size.genes), offset.size), (first[:, None] + offset).ravel()])
    return SimpleNamespace(near_index=near, near_distance=np.tile(offset * 5_000, size.genes))


class PeakMemory:
    """The highest resident memory while it watches, in GB, and what there was before."""

    def __init__(self) -> None:
        self.process = psutil.Process()
        self.before = self.highest = self.process.memory_info().rss / 1e9
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while True:
            self.highest = max(self.highest, self.process.memory_info().rss / 1e9)
            time.sleep(0.02)


class Seconds(NamedTuple):
    """By the clock, and of the processor: on one thread the latter is what an idle machine takes."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> Self:
        """Seconds since whenever."""
        return cls(time.perf_counter(), time.process_time())

    @classmethod
    def since(cls, started: Self, *, number: int) -> Self:
        """Seconds of each of so many things."""
        wall, cpu = cls.now()
        return cls((wall - started.wall) / number, (cpu - started.cpu) / number)


def measure(size: Size) -> dict[str, float]:
    """Seconds and GB of one size, in this process."""
    if size.threads:
        torch.set_num_threads(size.threads)
    rna = counts(size.cells, size.genes, size.rna_rate, seed=0)
    atac = counts(size.cells, size.peaks, size.atac_rate, seed=1)
    memory, started = PeakMemory(), Seconds.now()
    metacells = make_metacells(rna, atac, cells_each=size.cells_each)
    metacells_s = Seconds.since(started, number=1)
    split = split_metacells(metacells.labels, config=size.config, seed=0)
    started = Seconds.now()
    start = begin(candidates(size), metacells, train=split.train, config=size.config, seed=0)
    begin_s = Seconds.since(started, number=1)
    z = np.random.default_rng(2).normal(size=(size.genes, size.d)).astype(np.float32)
    started = Seconds.now()
    nearest_genes(z, k=size.config.num_neighbours)
    knn_s = Seconds.since(started, number=1)
    timed = time_epoch(start, size, train_rows=split.train, stop_rows=split.stop)
    return timed | {
        "metacells_wall_s": metacells_s.wall,
        "metacells_cpu_s": metacells_s.cpu,
        "begin_wall_s": begin_s.wall,
        "begin_cpu_s": begin_s.cpu,
        "knn_wall_s": knn_s.wall,
        "knn_cpu_s": knn_s.cpu,
        "gb": memory.highest,
        "grown_gb": memory.highest - memory.before,
    }


def time_epoch(
    start: Start, size: Size, *, train_rows: NDArray[np.int64], stop_rows: NDArray[np.int64]
) -> dict[str, float]:
    """Seconds of an epoch and of what follows the last; the first batch is a warm-up."""
    config, model = size.config, start.model
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.learning_rate)
    batches = TrainingBatches(
        start.measurements, start.graph, train_rows, config.batch, mask_rate=config.mask_rate,
        num_blocks=config.num_blocks, generator=np.random.default_rng(0),
    )  # fmt: skip
    stop = held_out_batches(start, stop_rows, config=config, seed=0, num_folds=2)

    def learn(batch: HiddenBatch) -> None:
        optimizer.zero_grad()
        negative_log_likelihood(model, batch).backward()  # type: ignore[no-untyped-call] # torch's own
        optimizer.step()

    def score(batch: HiddenBatch) -> None:
        with torch.inference_mode():
            negative_log_likelihood(model, batch)

    learn(next(iter(batches)))
    step_s = seconds_each(batches, learn, at_most=size.batches)
    model.eval()
    score_s = seconds_each(stop, score, at_most=size.batches)
    measured = start.measurements
    few = replace(measured, rna=measured.rna[:EMBED_BATCH], atac=measured.atac[:EMBED_BATCH])
    started = Seconds.now()
    pool(model, few, start.graph, contexts={"all": np.arange(EMBED_BATCH)})
    pool_s = Seconds.since(started, number=EMBED_BATCH)
    times = {"num_batches": float(len(batches))}
    for kind in Seconds._fields:
        step, scored, pooled = (getattr(each, kind) for each in (step_s, score_s, pool_s))
        times |= {
            f"step_{kind}_s": step,
            f"epoch_{kind}_s": step * len(batches) + scored * len(stop),
            f"judge_{kind}_s": scored * len(stop) / 2 * round(1 / config.mask_rate),
            f"pool_{kind}_s": pooled * measured.rna.shape[0],
        }
    return times


def seconds_each(
    batches: Iterable[HiddenBatch], use: Callable[[HiddenBatch], None], *, at_most: int
) -> Seconds:
    """Mean seconds of making and using a batch; 0 takes all of them."""
    started, number = Seconds.now(), 0
    for batch in islice(iter(batches), at_most or None):
        use(batch)
        number += 1
    return Seconds.since(started, number=number)


def measure_dense(size: Size) -> dict[str, float]:
    """Seconds for one cell through plain transformer blocks over all genes and peaks, and back; GB."""
    if size.threads:
        torch.set_num_threads(size.threads)
    num_tokens = size.genes + size.peaks
    layer = torch.nn.TransformerEncoderLayer(size.d, 4, 2 * size.d, dropout=0.1, batch_first=True)
    model = torch.nn.TransformerEncoder(layer, size.num_blocks, enable_nested_tensor=False)
    x = torch.randn(1, num_tokens, size.d)
    memory, started = PeakMemory(), time.perf_counter()
    model(x).square().mean().backward()
    return {"cell_s": time.perf_counter() - started, "grown_gb": memory.highest - memory.before}


def in_process(size: Size) -> dict[str, float]:
    """Measure in a process of its own, so that memory starts from nothing."""
    command = [sys.executable, "-W", "ignore", __file__, "--one", json.dumps(asdict(size))]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, float] = json.loads(told.splitlines()[-1])
    return result


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Slope of the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def grow(name: str, sizes: Sequence[Size], axis: str) -> list[dict[str, float]]:
    """Measure and print growing sizes along one axis."""
    found = []
    for size in sizes:
        found.append(in_process(size))
        row = found[-1]
        print(
            f"{size.cells:6,} cells x {size.genes:6,} genes x {size.peaks:7,} peaks: "
            f"epoch {row['epoch_wall_s']:6.2f} s ({row['epoch_cpu_s']:.2f} s of processor), "
            f"memory +{row['grown_gb']:.2f} GB (process {row['gb']:.2f} GB), "
            f"nearest genes {row['knn_cpu_s']:.2f} s of processor",
            flush=True,
        )
    along = [getattr(size, axis) for size in sizes]
    of = {
        key: exponent(along, [row[key] for row in found])
        for key in ("epoch_wall_s", "epoch_cpu_s", "grown_gb")
    }
    print(
        f"exponent in {name}: time {of['epoch_wall_s']:.2f} by the clock, "
        f"{of['epoch_cpu_s']:.2f} of the processor; memory {of['grown_gb']:.2f}",
        flush=True,
    )
    return found


def compare_dense(size: Size, epoch_s: float) -> None:
    """Print what a dense block takes for one cell beside ours."""
    num_tokens = size.genes + size.peaks
    if num_tokens > MAX_DENSE_TOKENS:
        print(f"dense: {num_tokens:,} tokens attend to {num_tokens**2 / 1e9:.1f} billion; not tried")
        return
    row = in_process(replace(size, dense=True))
    ours = epoch_s / size.cells
    print(
        f"dense: {num_tokens:,} tokens, {row['cell_s']:.2f} s a cell, +{row['grown_gb']:.2f} GB; "
        f"ours {ours:.4f} s, {row['cell_s'] / ours:,.0f} times faster",
        flush=True,
    )


def reference(threads: int) -> None:
    """Print one epoch on single cells beside that of the published code."""
    size = Size(
        cells=1_047, genes=1_000, peaks_each=18, candidates_each=20, rna_rate=0.19, atac_rate=0.0104,
        d=64, num_blocks=2, batches=10, threads=threads,
    )  # fmt: skip
    row = in_process(size)
    print(
        f"reference, extrapolated from {size.batches} of {row['num_batches']:.0f} batches: "
        f"{row['epoch_wall_s']:.1f} s an epoch ({row['epoch_cpu_s']:.1f} s of processor), "
        f"+{row['grown_gb']:.2f} GB (process {row['gb']:.2f} GB); published {REFERENCE_S:.0f} s, "
        f"{REFERENCE_GIB} GiB: {REFERENCE_S / row['epoch_wall_s']:.1f} times faster "
        f"({REFERENCE_S / row['epoch_cpu_s']:.1f} by the processor)"
    )


def big(threads: int) -> None:
    """Print the whole training of a large data set: its start measured, its epochs from a few batches."""
    size = Size(
        cells=10_000, genes=20_000, peaks_each=7.5, candidates_each=16, rna_rate=0.08, atac_rate=0.02,
        cells_each=10, batches=4, threads=threads,
    )  # fmt: skip
    row, epochs = in_process(size), size.config.max_epochs
    print(f"big, extrapolated from {size.batches} of {row['num_batches']:.0f} batches, {size.cells:,} cells:")
    whole = {}
    for kind, name in (("wall", "by the clock"), ("cpu", "of the processor")):
        of = {part: row[f"{part}_{kind}_s"] for part in PHASES}
        whole[kind] = of["metacells"] + of["begin"] + epochs * of["epoch"] + of["judge"] + of["pool"]
        print(
            f"{name}: metacells {of['metacells']:.0f} s, start {of['begin']:.0f} s (nearest genes "
            f"{of['knn']:.0f} s), batch {of['step']:.2f} s, epoch {of['epoch']:.0f} s, "
            f"{epochs} epochs {epochs * of['epoch']:.0f} s, "
            f"judging {of['judge']:.0f} s, pooling {of['pool']:.0f} s; {whole[kind]:.0f} s in all"
        )
    print(f"budget {BUDGET_S:.0f} s; peak {row['gb']:.2f} GB, budget {BUDGET_GB:.0f} GB")
    sys.exit(whole["wall"] > BUDGET_S or row["gb"] > BUDGET_GB)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--big", action="store_true")
    parser.add_argument(
        "--threads", type=int, default=0, help="of PyTorch and the kernels; 0 for its own number"
    )
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        size = Size(**json.loads(asked.one))
        print(json.dumps((measure_dense if size.dense else measure)(size)))
    elif asked.reference:
        reference(asked.threads)
    elif asked.big:
        big(asked.threads)
    else:
        by_genes = [Size(genes=genes, threads=asked.threads) for genes in (2_000, 4_000, 8_000)]
        rows = grow("genes", by_genes, "genes")
        for size, row in zip(by_genes, rows, strict=True):
            compare_dense(size, row["epoch_wall_s"])
        for size in (Size(genes=genes, threads=asked.threads) for genes in (250, 500)):
            compare_dense(size, in_process(size)["epoch_wall_s"])
        grow("cells", [Size(cells=cells, threads=asked.threads) for cells in (200, 400, 800)], "cells")


if __name__ == "__main__":
    main()
