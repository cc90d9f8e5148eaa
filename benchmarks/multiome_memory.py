"""Peak memory and time of loading a data set that is larger than memory.

Makes a pair of .h5ad files with a streaming writer, then checks and prepares it in a process of its own:
all but the writing to Neo4j. Prints seconds, peak memory, and how many times larger the counts are.

    python -P benchmarks/multiome_memory.py --cells 200000

Without -P, `import ingest` would find benchmarks/ingest.py.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import anndata as ad
import h5py
import numpy as np
import pandas as pd
from anndata.io import write_elem
from scipy import sparse

from cisgraph.shipped import DEMO_DIR
from ingest.chromosomes import GRCH38, read_assembly
from ingest.genes import read_genes
from ingest.multiome.annotation import Annotation
from ingest.multiome.modalities import read_inputs
from ingest.multiome.prepare import prepare
from ingest.multiome.prepared import write_matrices
from ingest.multiome.spec import DatasetSpec
from ingest.names import Names
from ingest.sources.annotation import GENES_FILE

BLOCK_CELLS = 2_000
PEAK_BP = 500


@dataclass(frozen=True)
class Shape:
    """Size of one matrix: features, and how many of them a cell has."""

    num_cells: int
    num_features: int
    per_cell: int


def write_counts(path: Path, var: pd.DataFrame, shape: Shape, *, order: np.ndarray, seed: int) -> None:
    """Write random counts cell by cell; few features are seen in most cells, most in few."""
    rng = np.random.default_rng(seed)
    obs = pd.DataFrame(
        {"cell_type": [f"type {i % 12}" for i in order]}, index=[f"cell{i:07d}-1" for i in order]
    )
    with h5py.File(path, "w") as root:
        write_elem(root, "/", ad.AnnData(obs=obs, var=var))
        group = root.create_group("X")
        group.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0"})
        group.attrs["shape"] = np.array([shape.num_cells, shape.num_features])
        for name, dtype in (("data", "f4"), ("indices", "i4")):
            group.create_dataset(name, shape=(0,), maxshape=(None,), chunks=(100_000,), dtype=dtype)
        sizes = [np.zeros(1, dtype=np.int64)]
        for first in range(0, shape.num_cells, BLOCK_CELLS):
            num_rows = min(BLOCK_CELLS, shape.num_cells - first)
            drawn = (rng.random((num_rows, shape.per_cell)) ** 1.5 * shape.num_features).astype(np.int32)
            rows = np.repeat(np.arange(num_rows), shape.per_cell)
            counts = sparse.csr_matrix(
                (np.ones(rows.size, dtype=np.float32), (rows, drawn.ravel())),
                shape=(num_rows, shape.num_features),
            )
            counts.sum_duplicates()
            sizes.append(np.diff(counts.indptr))
            for name, values in (("data", counts.data), ("indices", counts.indices)):
                begin = group[name].shape[0]
                group[name].resize((begin + len(values),))
                group[name][begin:] = values
        group.create_dataset("indptr", data=np.cumsum(np.concatenate(sizes)))


def peak_names(num_peaks: int, assembly_sizes: dict[str, int]) -> list[str]:
    """Return intervals evenly spread over the chromosomes 1 to 22."""
    chroms = [f"chr{number}" for number in range(1, 23)]
    step = sum(assembly_sizes[chrom] - PEAK_BP for chrom in chroms) // num_peaks
    places = [(chrom, start) for chrom in chroms for start in range(0, assembly_sizes[chrom] - PEAK_BP, step)]
    return [f"{chrom}:{start}-{start + PEAK_BP}" for chrom, start in places[:num_peaks]]


def genes() -> pd.DataFrame:
    """Return the shipped human genes."""
    return read_genes(DEMO_DIR / GENES_FILE).reset_index(drop=True)


def load(folder: Path) -> None:
    """Check and prepare the pair of a folder; print what it took, as JSON."""
    located = genes().assign(assembly_id=GRCH38)
    empty: pd.Series = pd.Series([[]] * len(located), dtype=object)
    named = located[["gene_id", "symbol"]].assign(aliases=empty, previous_symbols=empty)
    sizes = read_assembly(DEMO_DIR / "annotation/hg38.chrom.sizes", assembly_id=GRCH38, species="human")
    annotation = Annotation("human", located, Names(named), {GRCH38: sizes})
    spec = DatasetSpec(
        "synthetic", "synthetic", folder / "rna.h5ad", folder / "atac.h5ad",
        assembly=GRCH38, context_column="cell_type",
    )  # fmt: skip
    started = time.perf_counter()
    inputs = read_inputs(spec)
    prepared = prepare(spec, inputs, annotation, scratch=folder / "scratch", progress=_say)
    checked = time.perf_counter()
    write_matrices(prepared, folder / "out", _say)
    told = {
        "counts": sum(part.matrix.num_stored for part in inputs.parts.values()),
        "near": len(prepared.near),
        "check_s": checked - started,
        "write_s": time.perf_counter() - checked,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **{name: prepared.counts[name] for name in ("cells", "genes", "peaks")},
    }
    print(json.dumps(told))


def _say(message: str, fraction: float | None = None) -> None:
    print(message, file=sys.stderr)


def make(folder: Path, arguments: argparse.Namespace) -> None:
    """Write the pair."""
    sizes = read_assembly(DEMO_DIR / "annotation/hg38.chrom.sizes", assembly_id=GRCH38, species="human")
    gene_ids = genes()["gene_id"].head(arguments.genes)
    peaks = peak_names(arguments.peaks, dict(sizes.chrom_sizes))
    order = np.arange(arguments.cells)
    rna = Shape(arguments.cells, len(gene_ids), arguments.genes_per_cell)
    write_counts(folder / "rna.h5ad", pd.DataFrame(index=list(gene_ids)), rna, order=order, seed=0)
    shuffled = np.random.default_rng(1).permutation(order) if arguments.shuffled else order
    atac = Shape(arguments.cells, len(peaks), arguments.peaks_per_cell)
    write_counts(folder / "atac.h5ad", pd.DataFrame(index=peaks), atac, order=shuffled, seed=2)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    sizes = {"cells": 200_000, "genes": 20_000, "peaks": 100_000}
    sizes |= {"genes-per-cell": 1_500, "peaks-per-cell": 3_000}
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--shuffled", action="store_true", help="the ATAC has its cells in another order")
    parser.add_argument(
        "--folder", type=Path, help="where the files are made, and stay; else they are deleted"
    )
    parser.add_argument("--load", type=Path, help="only load the pair of a folder")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> None:
    """Make, load, print."""
    arguments = parse(argv)
    if arguments.load:
        load(arguments.load)
        return
    with TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "atac.h5ad").exists():
            started = time.perf_counter()
            make(folder, arguments)
            print(f"made the pair in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        command = [sys.executable, "-P", __file__, "--load", str(folder)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    in_memory_mb = told["counts"] * 8 / 1e6
    sizes = ", ".join(f"{told[name]:,} {name}" for name in ("cells", "genes", "peaks", "counts"))
    print(sizes)
    print(f"checked in {told['check_s']:.0f} s, written in {told['write_s']:.0f} s, {told['near']:,} NEAR")
    print(f"peak memory {told['peak_mb']:,.0f} MB; the counts alone are {in_memory_mb:,.0f} MB as CSR")


if __name__ == "__main__":
    main(sys.argv[1:])
